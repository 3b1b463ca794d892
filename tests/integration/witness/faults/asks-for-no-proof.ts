import { registerHooks } from 'node:module';

// A witness with a fault, for the probe to find: a larger tree is cosigned without a look at its proof.
const RIGHT = 'checkConsistency(last, offered, proof);';

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith('/server/src/witness/judge-checkpoint.ts')) return loaded;
    const source = loaded.source instanceof Uint8Array ? Buffer.from(loaded.source).toString('utf8') : loaded.source;
    if (typeof source !== 'string' || !source.includes(RIGHT)) throw new Error('The place for the fault is gone: mend the fault.');
    return { ...loaded, source: source.replace(RIGHT, '') };
  },
});
