import { registerHooks } from 'node:module';

// A gateway with a fault, for the harness to find: whoever ends a request does not look whether it was theirs to end.
const RIGHT = 'if (rows.length > 0) return;';
const WRONG = 'if (rows.length >= 0) return;';

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith('/server/src/gates/approvals/endings.ts')) return loaded;
    const source = loaded.source instanceof Uint8Array ? Buffer.from(loaded.source).toString('utf8') : loaded.source;
    if (typeof source !== 'string' || !source.includes(RIGHT)) throw new Error('The place for the fault is gone: mend the fault.');
    return { ...loaded, source: source.replace(RIGHT, WRONG) };
  },
});
