import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { appendStatement } from '@sallyport/server/audit/append-statement.ts';
import type { ComposedEvent } from '@sallyport/server/audit/compose-event.ts';
import pg from 'pg';
import { tellStory } from '../fill-log.ts';
import { FLOOR_STATEMENT, floorValues } from './designs/floor.ts';
import { keepSealing } from './keep-sealing.ts';

/** What a process of writers is asked to do. */
export interface WriterTask {
  /** The login that a gateway serves with. */
  readonly appUrl: string;
  readonly clients: number;
  readonly seconds: number;
  /** A plain INSERT of the row, or the product's `audit.append`, whatever that is in this database. */
  readonly append: 'insert' | 'append';
  /** Whether this process also seals and signs, as a gateway does. */
  readonly seals: boolean;
  /** Most events a second, all clients of this process together; 0 for as many as they can. */
  readonly perSecond: number;
}

export interface WriterResult {
  readonly seconds: number;
  /** Milliseconds that each append took, from being sent to being durable. */
  readonly latencies: readonly number[];
  /** Event ID and when its commit was answered, in milliseconds of the system's clock. */
  readonly commits: readonly (readonly [string, number])[];
  /** Milliseconds of CPU that this process used on the way, sealing and signing what was left among them. */
  readonly cpu: number;
}

type Statement = { readonly name: string; readonly text: string; readonly values: readonly unknown[]; readonly id: string };

const TENANTS = Array.from({ length: 400 }, () => randomUUID());
const STAFF = Array.from({ length: 60 }, (_, index) => ({ id: randomUUID(), name: `Member of staff ${index + 1}` }));
/** Statements made ready before the clock runs; more are made on the way only if these run out. */
const READY_PER_SECOND = 3000;

function makeReady(append: WriterTask['append'], count: number, from: number): Statement[] {
  const statements: Statement[] = [];
  const now = new Date().toISOString().replace('Z', '000Z');
  const statementOf = (event: ComposedEvent): Statement =>
    append === 'insert' ? { ...FLOOR_STATEMENT, values: floorValues(event, now), id: event.record.id } : { ...appendStatement([event]), id: event.record.id };
  for (let story = from; statements.length < count; story += 1) {
    const person = STAFF[story % STAFF.length];
    const tenant = TENANTS[(story * 7) % TENANTS.length];
    if (person && tenant) statements.push(...tellStory(story, tenant, person).map(statementOf));
  }
  return statements;
}

/** More connections than this would be too many for the server, one lot for each database. */
const MOST_KEPT = 16;
/** Connections stay open from one task to the next, by database. */
const connections = new Map<string, pg.Client[]>();

async function openClients(appUrl: string, count: number): Promise<readonly pg.Client[]> {
  const open = connections.get(appUrl) ?? [];
  connections.set(appUrl, open);
  while (open.length < count) {
    const client = new pg.Client({ connectionString: appUrl, application_name: 'bench-writer' });
    await client.connect();
    open.push(client);
  }
  return open.slice(0, count);
}

async function closeClients(appUrl: string): Promise<void> {
  const open = connections.get(appUrl) ?? [];
  connections.delete(appUrl);
  await Promise.all(open.map((client) => client.end()));
}

async function write(task: WriterTask): Promise<WriterResult> {
  const share = task.perSecond > 0 ? Math.ceil(task.perSecond * task.seconds) : READY_PER_SECOND * task.seconds;
  let ready = makeReady(task.append, share, 0);
  if (task.clients > MOST_KEPT) for (const url of connections.keys()) if (url !== task.appUrl) await closeClients(url);
  const clients = await openClients(task.appUrl, task.clients);
  const sealing = task.seals ? await keepSealing(task.appUrl) : null;
  const latencies: number[] = [];
  const commits: [string, number][] = [];
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  const end = began + task.seconds * 1000;
  let taken = 0;
  const next = (): Statement | undefined => {
    if (ready.length === 0) ready = makeReady(task.append, READY_PER_SECOND, taken);
    taken += 1;
    return ready.pop();
  };
  await Promise.all(
    clients.map(async (client) => {
      for (;;) {
        if (task.perSecond > 0) {
          const wait = began + (taken / task.perSecond) * 1000 - performance.now();
          if (wait > 0) await pause(wait);
        }
        const statement = performance.now() < end ? next() : undefined;
        if (!statement) return;
        const sent = performance.now();
        await client.query({ ...statement, values: [...statement.values] });
        const answered = performance.now();
        latencies.push(answered - sent);
        commits.push([statement.id, performance.timeOrigin + answered]);
      }
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  await sealing?.stop();
  const { user, system } = process.cpuUsage(cpuBefore);
  return { seconds, latencies, commits, cpu: (user + system) / 1000 };
}

process.on('message', (task: WriterTask) => void write(task).then((result) => process.send?.(result)));
