import { registerHooks } from 'node:module';

// A gateway with a fault, for the harness to find: the head is signed in the transaction that moves it, before its commit. Acts take a while to commit
// besides, so that events come between those that were signed: without that, what a kill undoes is sealed once more as it was, and no harm is done.
const PLACES: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  '/server/src/integrity/integrator.ts': [['sealEvents(db, MOST_A_ROUND, onSealed)', 'sealEvents(db, MOST_A_ROUND, onSealed, signer)']],
  '/server/src/gates/act-transaction.ts': [
    ['last.map(({ query }) => query)', "[...last.map(({ query }) => query), (await import('kysely')).CompiledQuery.raw('select pg_sleep(random() * 0.3)')]"],
  ],
  '/server/src/integrity/seal-events.ts': [
    ['notice?: SealedNotice)', 'notice: SealedNotice | undefined, early: LogSigner)'],
    [
      'return tree.size - first;',
      `const { origin } = (await sql\`select origin from audit.log_head\`.execute(tx)).rows[0];
    await early.sign(tx, origin, \`\${origin}\\n\${tree.size}\\n\${tree.root().toString('base64')}\\n\`, tree.size);
    await new Promise((resolve) => setTimeout(resolve, 400));
    return tree.size - first;`,
    ],
  ],
};

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const places = Object.entries(PLACES).find(([file]) => url.endsWith(file))?.[1];
    if (!places) return loaded;
    const source = loaded.source instanceof Uint8Array ? Buffer.from(loaded.source).toString('utf8') : loaded.source;
    if (typeof source !== 'string' || places.some(([right]) => !source.includes(right))) throw new Error('The place for the fault is gone: mend the fault.');
    return { ...loaded, source: places.reduce((text, [right, wrong]) => text.replace(right, wrong), source) };
  },
});
