import { runWitness } from './run-witness.ts';

// A process of its own that loads nothing of the gateway: no database, no configuration, none of its secrets.
process.exitCode = await runWitness(process.argv.slice(2), console.log);
