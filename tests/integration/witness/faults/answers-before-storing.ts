import { registerHooks } from 'node:module';

// A witness with a fault, for the kills to find: the cosignature leaves while its checkpoint is still being stored.
const PLACES = [['if (!(await cosigned.replace(origin, latest, note))) return', 'void setTimeout(() => cosigned.replace(origin, latest, note), 5); if (false) return']] as const;

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith('/server/src/witness/witness.ts')) return loaded;
    const source = loaded.source instanceof Uint8Array ? Buffer.from(loaded.source).toString('utf8') : loaded.source;
    if (typeof source !== 'string' || PLACES.some(([right]) => !source.includes(right))) throw new Error('The place for the fault is gone: mend the fault.');
    return { ...loaded, source: PLACES.reduce((text, [right, wrong]) => text.replace(right, wrong), source) };
  },
});
