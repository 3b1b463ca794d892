import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';

// `node tests/oracle/run.ts [--queries 2000] [--seed 2026] [--modules <file>]`: the long form of tests/integration/oracle.test.ts.
const { values } = parseArgs({ options: { queries: { type: 'string', default: '2000' }, seed: { type: 'string', default: '2026' }, modules: { type: 'string' } } });
if (!/^[1-9]\d{0,6}$/.test(values.queries) || !/^\d{1,9}$/.test(values.seed)) {
  console.error('--queries and --seed are whole numbers');
  process.exit(2);
}
process.env['ORACLE_QUERIES'] = values.queries;
process.env['ORACLE_SEED'] = values.seed;
if (values.modules) process.env['ORACLE_MODULES'] = resolve(values.modules);

const config = fileURLToPath(new URL('../vitest.config.ts', import.meta.url));
const vitest = await startVitest('test', ['tests/integration/oracle.test.ts'], { config, run: true, watch: false });
const passed = vitest.state.getCountOfFailedTests() === 0 && vitest.state.getUnhandledErrors().length === 0 && vitest.state.getTestModules().every((module) => module.ok());
await vitest.close();
process.exit(passed ? 0 : 1);
