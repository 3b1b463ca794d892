import { fileURLToPath } from 'node:url';
import { PROJECT_ROOT, runProgram } from './run-program.ts';

// `npm run check`: everything that can be said about the sources without running the tests.
const at = (path: string): string => fileURLToPath(new URL(path, PROJECT_ROOT));
const binary = (name: string): string => at(`node_modules/.bin/${name}`);

const STEPS: readonly (readonly [title: string, program: string, options: readonly string[]])[] = [
  ['types', binary('tsc'), ['-p', 'tsconfig.json']],
  ['types of the code in pages', binary('tsc'), ['-p', 'tests/e2e/in-page/tsconfig.json']],
  ['types of the console', binary('tsc'), ['-p', 'admin-ui/tsconfig.json']],
  ['lint', binary('oxlint'), ['--type-aware', '--quiet']],
  ['format', binary('biome'), ['check', '.']],
  ['generated files', process.execPath, [at('schema/src/gen.ts'), '--check']],
];

let failed = 0;
for (const [title, program, options] of STEPS) {
  const { code, output } = await runProgram(program, options, { quiet: true });
  if (code !== 0) {
    failed += 1;
    console.log(output.trimEnd());
  }
  console.log(`${code === 0 ? 'ok    ' : 'failed'}  ${title}`);
}
process.exitCode = failed === 0 ? 0 : 1;
