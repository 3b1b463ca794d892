import { GatewayError } from '@sallyport/schema/errors.ts';
import { EXPORT_EVENT, READ_CHANGES, READ_EVENT, READ_NETWORK } from '@sallyport/schema/modules/audit/permissions.ts';
import { logEntriesRead } from '@sallyport/schema/modules/log/log.event.ts';
import type { Db } from '@sallyport/schema/ports.ts';
import { covers, isNowhere, reachOf, type TenantReach, type Viewer } from '@sallyport/schema/viewer.ts';
import { sql } from 'kysely';
import { z } from 'zod';
import { markRecorded } from '../kernel/recorded-refusal.ts';
import type { AuditLog, RequestFacts } from '../kernel/seams.ts';
import { makeConsistencyProof } from '../transparency/consistency-proof.ts';
import { makeInclusionProof } from '../transparency/inclusion-proof.ts';
import { LogFault } from '../transparency/log-fault.ts';
import { printLogProof } from '../transparency/log-proof.ts';
import { parseTilePath, TILE_WIDTH, type TilePath, tileWidth } from '../transparency/tiles.ts';
import { latestRetentionNote } from './keeping/retention-statements.ts';
import { listLogKeys } from './log-keys.ts';
import type { LogReader, StoredCheckpoint } from './log-reader.ts';

export interface LogFileParts {
  readonly db: Db;
  readonly audit: AuditLog;
  readonly reader: LogReader;
}

/** What entries hold is everything that is on the log. */
const WHOLE_ENTRIES = [READ_EVENT, READ_CHANGES, READ_NETWORK, EXPORT_EVENT] as const;

const size = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const inclusionQuery = z.strictObject({ event: z.uuid(), size: size.optional() });
const consistencyQuery = z.strictObject({ from: size, to: size });

/**
 * GET below /log/: the log as C2SP tlog-tiles lays it out (`checkpoint`, `tile/…`, `tile/entries/…`), its keys, proofs, and the signed statement of what may be absent (`retention`). Hashes, keys and proofs are for whoever
 * may read any part of the log: they say nothing of what an event holds. An inclusion proof is for who may read that event; entries are for who may read all.
 * @throws {GatewayError} FORBIDDEN, NOT_FOUND, BAD_INPUT.
 */
export async function handleLogFiles(request: Request, facts: RequestFacts, viewer: Viewer, parts: LogFileParts): Promise<Response> {
  const url = new URL(request.url);
  const path = url.pathname.slice('/log/'.length);
  if (isNowhere(reachOf(viewer, READ_EVENT))) throw new GatewayError('FORBIDDEN', undefined, { permission: READ_EVENT.name });
  if (path === 'keys') return text((await listLogKeys(parts.db)).map(({ verifier }) => `${verifier}\n`).join(''));
  if (path === 'retention') return text((await latestRetentionNote(parts.db)) ?? notFound());
  const checkpoint = await parts.reader.latestCheckpoint();
  if (!checkpoint) throw new GatewayError('NOT_FOUND');
  if (path === 'checkpoint') return text(checkpoint.note);
  if (path === 'proof/inclusion') return inclusion(parse(inclusionQuery, url), request, facts, viewer, checkpoint, parts);
  if (path === 'proof/consistency') return consistency(parse(consistencyQuery, url), checkpoint, parts.reader);
  if (path.startsWith('tile/')) return tile(path, facts, viewer, checkpoint, parts);
  throw new GatewayError('NOT_FOUND');
}

function notFound(): never {
  throw new GatewayError('NOT_FOUND');
}

function parse<T>(shape: z.ZodType<T>, url: URL): T {
  const names = [...url.searchParams.keys()];
  const parsed = shape.safeParse(Object.fromEntries(url.searchParams));
  if (!parsed.success || new Set(names).size !== names.length)
    throw new GatewayError('BAD_INPUT', undefined, { issues: (parsed.error?.issues ?? []).map((issue) => ({ path: String(issue.path[0] ?? ''), message: 'is malformed' })) });
  return parsed.data;
}

