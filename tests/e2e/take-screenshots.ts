import { fileURLToPath } from 'node:url';
import { startVitest } from 'vitest/node';

// `node tests/e2e/take-screenshots.ts [part of a page's name]`: every page × light/dark × wide/narrow × en/id into tests/e2e/screenshots,
// which git ignores; without a name it also walks the everyday cases and writes CLICKS.md. Both need what the tests need (a database of
// their own, the console as built), so they run as tests do.
const parts = ['tests/e2e/screenshots.shots.ts', ...(process.argv[2] === undefined ? ['tests/e2e/clicks.shots.ts'] : [])];
const vitest = await startVitest('test', parts, {
  config: fileURLToPath(new URL('../vitest.config.ts', import.meta.url)),
  run: true,
  watch: false,
  include: parts,
  env: { SHOTS: process.argv[2] ?? '' },
});
await vitest.close();
process.exit(vitest.state.getCountOfFailedTests() > 0 ? 1 : 0);
