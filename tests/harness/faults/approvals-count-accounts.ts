import { registerHooks } from 'node:module';

// A gateway with a fault, for the harness to find: two accounts of one person count as two people.
const RIGHT = 'personId: humanBehind(personOf(reviewerId), people),';
const WRONG = 'personId: reviewerId,';

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith('/server/src/gates/approvals/decide-request.ts')) return loaded;
    const source = loaded.source instanceof Uint8Array ? Buffer.from(loaded.source).toString('utf8') : loaded.source;
    if (typeof source !== 'string' || !source.includes(RIGHT)) throw new Error('The place for the fault is gone: mend the fault.');
    return { ...loaded, source: source.replace(RIGHT, WRONG) };
  },
});
