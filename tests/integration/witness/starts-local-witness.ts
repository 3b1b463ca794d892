import { startLocalWitness } from '@sallyport/server/integrity/anchors/local-witness.ts';

// A process that starts a witness, says its number and waits to be killed.
const { pid } = await startLocalWitness(process.argv[2] ?? '', () => undefined);
console.log(pid);
setInterval(() => undefined, 1_000);
