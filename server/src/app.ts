import { hkdfSync, randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { buildGatewaySchema } from '@sallyport/schema/index.ts';
import { processStarted, processStopped } from '@sallyport/schema/modules/gateway/index.ts';
import { decideDocument } from '@sallyport/schema/policy/decide-document.ts';
import type { Db } from '@sallyport/schema/ports.ts';
import type { EventDeclaration } from '@sallyport/schema/vocabulary/define-event.ts';
import type { ModuleDeclaration } from '@sallyport/schema/vocabulary/define-module.ts';
import { sql } from 'kysely';
import type { Pool } from 'pg';
import { createAuditLog } from './audit/audit-log.ts';
import { handleAuditExport } from './audit/handle-export.ts';
import { createPersonalReads } from './audit/personal-reads.ts';
import { ensurePolicyVersion } from './audit/policy-version.ts';
import { AUTHENTICATION_ROUTES, createAuthentication } from './auth/create-authentication.ts';
import { purgeExpiredAccess } from './auth/purge-expired-access.ts';
import type { SecretKeys } from './auth/sealed-secret.ts';
import { createStaffService } from './auth/staff-accounts.ts';
import { createTokenMaking } from './auth/tokens/make-tokens.ts';
import { rotateSigningKeyWhenDue } from './auth/tokens/rotate-signing-key.ts';
import { type Config, publicUrlOf } from './config.ts';
import { createTransactions } from './db/pipelined-transaction.ts';
import { createEvidenceHandler } from './evidence/download/handle-evidence.ts';
import { openReadingPool } from './evidence/source/reading-pool.ts';
import { createFlowMetrics } from './flows/flow-metrics.ts';
import { startCounting } from './flows/start-counting.ts';
import { endLapsedApprovals } from './gates/approvals/endings.ts';
import { createDoor } from './gates/door.ts';
import { createLogIntegrity, type LogIntegrity, type LogIntegrityOptions } from './integrity/create-log-integrity.ts';
import type { AnchorOptions } from './integrity/anchors/create-anchors.ts';
import { handleLogFiles } from './integrity/handle-log-files.ts';
import { createLogKeeping } from './integrity/keeping/log-keeping.ts';
import { repeatErasures } from './integrity/keeping/repeat-erasures.ts';
import { inventLogName } from './integrity/log-name.ts';
import { logSchedules } from './integrity/log-schedules.ts';
import { readLogFigures } from './integrity/log-figures.ts';
import { describeStanding } from './integrity/standing.ts';
import { verifyWholeLog } from './integrity/verify-whole-log.ts';
import { createHttpGateway, type RequestLimits } from './http/gateway.ts';
import { listenForAnnouncements } from './http/live/announcements.ts';
import { createLiveStreams } from './http/live/live-streams.ts';
import { prepareEnqueue } from './jobs/enqueue.ts';
import { openMail } from './jobs/mail/open-mail.ts';
import { accessReviewSchedules } from './jobs/reviews/review-schedules.ts';
import { SCHEDULES } from './jobs/schedules.ts';
import { startWorker } from './jobs/worker.ts';
import { classifyFailure } from './kernel/classify-failure.ts';
import { describeError, type Log } from './kernel/log.ts';
import { peopleToTell } from './people-to-tell.ts';
import { openSinks, startStreaming } from './streaming/start-streaming.ts';
import { streamStates } from '@sallyport/schema/modules/log/stream-states.ts';
import { tellOfFailingStreams } from './streaming/tell-of-failing-streams.ts';
import { type Indexing, startIndexing } from './search/start-indexing.ts';
import { printVerifierKey } from './transparency/note-key.ts';

export interface GatewayOptions {
  readonly config: Pick<Config, 'host' | 'port' | 'publicUrl' | 'secureCookies' | 'environment' | 'development' | 'trustedProxies' | 'metricsReaders'> &
    Partial<Pick<Config, 'mail' | 'tokenAudiences' | 'logOrigin' | 'logStreams'>>;
  /** Places outside the database for checkpoints of the log; none unless said. */
  readonly anchors?: Omit<AnchorOptions, 'log'>;
  /** What bounds the store of the log; nothing unless said. */
  readonly store?: LogIntegrityOptions['store'];
  /** Of the serving role. Stays the caller's: it is ended after `close`. */
  readonly pool: Pool;
  readonly db: Db;
  readonly modules: readonly ModuleDeclaration[];
  readonly keys: SecretKeys;
  readonly log: Log;
  /** Build of the console; null where there is none. */
  readonly staticDirectory: URL | null;
  /** Ceilings other than the usual, for load tests. */
  readonly limits?: RequestLimits;
  /** Whether this process also works off the outbox. Default true. */
  readonly worker?: boolean;
}

export interface Gateway {
  /** Answers one request within the process, the same way as over the wire. */
  fetch(request: Request, peer: { readonly ip: string }): Promise<Response>;
  /** @throws {Error} EADDRINUSE and the like. */
  listen(): Promise<{ readonly url: string }>;
  /** The log's tree: sealing, signing, anchoring. */
  readonly integrity: LogIntegrity;
  /** Keeps the search up with the log. */
  readonly indexing: Indexing;
  /** Ends in good order: no new requests, those in flight finish within ten seconds, jobs in hand too, the log is drained. */
  close(): Promise<void>;
}

const GRACE_MS = 10_000;
const HOUR_MS = 3_600_000;
const READY_TIMEOUT_MS = 2_000;
/** Where Vite serves the console while developing. */
const DEVELOPMENT_ORIGINS = ['http://localhost:5173', 'http://127.0.0.1:5173'];

/** Builds the gateway from its parts; `main.ts` lets it listen. The only place that knows all of them. */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, db, pool, modules, keys, log } = options;
  const { environment } = config;
  const built = buildGatewaySchema(modules);
  const { schema, fastSchema, registry, catalogue } = built;
  const { roles } = registry;
  const policy = await ensurePolicyVersion(db, catalogue);
  const audit = createAuditLog({ db, policy, environment, roles });
  const integrity = await createLogIntegrity(db, {
    pool,
    secrets: keys,
    audit,
    naming: { configured: config.logOrigin ?? null, invented: inventLogName(publicUrlOf(config), environment) },
    anchors: options.anchors ?? { file: null, webhookUrl: null, witness: null },
    store: options.store ?? { directory: null, limitBytes: null },
    log,
  });
  const authentication = createAuthentication({
    db,
    pool,
    audit,
    keys,
    roles,
    secureCookies: config.secureCookies,
    environment,
    signing: { issuer: publicUrlOf(config), audiences: config.tokenAudiences ?? [] },
  });
  const prepareMessage: Parameters<typeof createDoor>[0]['prepareMessage'] = (message, correlationId, tenantId) => prepareEnqueue(message, correlationId, tenantId).query;
  const flowMetrics = createFlowMetrics(db);
  const door = createDoor({
    open: createTransactions(pool),
    registry,
    audit,
    authentication,
    prepareMessage,
    classify: classifyFailure,
    staff: createStaffService({ registry, audit, publicUrl: publicUrlOf(config) }),
    tokens: createTokenMaking(registry, audit),
    log: integrity.service,
    keeping: createLogKeeping({ registry, signer: integrity.signer, sealNow: integrity.sealNow }),
    requireSoundLog: integrity.gate.require,
  });
  const evidenceReading = openReadingPool(pool);
  const handleEvidence = createEvidenceHandler({
    db,
    reading: evidenceReading.db,
    open: createTransactions(pool),
    audit,
    authentication,
    integrity,
    registry,
    witnessKeys: options.anchors?.witness ? [printVerifierKey(options.anchors.witness.key)] : [],
    setting: { environment, policyVersion: policy.hash },
    log,
  });
  const live = createLiveStreams({ readViewers: authentication.readViewers, log });
  const http = createHttpGateway({
    schema,
    fastSchema,
    mayRunFast: ({ document, operationName }, viewer) => decideDocument(schema, document, operationName, viewer),
    authentication: flowMetrics.watchAuthentication(authentication),
    authenticationRoutes: AUTHENTICATION_ROUTES,
    audit,
    createReads: createPersonalReads,
    shared: {
      environment,
      policyVersion: policy.hash,
      db,
      cursorKey: cursorKeyOf(keys),
      door: flowMetrics.watchDoor(door),
      logStanding: () => describeStanding(integrity.standing.now()),
      logSurroundings: integrity.surroundings,
    },
    handleAuditExport: (request, facts, viewer) => handleAuditExport(request, facts, viewer, { db, audit }),
    handleLogFiles: (request, facts, viewer) =>
      new URL(request.url).pathname === '/log/evidence' ? handleEvidence(request, facts, viewer) : handleLogFiles(request, facts, viewer, { db, audit, reader: integrity.reader }),
    catalogue: JSON.stringify(catalogue),
    live,
    ...(authentication.tokenIssuing ? { tokenIssuing: authentication.tokenIssuing } : {}),
    isReady: () => answersInTime(db),
    pool,
    streams: () => streamStates(db),
    logFigures: () => readLogFigures(db, integrity),
    registerFigures: flowMetrics.register,
    log,
    staticDirectory: options.staticDirectory === null ? null : fileURLToPath(options.staticDirectory),
    origins: {
      publicOrigin: config.publicUrl,
      additionalOrigins: config.development ? DEVELOPMENT_ORIGINS : [],
      hostNames: [],
    },
    trustedProxies: config.trustedProxies,
    metricsReaders: config.metricsReaders,
    development: config.development,
    ...(options.limits ? { limits: options.limits } : {}),
  });
  const mail = openMail({ db, registry, publicUrl: publicUrlOf(config), server: config.mail ?? null, recipients: peopleToTell(db, roles) });
  const worker =
    options.worker === false
      ? null
      : await startWorker({
          pool,
          audit,
          isOpen: integrity.gate.isOpen,
          deliver: mail.deliver,
          tasks: { 'verify-log': ({ payload }) => verifyWholeLog(db, audit, String(payload['logVerificationId'])) },
          // Asked for by an act that is done while the log is behind, too.
          urgentTasks: ['verify-log'],
          schedules: [
            ...SCHEDULES,
            { name: 'end-lapsed-approvals', every: 'minute', run: endLapsedApprovals(prepareMessage) },
            ...accessReviewSchedules(roles),
            ...logSchedules(keys),
            { name: 'tell-of-failing-streams', every: 'minute', run: tellOfFailingStreams },
            { name: 'rotate-signing-key', every: 'day', run: (onDb, log) => rotateSigningKeyWhenDue(onDb, log, keys) },
          ],
          onFault: (message) => log.error({ message }, 'the job queue had a fault'),
        });
  const streaming = startStreaming({ pool, db, audit, log, sinks: openSinks(config.logStreams ?? []) });
  const indexing = startIndexing(db, log);
  const counting = startCounting(db, registry, log);
  const announcements = listenForAnnouncements(pool.options, live, log);
  const housekeeping = setInterval(() => void purgeExpiredAccess(db).catch(() => log.error('expired sessions and attempts could not be cleared away')), HOUR_MS);
  housekeeping.unref();
  const note = async (event: EventDeclaration): Promise<void> => {
    await audit.record({ kind: event.kind, outcome: 'ok', correlationId: randomUUID(), surface: 'job', ip: null, viewer: null, actorId: 'gateway', actorName: 'Gateway process' });
  };
  // Before anybody is served: values that came back with a backup go again.
  await repeatErasures({ db, registry, audit, log }, 'undone', { surface: 'job', actorId: 'gateway', actorName: 'Gateway process' }).catch((fault: unknown) =>
    log.error({ failure: describeError(fault) }, 'whether erased values came back could not be looked at; it is at the next start'),
  );

  return {
    integrity,
    indexing,
    fetch: http.fetch,
    async listen() {
      const listening = await http.listen(config.host, config.port);
      await note(processStarted);
      return listening;
    },
    async close() {
      clearInterval(housekeeping);
      await announcements.close();
      await streaming.stop();
      await http.close(GRACE_MS);
      await evidenceReading.end();
      await worker?.stop();
      mail.close();
      await indexing.stop();
      await counting.stop();
      await integrity.stop();
      // A database that is gone must not keep the process from ending.
      await note(processStopped).catch(() => log.error('the end of the process could not be recorded'));
      await audit.drain();
    },
  };
}

/** Cursors are authenticated with a key of their own, the same for all gateways with one key file. */
function cursorKeyOf(keys: SecretKeys): Uint8Array {
  const secret = keys.keys[keys.currentKeyId];
  if (!secret) throw new TypeError('The current key is not among the keys');
  return new Uint8Array(hkdfSync('sha256', secret, '', 'sallyport list cursors', 32));
}

async function answersInTime(db: Db): Promise<boolean> {
  const late = new Promise<false>((resolve) => {
    setTimeout(() => resolve(false), READY_TIMEOUT_MS).unref();
  });
  const asked = sql`select 1`.execute(db).then(
    () => true,
    () => false,
  );
  return Promise.race([asked, late]);
}
