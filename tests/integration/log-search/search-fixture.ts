import { accessMatrix } from '@sallyport/schema/access-matrix.ts';
import { buildGatewaySchema } from '@sallyport/schema/build-schema.ts';
import { audit } from '@sallyport/schema/modules/audit/index.ts';
import type { TenantReach, Viewer } from '@sallyport/schema/viewer.ts';
import type { SecretKeys } from '@sallyport/server/auth/sealed-secret.ts';
import { startIntegrator } from '@sallyport/server/integrity/integrator.ts';
import { addLogKey, createLogSigner } from '@sallyport/server/integrity/log-keys.ts';
import { createStandingBook } from '@sallyport/server/integrity/standing.ts';
import { createLog } from '@sallyport/server/kernel/log.ts';
import { graphql } from 'graphql';
import { type Kysely, sql } from 'kysely';
import { contextOf } from '../../helpers/viewers.ts';
import { viewerWith } from '../audit/log-fixture.ts';

const built = buildGatewaySchema([audit]);
export const matrixText = accessMatrix(built.catalogue);
const SECRETS: SecretKeys = { currentKeyId: 'test', keys: { test: Buffer.alloc(32, 3) } };

/** Who may read events in these tenants, and nothing else. */
export const reader = (reach: TenantReach, ...more: readonly string[]): Viewer => viewerWith(new Map(['audit.event.read', ...more].map((permission) => [permission, reach])));

/** Names the log and gives it a key. */
export async function beginTestLog(owner: Kysely<unknown>): Promise<void> {
  await sql`select audit.begin_log('test.example/log')`.execute(owner);
  await owner.transaction().execute((tx) => addLogKey(tx, SECRETS, 'test.example/log', 0));
}

/** Seals and signs what has been appended. */
export async function sealAll(app: Kysely<unknown>): Promise<void> {
  const integrator = startIntegrator({ db: app, signer: createLogSigner(SECRETS), standing: createStandingBook({ state: 'sound' }), log: createLog('silent'), everyMs: 60_000 });
  await integrator.sealNow();
  await integrator.stop();
}

export interface Found {
  readonly ids: readonly string[];
  readonly total: number | null;
  readonly isExact: boolean | null;
  readonly endCursor: string | null;
  readonly codes: readonly (string | undefined)[];
  /** Fields that the reading was put down with. */
  readonly listings: readonly string[];
}

const LIST = `query ($filter: AuditEventFilter, $orderBy: [AuditEventOrder!], $first: Int, $after: String, $offset: Int) {
  auditEvents(filter: $filter, orderBy: $orderBy, first: $first, after: $after, offset: $offset) { totalCount totalIsExact pageInfo { endCursor } nodes { id } }
}`;

/** Lists events through the schema, as a request does. */
export async function listEvents(db: Kysely<unknown>, viewer: Viewer | null, variableValues: Readonly<Record<string, unknown>>, fast = false): Promise<Found> {
  const contextValue = contextOf(db, viewer);
  const { data, errors } = await graphql({ schema: fast ? built.fastSchema : built.schema, source: LIST, contextValue, variableValues });
  const list = data?.['auditEvents'] as { totalCount: number; totalIsExact: boolean; pageInfo: { endCursor: string | null }; nodes: { id: string }[] } | null | undefined;
  return {
    ids: list?.nodes.map(({ id }) => id) ?? [],
    total: list?.totalCount ?? null,
    isExact: list?.totalIsExact ?? null,
    endCursor: list?.pageInfo.endCursor ?? null,
    codes: errors?.map((error) => (error.originalError as { code?: string } | undefined)?.code ?? error.message) ?? [],
    listings: contextValue.reads.listings,
  };
}

export const search = (db: Kysely<unknown>, viewer: Viewer | null, text: string, more: Readonly<Record<string, unknown>> = {}): Promise<Found> =>
  listEvents(db, viewer, { filter: { search: text, ...more }, first: 100 });
