import { createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { codeAt } from '@sallyport/server/auth/totp.ts';
import { type Colleague, cookiesAfter } from '../colleagues.ts';
import { quantile } from './statistics.ts';

/** Somebody who asks a gateway over HTTP. */
export interface Asker {
  readonly url: string;
  readonly cookie: string;
  readonly colleague: Colleague;
}

/** @throws {Error} where anything but a whole answer comes */
export async function askGraphql({ url, cookie }: Asker, query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', cookie }, body: JSON.stringify({ query, variables }) });
  const text = await response.text();
  if (!text.startsWith('{"data":{') || text.includes('"errors":')) throw new Error(`Not answered: ${text.slice(0, 400)}`);
}

export interface FetchedPack {
  readonly events: number;
  readonly bytes: number;
  readonly expectedBytes: number;
  /** From the request with the code to the first byte, and to the last one. */
  readonly firstSeconds: number;
  readonly seconds: number;
}

/** Asks for a pack as a person does, with a fresh code, and writes it to a file. */
export async function fetchPack({ url, cookie, colleague }: Asker, selection: Readonly<Record<string, string>>, path: string): Promise<FetchedPack> {
  const address = `${url}/log/evidence?${new URLSearchParams(selection).toString()}`;
  const refused = await fetch(address, { headers: { cookie } });
  const { errors } = (await refused.json()) as { readonly errors: readonly { readonly extensions: { readonly challenge?: string } }[] };
  const stepUp = await fetch(`${url}/auth/step-up`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify({ challenge: errors[0]?.extensions.challenge, code: codeAt(colleague.totpSecret, Date.now() / 1000) }),
  });
  const { proof } = (await stepUp.json()) as { readonly proof?: string };
  if (proof === undefined) throw new Error(`No proof: ${stepUp.status}`);
  const began = performance.now();
  const response = await fetch(address, { headers: { cookie: cookiesAfter(stepUp, cookie), 'step-up-proof': proof } });
  if (response.status !== 200 || !response.body) throw new Error(`No pack: ${await response.text()}`);
  const firstSeconds = (performance.now() - began) / 1000;
  let bytes = 0;
  await pipeline(
    Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]),
    async function* (pieces: AsyncIterable<Uint8Array>) {
      for await (const piece of pieces) {
        bytes += piece.length;
        yield piece;
      }
    },
    createWriteStream(path),
  );
  const header = (name: string): number => Number(response.headers.get(name));
  return { events: header('x-total-events'), expectedBytes: header('x-estimated-bytes'), bytes, firstSeconds, seconds: (performance.now() - began) / 1000 };
}

/** Asks the same small thing again and again while something else is under way. @returns milliseconds that each answer took */
export async function askBeside<T>(asker: Asker, document: string, everyMs: number, work: Promise<T>): Promise<{ readonly done: T; readonly delays: readonly number[] }> {
  const delays: number[] = [];
  let isOver = false;
  const asking = (async () => {
    while (!isOver) {
      const began = performance.now();
      await askGraphql(asker, document);
      delays.push(performance.now() - began);
      await pause(everyMs);
    }
  })();
  try {
    return { done: await work, delays };
  } finally {
    isOver = true;
    await asking;
  }
}

export const delayText = (delays: readonly number[]): string => [0.5, 0.95, 0.99, 1].map((share) => quantile(delays, share).toFixed(1)).join(' · ');

/** Forgets the most that a process has taken so far, so that what follows is measured by itself. */
export const resetPeak = (pid: number): Promise<void> => writeFile(`/proc/${pid}/clear_refs`, '5');

/** In MiB: what a process takes now, and the most since `resetPeak`. */
export async function memoryOf(pid: number): Promise<{ readonly now: number; readonly most: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const read = (name: string): number => Math.round(Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) / 1024);
  return { now: read('VmRSS'), most: read('VmHWM') };
}
