import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildGatewaySchema, modules } from '@sallyport/schema/index.ts';
import { rightsOf } from '@sallyport/schema/policy/rights.ts';
import type { RequestContext } from '@sallyport/schema/ports.ts';
import type { TenantReach, Viewer } from '@sallyport/schema/viewer.ts';
import { createPersonalReads } from '@sallyport/server/audit/personal-reads.ts';
import { kyselyOn, openPool } from '@sallyport/server/db/connect.ts';
import { indexEvents } from '@sallyport/server/search/index-events.ts';
import { type DocumentNode, execute, parse } from 'graphql';
import type { Kysely } from 'kysely';
import { fillTenMillion } from './fill-ten-million.ts';
import { keepSealing } from './keep-sealing.ts';
import { type LogDatabase, run, startLogCluster } from './log-databases.ts';
import { quantile } from './statistics.ts';
import { writeEvents } from './write-events.ts';

// `npm run bench:search [-- --events 10000000 --queries 500 --folder /var/tmp/log-bench]`; see README.md. A folder that is named is kept and used again.

const { values: options } = parseArgs({
  options: {
    events: { type: 'string', default: '10000000' },
    queries: { type: 'string', default: '500' },
    folder: { type: 'string' },
    /** Measures only the rows whose title contains this. */
    only: { type: 'string', default: '' },
    /** Leaves out how fast new events become searchable, which writes some. */
    'read-only': { type: 'boolean', default: false },
  },
});

const total = Number(options.events);
const queries = Number(options.queries);
const folder = options.folder ?? join(tmpdir(), `sallyport-bench-log-${process.pid}`);
const write = (line: string): void => void process.stderr.write(`${line}\n`);
const { fastSchema, registry } = buildGatewaySchema(modules);

/** One event in so many is picked, anywhere in the log, to be asked for. */
interface Sample {
  readonly id: string;
  readonly correlationId: string;
  readonly tenantId: string;
  readonly action: string | null;
  readonly actorId: string;
  readonly actorName: string;
  readonly ticket: string | null;
  readonly reason: string | null;
  readonly targetId: string;
  readonly time: string;
}

interface Question {
  readonly title: string;
  readonly document: string;
  readonly variables: (sample: Sample, index: number) => Readonly<Record<string, unknown>> | null;
  /** Whose reach: everywhere, or the tenant of the sample alone. */
  readonly reach?: 'tenant';
}

const FIELDS = 'id time kind outcome reasonCode correlationId action targetType targetId actorId actorName ticket reason';
const LIST = `query List($filter: AuditEventFilter) { auditEvents(first: 50, filter: $filter, orderBy: [{ field: TIME, direction: DESC }]) { nodes { ${FIELDS} } } }`;
const COUNTED = `query List($filter: AuditEventFilter) { auditEvents(first: 50, filter: $filter, orderBy: [{ field: TIME, direction: DESC }]) { totalCount totalIsExact nodes { ${FIELDS} } } }`;
const TRAIL = `query Trail($id: ID!) { auditTrail(correlationId: $id) { startedAt endedAt answers { who } steps { ${FIELDS.replaceAll(/\b(correlationId)\b ?/g, '')} changes { field before after } } } }`;
const ONE = `query One($id: ID!) { auditEvent(id: $id) { ${FIELDS} permission role detail before after } }`;

const weekAround = (time: string): { gte: string; lt: string } => ({
  gte: new Date(Date.parse(time) - 3.5 * 86_400_000).toISOString(),
  lt: new Date(Date.parse(time) + 3.5 * 86_400_000).toISOString(),
});
const pick = <Value>(values: readonly Value[], index: number): Value | undefined => values[Math.floor(index * 7.3) % values.length];
const search = (text: string | null | undefined, more: Readonly<Record<string, unknown>> = {}) => (text ? { filter: { search: text, ...more } } : null);