/** Text that stands for itself: nothing of it may be kept by a cache, which does not know who asks. */
const text = (body: string): Response => new Response(body, { headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' } });
const bytes = (body: Buffer): Response => new Response(new Uint8Array(body), { headers: { 'content-type': 'application/octet-stream', 'cache-control': 'no-store' } });

interface EventPlace {
  readonly tenantId: string | null;
  readonly canonical: Buffer;
}

async function inclusion(
  asked: z.infer<typeof inclusionQuery>,
  request: Request,
  facts: RequestFacts,
  viewer: Viewer,
  latest: StoredCheckpoint,
  { db, audit, reader }: LogFileParts,
): Promise<Response> {
  const { rows } = await sql<EventPlace>`select tenant_id as "tenantId", canonical from audit.event where id = ${asked.event}::uuid limit 1`.execute(db);
  const [event] = rows;
  const place: TenantReach = event && event.tenantId !== null ? new Set([event.tenantId]) : 'global';
  // Hidden and absent are the same.
  if (!event || !covers(reachOf(viewer, READ_EVENT), place)) throw new GatewayError('NOT_FOUND');
  const leaf = await reader.leafOf(asked.event);
  const checkpoint = asked.size === undefined ? latest : await reader.checkpointCovering(asked.size);
  if (!leaf || !checkpoint || leaf.index >= checkpoint.size) throw new GatewayError('NOT_FOUND', 'No signed checkpoint covers this event yet. That takes about a second.');
  const hashes = await makeInclusionProof(reader.nodes(checkpoint.size), leaf.index, checkpoint.size);
  if (!request.headers.get('accept')?.includes('application/json')) return text(printLogProof({ index: leaf.index, hashes, checkpoint: checkpoint.note }));
  const isWhole = WHOLE_ENTRIES.every((permission) => permission === EXPORT_EVENT || covers(reachOf(viewer, permission), place));
  // Address and client of somebody stand in the bytes: whoever gets to see them is on the log, as with any other way to read them.
  if (isWhole)
    await audit.record({
      kind: logEntriesRead.kind,
      outcome: 'ok',
      correlationId: facts.correlationId,
      surface: facts.surface,
      ip: facts.ip,
      viewer,
      permission: READ_NETWORK.name,
      effect: READ_NETWORK.effect,
      reach: READ_NETWORK.reach,
      tier: READ_NETWORK.tier,
      tenantId: event.tenantId,
      target: { type: 'auditEvent', id: asked.event },
      fieldsRead: ['auditEvent.ip', 'auditEvent.userAgent'],
      detail: { firstIndex: leaf.index, entries: 1 },
    });
  return Response.json(
    {
      index: leaf.index,
      leafHash: leaf.leafHash.toString('base64'),
      hashes: hashes.map((hash) => hash.toString('base64')),
      checkpoint: checkpoint.note,
      // The bytes hold changes and network facts: for who may read both.
      entry: isWhole ? event.canonical.toString('utf8') : null,
    },
    { headers: { 'cache-control': 'no-store' } },
  );
}

async function consistency({ from, to }: z.infer<typeof consistencyQuery>, latest: StoredCheckpoint, reader: LogReader): Promise<Response> {
  if (from > to || to > latest.size) throw new GatewayError('BAD_INPUT', 'The sizes go from the smaller to the larger, and the larger is at most that of the newest checkpoint.');
  const proof = await makeConsistencyProof(reader.nodes(latest.size), from, to);
  return text(proof.map((hash) => `${hash.toString('base64')}\n`).join(''));
}

async function tile(path: string, facts: RequestFacts, viewer: Viewer, { size: signed }: StoredCheckpoint, { audit, reader }: LogFileParts): Promise<Response> {
  const address = readAddress(path);
  if (!address || address.width > tileWidth(address.level, address.index, signed)) throw new GatewayError('NOT_FOUND');
  if (address.kind === 'hashes') return bytes(await reader.readTile(address));
  const lacking = WHOLE_ENTRIES.find((permission) => reachOf(viewer, permission) !== 'global');
  const begin = address.index * TILE_WIDTH;
  await audit.record({
    kind: logEntriesRead.kind,
    outcome: lacking ? 'denied' : 'ok',
    ...(lacking && { reasonCode: 'FORBIDDEN' as const }),
    correlationId: facts.correlationId,
    surface: facts.surface,
    ip: facts.ip,
    viewer,
    permission: (lacking ?? EXPORT_EVENT).name,
    effect: EXPORT_EVENT.effect,
    reach: EXPORT_EVENT.reach,
    tier: EXPORT_EVENT.tier,
    fieldsRead: ['auditEvent.ip', 'auditEvent.userAgent'],
    detail: { firstIndex: begin, entries: address.width },
  });
  if (lacking) throw markRecorded(new GatewayError('FORBIDDEN', undefined, { permission: lacking.name }));
  // An entry that has served its time is there with no bytes; the retention statement says that it may be absent.
  return bytes(await reader.readBundle(address));
}

function readAddress(path: string): TilePath | null {
  try {
    return parseTilePath(path);
  } catch (fault) {
    if (fault instanceof LogFault) return null;
    throw fault;
  }
}
