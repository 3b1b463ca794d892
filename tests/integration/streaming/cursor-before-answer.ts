import { registerHooks } from 'node:module';

// A gateway with a fault, for the test of killed streams to find: the cursor moves before the receiver has answered.
const RIGHT = '      await sink.deliver(batch, stopped);\n';
const AFTERWARDS = '    await moveCursor(held, sink.name, batch);\n';

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith('/server/src/streaming/run-stream.ts')) return loaded;
    const source = loaded.source instanceof Uint8Array ? Buffer.from(loaded.source).toString('utf8') : loaded.source;
    if (typeof source !== 'string' || !source.includes(RIGHT) || !source.includes(AFTERWARDS)) throw new Error('The place for the fault is gone: mend the fault.');
    return { ...loaded, source: source.replace(AFTERWARDS, '').replace(RIGHT, `${AFTERWARDS}${RIGHT}`) };
  },
});
