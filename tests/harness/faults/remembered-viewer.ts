import { registerHooks } from 'node:module';

// A gateway with a fault, for the harness to find: who is behind a session is remembered for a second.
const RIGHT = 'const row = await sessions.load(hash);';
const WRONG = `const remembered = (globalThis.rememberedRows ??= new Map());
      const key = hash.toString('hex');
      const known = remembered.get(key);
      const row = known && performance.now() - known.at < 1_000 ? known.row : await sessions.load(hash);
      if (row && row !== known?.row) remembered.set(key, { row, at: performance.now() });`;

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith('/server/src/auth/viewer/load-viewer.ts')) return loaded;
    const source = loaded.source instanceof Uint8Array ? Buffer.from(loaded.source).toString('utf8') : loaded.source;
    if (typeof source !== 'string' || !source.includes(RIGHT)) throw new Error('The place for the fault is gone: mend the fault.');
    return { ...loaded, source: source.replace(RIGHT, WRONG) };
  },
});
