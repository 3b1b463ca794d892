import { randomBytes, randomUUID } from 'node:crypto';
import { modules } from '@sallyport/schema/index.ts';
import type { ModuleDeclaration } from '@sallyport/schema/vocabulary/define-module.ts';
import { createGateway, type GatewayOptions } from '@sallyport/server/app.ts';
import { kyselyOn, openPool } from '@sallyport/server/db/connect.ts';
import { createLog } from '@sallyport/server/kernel/log.ts';
import type pg from 'pg';
import type { AnsweredError, QueryOptions, TestClient, TestGateway } from '../helpers/gateway.ts';

export interface SecondAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly code: string | null;
  readonly errors: readonly AnsweredError[];
  /** Of the only field asked for. */
  readonly payload: { readonly status?: string; readonly auditEventId?: string } | null;
}

/** Another gateway on a test's database, for requests of people who are signed in at the first. */
export interface SecondGateway {
  readonly pool: pg.Pool;
  send(client: TestClient, document: string, input: Readonly<Record<string, unknown>>, options?: QueryOptions): Promise<SecondAnswer>;
  close(): Promise<void>;
}

export interface SecondGatewayOptions {
  /** Address of the database, e.g. through a proxy. The serving login's own where absent. */
  readonly connectionString?: string;
  readonly connections?: number;
  readonly statementTimeoutMs?: number;
  /** Places outside the database for checkpoints; none where absent. */
  readonly anchors?: GatewayOptions['anchors'];
  /** The demo product's where absent. */
  readonly modules?: readonly ModuleDeclaration[];
  /** Requests of one session; as many as it likes where absent. */
  readonly session?: { readonly burst: number; readonly perSecond: number };
}

/** Its keys are its own: sessions are the database's, so it serves everybody, but nobody signs in here. */
export async function openSecondGateway({ database }: TestGateway, options: SecondGatewayOptions = {}): Promise<SecondGateway> {
  const pool = openPool({
    connectionString: options.connectionString ?? database.appUrl,
    max: options.connections ?? 10,
    applicationName: 'second-gateway',
    ...(options.statementTimeoutMs === undefined ? {} : { statementTimeoutMs: options.statementTimeoutMs }),
  });
  const generous = { burst: 1e6, perSecond: 1e6 };
  const gateway = await createGateway({
    config: { host: '127.0.0.1', port: 0, publicUrl: null, secureCookies: false, environment: 'test', development: false, trustedProxies: [], metricsReaders: [] },
    pool,
    db: kyselyOn(pool),
    modules: options.modules ?? modules,
    keys: { currentKeyId: 'second', keys: { second: randomBytes(32) } },
    log: createLog('silent'),
    staticDirectory: null,
    limits: { address: generous, session: options.session ?? generous, refusalsPerMinute: 1e6 },
    worker: false,
    ...(options.anchors ? { anchors: options.anchors } : {}),
  });
  return {
    pool,
    async send(client, document, input, { correlationId = randomUUID(), idempotencyKey, proof, headers = {} } = {}) {
      const response = await gateway.fetch(
        new Request('http://127.0.0.1:4000/graphql', {
          method: 'POST',
          headers: {
            origin: 'http://127.0.0.1:4000',
            'content-type': 'application/json',
            cookie: client.cookie(),
            'x-correlation-id': correlationId,
            ...(idempotencyKey ? { 'idempotency-key': idempotencyKey } : {}),
            ...(proof ? { 'step-up-proof': proof } : {}),
            ...headers,
          },
          body: JSON.stringify({ query: document, variables: { input } }),
        }),
        { ip: '127.0.0.1' },
      );
      const { data, errors = [] } = (await response.json()) as { data?: Record<string, SecondAnswer['payload']> | null; errors?: AnsweredError[] };
      return { status: response.status, headers: response.headers, code: errors[0]?.extensions.code ?? null, errors, payload: Object.values(data ?? {})[0] ?? null };
    },
    async close() {
      await gateway.close();
      await pool.end();
    },
  };
}
