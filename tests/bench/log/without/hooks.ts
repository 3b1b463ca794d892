import { registerHooks } from 'node:module';

// Loaded before a gateway of the benchmark, and of nothing else: its events are neither composed nor written. What the log costs is what this one saves.
const REPLACED: Readonly<Record<string, string>> = {
  '/server/src/audit/append-statement.ts': new URL('append-nothing.ts', import.meta.url).href,
  '/server/src/audit/compose-event.ts': new URL('compose-nothing.ts', import.meta.url).href,
};

registerHooks({
  resolve(specifier, context, nextResolve) {
    const found = nextResolve(specifier, context);
    const [, url] = Object.entries(REPLACED).find(([path]) => found.url.endsWith(path)) ?? [];
    return url === undefined || context.parentURL === url ? found : { url, shortCircuit: true };
  },
});
