import { registerHooks } from 'node:module';

// A gateway with a fault, for the harness to find: the event of an act is written in a commit of its own, before the act's.
const PLACES = [
  ['prepareEvent(parts, draft);', "{ ...(await parts.audit.record(draft)), statement: { query: CompiledQuery.raw('select 1') } };"],
  ['function complete(', 'async function complete('],
] as const;

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith('/server/src/gates/run-action.ts')) return loaded;
    const source = loaded.source instanceof Uint8Array ? Buffer.from(loaded.source).toString('utf8') : loaded.source;
    if (typeof source !== 'string' || PLACES.some(([right]) => !source.includes(right))) throw new Error('The place for the fault is gone: mend the fault.');
    return { ...loaded, source: PLACES.reduce((text, [right, wrong]) => text.replace(right, wrong), source) };
  },
});