const QUESTIONS: readonly Question[] = [
  { title: 'trail by correlation ID', document: TRAIL, variables: ({ correlationId }) => ({ id: correlationId }) },
  { title: 'trail by correlation ID, reader of one tenant', document: TRAIL, variables: ({ correlationId }) => ({ id: correlationId }), reach: 'tenant' },
  {
    title: 'tenant + action + a week, newest 50',
    document: LIST,
    variables: ({ tenantId, action, time }) => (action ? { filter: { tenantId: { eq: tenantId }, action: { eq: action }, time: weekAround(time) } } : null),
  },
  {
    title: 'tenant + action, newest 50 and how many',
    document: COUNTED,
    variables: ({ tenantId, action }) => (action ? { filter: { tenantId: { eq: tenantId }, action: { eq: action } } } : null),
  },
  { title: 'one person, newest 50', document: LIST, variables: ({ actorId }) => ({ filter: { actorId: { eq: actorId } } }) },
  { title: 'newest 50', document: LIST, variables: () => ({}) },
  { title: 'newest 50 and how many', document: COUNTED, variables: () => ({}) },
  { title: 'newest 50, reader of one tenant', document: LIST, variables: () => ({}), reach: 'tenant' },
  { title: 'event by ID', document: ONE, variables: ({ id }) => ({ id }) },
  { title: 'search: a ticket', document: LIST, variables: ({ ticket }) => search(ticket) },
  { title: 'search: a target', document: LIST, variables: ({ targetId }) => search(targetId) },
  { title: 'search: a word of a reason', document: LIST, variables: ({ reason }, index) => search(pick(reason?.split(' ') ?? [], index)) },
  { title: 'search: two words of a reason', document: LIST, variables: ({ reason }) => search(reason?.split(' ').slice(0, 2).join(' ')) },
  {
    title: 'search: the beginning of a word',
    document: LIST,
    variables: ({ reason }, index) => search(pick(reason?.split(' ').filter((word) => word.length > 4) ?? [], index)?.slice(0, 4)),
  },
  { title: 'search: somebody and an action', document: LIST, variables: ({ actorName, action }) => search(action ? `${actorName} ${action}` : null) },
  {
    title: 'search: a word in most events',
    document: LIST,
    variables: (_sample, index) => search(pick(['invoice', 'billing', 'refund', 'step_up_required', 'session', 'delivered'], index)),
  },
  { title: 'search: a word of a reason, and how many', document: COUNTED, variables: ({ reason }, index) => search(pick(reason?.split(' ') ?? [], index)) },
  {
    title: 'search: a word in most events, and how many',
    document: COUNTED,
    variables: (_sample, index) => search(pick(['invoice', 'billing', 'refund', 'step_up_required', 'session', 'delivered'], index)),
  },
  {
    title: 'search: a word of a reason, in one tenant',
    document: LIST,
    variables: ({ reason, tenantId }, index) => search(pick(reason?.split(' ') ?? [], index), { tenantId: { eq: tenantId } }),
  },
  {
    title: 'search: a word of a reason, in a week',
    document: LIST,
    variables: ({ reason, time }, index) => search(pick(reason?.split(' ') ?? [], index), { time: weekAround(time) }),
  },
  { title: 'search: a word of a reason, reader of one tenant', document: LIST, variables: ({ reason }, index) => search(pick(reason?.split(' ') ?? [], index)), reach: 'tenant' },
];

const person = { id: randomUUID(), email: 'reader@bench.example', displayName: 'Reader', personId: randomUUID() };
function readerOf(reach: TenantReach): Viewer {
  const grants = [{ id: 'grant', kind: 'standing' as const, role: 'compliance-auditor' as const, permissions: null, reach, reason: 'bench', grantedBy: null, expiresAt: null }];
  const session = { id: randomUUID(), mode: 'normal', secondFactor: 'totp', ip: '127.0.0.1', createdAt: '', expiresAt: '' } as const;
  return { actor: person, subject: person, session, token: null, breakGlass: null, grants, rights: rightsOf(grants, registry.roles) };
}
const auditor = readerOf('global');

function contextOf(db: Kysely<unknown>, viewer: Viewer): RequestContext {
  const none = (): never => {
    throw new Error('Nobody acts in this benchmark');
  };
  return {
    viewer,
    correlationId: randomUUID(),
    surface: 'api',
    ip: '127.0.0.1',
    userAgent: 'bench',
    environment: 'bench',
    policyVersion: '0'.repeat(64),
    idempotencyKey: null,
    stepUpProof: null,
    db,
    cursorKey: Buffer.alloc(32, 1),
    memory: new Map(),
    door: { runAction: none, refuseAction: none, passSensitiveRead: none, mayDecide: none },
    reads: createPersonalReads(),
    logStanding: () => ({ state: 'sound' }),
    logSurroundings: () => ({ witnesses: [], clockDifferenceSeconds: null, store: null }),
  };
}

