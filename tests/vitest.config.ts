import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './longest-first.ts';

// Two cores, one database server: files run two at a time, each on its own database.
export default defineConfig({
  // As Node resolves it: one copy of graphql, the one that Pothos and Yoga load.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    dir: fileURLToPath(new URL('..', import.meta.url)),
    globalSetup: fileURLToPath(new URL('global-setup.ts', import.meta.url)),
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Races, kills and a browser on two cores: what fails once more has failed.
    retry: 1,
    include: ['tests/{unit,integration,guards,adoption,e2e}/**/*.test.ts', 'admin-ui/src/**/*.test.ts'],
    exclude: ['**/node_modules/**'],
  },
});
