import { registerHooks } from 'node:module';

// No fault: a gateway that leaves a copy of every text that it signs in the file HEARD_SIGNATURES, before anybody else gets the signature.
const RIGHT = 'return signNote({ text, signatures: [] }, signers, 0);';
const HEARD = `(await import('node:fs')).appendFileSync(process.env['HEARD_SIGNATURES'] ?? '', JSON.stringify(text) + '\\n');
      ${RIGHT}`;

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith('/server/src/integrity/log-keys.ts')) return loaded;
    const source = loaded.source instanceof Uint8Array ? Buffer.from(loaded.source).toString('utf8') : loaded.source;
    if (typeof source !== 'string' || !source.includes(RIGHT)) throw new Error('The place where signatures are heard is gone: mend it.');
    return { ...loaded, source: source.replace(RIGHT, HEARD) };
  },
});
