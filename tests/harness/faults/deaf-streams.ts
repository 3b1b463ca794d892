import { registerHooks } from 'node:module';

// A gateway with a fault, for the harness to find: whoever reads an open stream is looked at once, when it is opened.
const RIGHT = 'const checkDue = async (): Promise<void> => {';
const WRONG = `${RIGHT}
    for (const one of open) one.verifiedAt = performance.now();
    return;`;

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith('/server/src/http/live/live-streams.ts')) return loaded;
    const source = loaded.source instanceof Uint8Array ? Buffer.from(loaded.source).toString('utf8') : loaded.source;
    if (typeof source !== 'string' || !source.includes(RIGHT)) throw new Error('The place for the fault is gone: mend the fault.');
    return { ...loaded, source: source.replace(RIGHT, WRONG) };
  },
});
