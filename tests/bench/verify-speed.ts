import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, open, rm, stat, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { canonicalText, type EventRecord } from '@sallyport/server/audit/event-record.ts';
import { printCheckpoint } from '@sallyport/server/transparency/checkpoint.ts';
import { CompactRange } from '@sallyport/server/transparency/compact-range.ts';
import { leafHash } from '@sallyport/server/transparency/merkle-hash.ts';
import { signNote } from '@sallyport/server/transparency/note.ts';
import { generateSignerKey, parseVerifierKey, printVerifierKey } from '@sallyport/server/transparency/note-key.ts';
import { packBundle } from '@sallyport/server/transparency/tile-data.ts';
import { verify } from '@sallyport/server/verify/verify.ts';

// `node tests/bench/verify-speed.ts [--events 1000000] [--rounds 5]`
//
// How fast the offline verifier is, beside raw SHA-256. A floor, then the verifier on one thread and on two, and again: a share is taken
// within its round, and the median of the shares is printed with the least and the greatest.
//
// The floor: the bytes of the very same file in blocks of 1 MiB through one SHA-256 on one thread. Only the hashing is timed, reading is not.
// Shares by processor time stand beside those by the clock: on a machine that does other things too, they are the steadier ones. Two threads share
// the work, so theirs is that of both together.
// The verifier: everything between its call and its answer, in a process of its own (the start of Node apart): opening the
// checkpoint, starting threads, reading, splitting into entries, one hash for each entry and one for each node, comparing the root.

const ORIGIN = 'sallyport.example/bench';
const BLOCK_BYTES = 1024 * 1024;

interface Task {
  readonly path: string;
  readonly key: string;
  readonly note: string;
  readonly threads: number;
}

interface Done {
  readonly seconds: number;
  /** Processor time of all threads, of the same stretch. */
  readonly processorSeconds: number;
  readonly entries: number;
  /** Of the whole process at its largest, in MiB. */
  readonly memory: number;
}

