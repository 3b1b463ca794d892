import { fileURLToPath } from 'node:url';
import { startVitest } from 'vitest/node';

// `npm test [-- part of a path …]`: runs the tests once. The last line is for programs that read it.
const vitest = await startVitest('test', process.argv.slice(2), { config: fileURLToPath(new URL('vitest.config.ts', import.meta.url)), run: true, watch: false });
await vitest.close();

const modules = vitest.state.getTestModules();
const tests = modules.flatMap((module) => [...module.children.allTests()]);
const count = (state: string): number => tests.filter((test) => test.result().state === state).length;
// A file that fails before its first test, or an error outside any test, is a failure too.
const broken = modules.filter((module) => module.errors().length > 0 || [...module.children.allSuites()].some((suite) => suite.errors().length > 0)).length;
const failed = count('failed') + broken + vitest.state.getUnhandledErrors().length + (tests.length === 0 ? 1 : 0);
const skipped = count('skipped');
console.log(`${count('passed')} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(failed > 0 ? 1 : 0);
