import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { parseLogOption } from './known-logs.ts';
import { openWitness } from './open-witness.ts';
import { type ListenAddress, serveWitness } from './serve-witness.ts';
import { WitnessRefusal } from './witness-refusal.ts';

export const WITNESS_HELP = [
  'npm run --silent -- sallyport witness --state <directory> [--logs <file>] [--log <origin>=<verifier key>]… [--listen <host>:<port>] [--name <name>]',
  '',
  'Remembers the last checkpoint of each log that it is told of, and cosigns the next one only after a proof that it continues the last',
  '(C2SP tlog-witness). It needs no database and no secret of a gateway. Run it where whoever administers the database has no hand in it.',
  '',
  '  --state   keeps the key (made on the first start), the checkpoints and alarms.jsonl. Never put this directory back from a backup',
  '  --logs    a file with a line "<origin> <verifier key>" for each key of each log; read again when it changes',
  '  --log     the same on the command line; may be repeated',
  '  --listen  default 127.0.0.1:4999; port 0 picks a free one',
  '  --name    of the key that is made, best an address like witness.example.com/1',
].join('\n');

interface Asked {
  readonly directory: string;
  readonly logsFile: string | null;
  readonly log: readonly string[];
  readonly listen: ListenAddress;
  readonly name: string | null;
}

/**
 * Runs a witness until the process is told to end, or until the process that started it over a channel is gone.
 * @returns the exit code: 0 ended as told, 1 refused, 2 not understood.
 */
export async function runWitness(words: readonly string[], write: (text: string) => void): Promise<number> {
  try {
    const asked = readWords(words);
    if (asked === null) {
      write(WITNESS_HELP);
      return 2;
    }
    const tell = (text: string): void => write(`${new Date().toISOString()} ${text}`);
    const { witness, logs } = await openWitness({ ...asked, named: asked.log.map(parseLogOption), tell });
    const served = await serveWitness(witness, asked.listen, logs.origins, tell);
    write(`Witness key: ${witness.verifier}\nWitness is ready: ${served.url}`);
    await untilToldToEnd();
    await served.close();
    return 0;
  } catch (error) {
    if (!(error instanceof WitnessRefusal)) throw error;
    write(error.message);
    return 1;
  }
}

async function untilToldToEnd(): Promise<void> {
  const told = new AbortController();
  const ends = ['SIGINT', 'SIGTERM', 'SIGHUP', ...(process.connected ? ['disconnect'] : [])];
  await Promise.race(ends.map((name) => once(process, name, { signal: told.signal }).catch(() => undefined)));
  told.abort();
}

function readWords(words: readonly string[]): Asked | null {
  const values = parseWords(words);
  if (values?.state === undefined || (values.logs === undefined && values.log === undefined)) return null;
  return { directory: values.state, logsFile: values.logs ?? null, log: values.log ?? [], listen: readAddress(values.listen ?? '127.0.0.1:4999'), name: values.name ?? null };
}

function parseWords(words: readonly string[]) {
  try {
    const text = { type: 'string' } as const;
    return parseArgs({ args: [...words], options: { state: text, logs: text, log: { type: 'string', multiple: true }, listen: text, name: text }, strict: true }).values;
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** Reads `127.0.0.1:4999` or `[::1]:4999`. */
function readAddress(text: string): ListenAddress {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^[\]:]+)):(\d{1,5})$/i.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || !(port <= 65_535)) throw new WitnessRefusal('--listen has to be an address and a port, like 127.0.0.1:4999.');
  return { host, port };
}