if (process.send) {
  const [task] = (await once(process, 'message')) as [Task];
  const policy = { origin: ORIGIN, logKeys: [{ key: parseVerifierKey(task.key) }], witnesses: [], leastCosignatures: 0 };
  const begun = performance.now();
  const before = process.cpuUsage();
  const report = await verify({ path: task.path, policy, threads: task.threads, checkpoints: [{ file: 'checkpoint', note: Buffer.from(task.note) }] });
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(before);
  if (!report.intact) throw new Error('The file is not intact');
  process.send({ seconds, processorSeconds: (user + system) / 1e6, entries: report.entries, memory: process.resourceUsage().maxRSS / 1024 } satisfies Done);
  process.disconnect();
} else {
  await main();
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { events: { type: 'string', default: '1000000' }, rounds: { type: 'string', default: '5' } } });
  const folder = await mkdtemp(join(tmpdir(), 'verify-speed-'));
  try {
    console.log(`${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`);
    for (const framing of ['lines', 'bundles'] as const) await measure(join(folder, framing), framing, Number(values.events), Number(values.rounds));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(path: string, framing: 'lines' | 'bundles', events: number, rounds: number): Promise<void> {
  const signer = generateSignerKey(ORIGIN);
  const root = await writeEvents(path, framing, events);
  const note = signNote({ text: printCheckpoint({ origin: ORIGIN, size: events, root, extensions: [] }), signatures: [] }, [signer], 0);
  await writeFile(`${path}.checkpoint`, note);
  const bytes = (await stat(path)).size;
  const key = printVerifierKey(signer.verifier);
  const shares: Record<1 | 2, number[]> = { 1: [], 2: [] };
  const speeds: Record<1 | 2, number[]> = { 1: [], 2: [] };
  const byProcessor: Record<1 | 2, number[]> = { 1: [], 2: [] };
  const floors: number[] = [];
  let memory = 0;
  for (let round = 0; round < rounds; round += 1)
    // Each round begins with another, so that none always comes first.
    for (const threads of round % 2 === 0 ? ([1, 2] as const) : ([2, 1] as const)) {
      const floor = await rawSeconds(path);
      const done = await runApart({ path, key, note, threads });
      if (done.entries !== events) throw new Error('Not every event was verified');
      floors.push(bytes / floor.seconds / 1e6);
      shares[threads].push(floor.seconds / done.seconds);
      byProcessor[threads].push(floor.processorSeconds / done.processorSeconds);
      speeds[threads].push(events / done.seconds);
      memory = Math.max(memory, done.memory);
    }
  console.log(`\n${events} events as ${framing}, ${Math.round(bytes / events)} bytes each, ${rounds} rounds`);
  console.log(`  raw SHA-256, one thread: ${spread(floors, (value) => value.toFixed(0))} MB/s`);
  for (const threads of [1, 2] as const)
    console.log(
      `  verifier on ${threads} thread${threads > 1 ? 's' : ''}: ${spread(shares[threads], (value) => value.toFixed(3))} of raw (by processor time ${spread(byProcessor[threads], (value) => value.toFixed(3))}), ${spread(speeds[threads], (value) => value.toFixed(0))} events/s`,
    );
  console.log(`  memory of the process at most: ${memory.toFixed(0)} MiB, file of ${(bytes / 2 ** 20).toFixed(0)} MiB`);
}

function spread(values: readonly number[], print: (value: number) => string): string {
  const sorted = values.toSorted((one, other) => one - other);
  return `${print(sorted[Math.floor(sorted.length / 2)] ?? 0)} (${print(sorted[0] ?? 0)}–${print(sorted.at(-1) ?? 0)})`;
}

async function runApart(task: Task): Promise<Done> {
  const child = fork(fileURLToPath(import.meta.url), []);
  const exited = once(child, 'exit').then(([code]) => Promise.reject(new Error(`The verifier's process ended with ${String(code)}`)));
  exited.catch(() => undefined);
  child.send(task);
  const [done] = (await Promise.race([once(child, 'message'), exited])) as [Done];
  await once(child, 'exit');
  return done;
}

async function rawSeconds(path: string): Promise<Pick<Done, 'seconds' | 'processorSeconds'>> {
  const file = await open(path, 'r');
  const digest = createHash('sha256');
  const block = Buffer.alloc(BLOCK_BYTES);
  let milliseconds = 0;
  let microseconds = 0;
  try {
    for (;;) {
      const { bytesRead } = await file.read(block, 0, BLOCK_BYTES, null);
      if (bytesRead === 0) break;
      const before = process.cpuUsage();
      const begun = performance.now();
      digest.update(block.subarray(0, bytesRead));
      milliseconds += performance.now() - begun;
      const { user, system } = process.cpuUsage(before);
      microseconds += user + system;
    }
    digest.digest();
    return { seconds: milliseconds / 1000, processorSeconds: microseconds / 1e6 };
  } finally {
    await file.close();
  }
}

/** An event of the size and shape that an approved, stepped-up mutation leaves. */
function eventRecord(index: number): EventRecord {
  const uuid = (kind: number): string => `019aa${kind.toString(16).padStart(3, '0')}-0000-7000-8000-${index.toString(16).padStart(12, '0')}`;
  return {
    formatVersion: 1,
    id: uuid(1),
    time: `${new Date(Date.UTC(2026, 0, 1) + index * 137).toISOString().slice(0, -1)}${String(index % 1000).padStart(3, '0')}Z`,
    correlationId: uuid(2),
    kind: 'billing.invoice.refund',
    outcome: 'ok',
    surface: 'console',
    environment: 'production',
    policyVersion: 'f'.repeat(64),
    actorId: uuid(3),
    actorName: `Person ${index % 50}`,
    subjectId: uuid(3),
    subjectName: `Person ${index % 50}`,
    role: 'Billing Operator',
    grantId: uuid(4),
    sessionId: uuid(5),
    secondFactor: 'totp',
    ip: '203.0.113.7',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36',
    action: 'refundInvoice',
    permission: 'billing.invoice.refund',
    effect: 'write',
    reach: 'tenant',
    tier: 'privileged',
    tenantId: `tenant-${index % 240}`,
    targetType: 'invoice',
    targetId: uuid(6),
    reason: 'The customer was charged twice for the same month.',
    ticket: `SUP-${index % 9999}`,
    stepUpId: uuid(7),
    before: { state: 'PAID', refundedAmount: 0 },
    after: { state: 'REFUNDED', refundedAmount: 1_250_000 },
  };
}

async function writeEvents(path: string, framing: 'lines' | 'bundles', events: number): Promise<Buffer> {
  const out = createWriteStream(path);
  const tree = new CompactRange();
  const lineEnd = Buffer.from('\n');
  for (let index = 0; index < events; ) {
    const pieces: Buffer[] = [];
    for (const end = Math.min(events, index + 1000); index < end; index += 1) {
      const entry = Buffer.from(canonicalText(eventRecord(index)));
      tree.append(leafHash(entry));
      if (framing === 'lines') pieces.push(entry, lineEnd);
      else pieces.push(packBundle([entry]));
    }
    if (!out.write(Buffer.concat(pieces))) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
  return tree.root();
}
