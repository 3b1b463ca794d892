import { registerHooks } from 'node:module';

// A gateway with a fault, for the harness to find: the event of an act is written in a commit of its own, before the act's.
const RIGHT = 'prepareEvent(parts, draft);';
const WRONG = "{ ...(await parts.audit.record(draft)), statement: { query: CompiledQuery.raw('select 1') } };";

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith('/server/src/gates/run-action.ts')) return loaded;
    const source = loaded.source instanceof Uint8Array ? Buffer.from(loaded.source).toString('utf8') : loaded.source;
    if (typeof source !== 'string' || !source.includes(RIGHT)) throw new Error('The place for the fault is gone: mend the fault.');
    return { ...loaded, source: source.replace(RIGHT, WRONG) };
  },
});