async function pickSamples(database: LogDatabase, count: number): Promise<readonly Sample[]> {
  return run<Sample & Record<string, unknown>>(
    database.adminUrl,
    `select e.id, e.correlation_id as "correlationId", e.tenant_id as "tenantId", e.action, e.actor_id as "actorId", e.actor_name as "actorName", e.ticket, e.reason,
       e.target_id as "targetId", to_char(e.time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as time
     from (select distinct floor(random() * $1)::bigint as place from generate_series(1, $2)) as random
     join audit.leaf l on l.log_index = random.place join audit.event e on e.id = l.event_id and e.time = l.time and e.retention = l.retention order by random()`,
    [total, count],
  );
}

async function ask(db: Kysely<unknown>, question: Question, document: DocumentNode, sample: Sample, index: number): Promise<number | null> {
  const variableValues = question.variables(sample, index);
  if (variableValues === null) return null;
  const contextValue = contextOf(db, question.reach === 'tenant' ? readerOf(new Set([sample.tenantId])) : auditor);
  const began = performance.now();
  const { data, errors } = await execute({ schema: fastSchema, document, variableValues, contextValue });
  const took = performance.now() - began;
  if (errors ?? !data) throw new Error(`"${question.title}" was not answered: ${errors?.[0]?.message}`);
  return took;
}

// What is measured here is reading: the load may lose a power cut.
const cluster = await startLogCluster(folder, { fsync: 'off', full_page_writes: 'off' });
try {
  const database = await cluster.open('log');
  const [filled] = await run<{ size: number }>(database.adminUrl, 'select count(*)::int as size from (select from audit.leaf limit 1) as one');
  if (filled?.size === 0) await fillTenMillion(database, total, write);
  const sizes = await run<{ name: string; size: string }>(
    database.adminUrl,
    `select regexp_replace(c.relname, '_\\d{4}_\\d{2}.*', '') as name, pg_size_pretty(sum(pg_total_relation_size(c.oid))) as size
     from pg_class c where c.relnamespace = 'audit'::regnamespace and c.relkind = 'r' group by 1 having sum(pg_total_relation_size(c.oid)) > 10000000 order by 1`,
  );
  const pool = openPool({ connectionString: database.appUrl, max: 4, applicationName: 'bench' });
  const db = kyselyOn(pool);
  const samples = await pickSamples(database, queries * 3);
  const table: string[] = [];
  for (const question of QUESTIONS.filter(({ title }) => title.includes(options.only))) {
    const document = parse(question.document);
    const times: number[] = [];
    for (const [index, sample] of samples.entries()) {
      const took = await ask(db, question, document, sample, index);
      if (took !== null) times.push(took);
      if (times.length >= queries) break;
    }
    const row = `| ${question.title} | ${times.length} | ${[0.5, 0.95, 0.99].map((share) => quantile(times, share).toFixed(1)).join(' | ')} | ${Math.max(...times).toFixed(0)} |`;
    table.push(row);
    write(row);
  }
  const pace: string[] = [];
  if (!options['read-only']) {
    const added = 20_000;
    const sealing = await keepSealing(database.appUrl);
    await writeEvents(database.appUrl, added);
    await sealing.stop();
    const began = performance.now();
    while ((await indexEvents(db, 500)) !== 0);
    pace.push(`${(added / ((performance.now() - began) / 1000)).toFixed(0)} events a second become searchable, one gateway at it.`);
  }
  await pool.end();
  console.log(
    `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}; ${total.toLocaleString('en')} events; ${sizes.map(({ name, size }) => `${name} ${size}`).join(', ')}\n`,
  );
  console.log(`| question | asked | p50, ms | p95, ms | p99, ms | longest, ms |\n|---|--:|--:|--:|--:|--:|\n${table.join('\n')}\n\n${pace.join('\n')}`);
} finally {
  await cluster.embedded.stop();
  if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
}
process.exit();
