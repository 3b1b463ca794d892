import { Readable } from 'node:stream';
import { GatewayError } from '@sallyport/schema/errors.ts';
import { EVIDENCE_BEGUN, EVIDENCE_ENDED } from '@sallyport/schema/modules/audit/audit.event.ts';
import { MAKE_EVIDENCE } from '@sallyport/schema/modules/audit/permissions.ts';
import type { ReportSelection } from '@sallyport/schema/modules/audit/report/selection.ts';
import type { Db } from '@sallyport/schema/ports.ts';
import type { Registry } from '@sallyport/schema/resources/registry.ts';
import { covers, type TenantReach, type Viewer } from '@sallyport/schema/viewer.ts';
import type { OpenTransaction } from '../../db/pipelined-transaction.ts';
import type { Attempt } from '../../gates/attempt.ts';
import { createRefusals } from '../../gates/refusals.ts';
import type { LogIntegrity } from '../../integrity/create-log-integrity.ts';
import { classifyFailure } from '../../kernel/classify-failure.ts';
import { describeError, type Log } from '../../kernel/log.ts';
import { markRecorded } from '../../kernel/recorded-refusal.ts';
import type { AuditLog, Authentication, RequestFacts } from '../../kernel/seams.ts';
import type { AnswersSetting } from '../answers/answers-files.ts';
import { writePackApart } from '../pack/write-pack-apart.ts';
import { type EvidenceRequest, evidenceReach, parseEvidenceRequest } from '../source/evidence-request.ts';
import { packContents } from '../source/pack-source.ts';
import { pickCheckpoint } from '../source/pick-checkpoint.ts';
import { type SelectedEntries, selectEntries } from '../source/select-entries.ts';
import { createDownloadBudget } from './download-budget.ts';
import { evidenceBinding, evidenceFacts, passEvidence } from './pass-evidence.ts';

export interface EvidenceParts {
  readonly db: Db;
  /** For statements over many events: with patience, and on connections that nobody else waits for. */
  readonly reading: Db;
  readonly open: OpenTransaction;
  readonly audit: AuditLog;
  readonly authentication: Pick<Authentication, 'loadViewer' | 'reloadViewer' | 'stepUp'>;
  readonly integrity: Pick<LogIntegrity, 'reader' | 'signer' | 'sealNow' | 'anchorNow'>;
  readonly registry: Registry;
  readonly witnessKeys: readonly string[];
  /** Named in the answers that go with a pack. */
  readonly setting: AnswersSetting;
  readonly log: Log;
}

/** Milliseconds between two looks at the rights of whoever is being answered. */
const LOOK_AGAIN_MS = 2_000;
/** Milliseconds after which a reader who takes nothing is given up. */
const STALLED_MS = 60_000;
/** Bytes of a pack for each byte of canonical form, about: JSON, CSV and OCSF, each compressed. */
const PACKED = 0.33;
/** Of one hash of the proof, of one policy, and of all that every pack holds. */
const PACKED_NODE = 34;
const PACKED_POLICY = 45_000;
const PACKED_REST = 15_000;

/**
 * GET /log/evidence: streams an evidence pack. It takes every right over the log for each event that it discloses, and a fresh code (a token: the right to make
 * packs, named when it was made). Its beginning is on the log before the first byte leaves, its end afterwards with what became of it; a refusal is recorded too.
 * `X-Total-Events` says how many events it holds, `X-Estimated-Bytes` about how long it will be: for a bar that shows progress.
 * @throws {GatewayError} BAD_INPUT, FORBIDDEN, STEP_UP_REQUIRED, NOT_FOUND, RATE_LIMITED, AUDIT_UNAVAILABLE; each on the log by then.
 */
export function createEvidenceHandler(parts: EvidenceParts): (request: Request, facts: RequestFacts, viewer: Viewer) => Promise<Response> {
  const refusals = createRefusals({ audit: parts.audit, authentication: parts.authentication, classify: classifyFailure });
  const budget = createDownloadBudget();

  return async (request, facts, viewer) => {
    let attempt: Attempt = { kind: EVIDENCE_BEGUN.kind, facts: evidenceFacts({}) };
    let done: (() => void) | null = null;
    try {
      const reach = evidenceReach(viewer);
      const asked = parseEvidenceRequest(new URL(request.url).searchParams, request.headers.get('accept-language'));
      const { selection } = asked;
      attempt = { kind: EVIDENCE_BEGUN.kind, facts: evidenceFacts(selection), ...(viewer.token ? {} : { binding: evidenceBinding(viewer, selection) }) };
      const proof = request.headers.get('step-up-proof');
      // Nothing of the log is read for whoever brings no good code; it is spent with the event that says what was read.
      const mayRead = viewer.token !== null || (proof !== null && (await parts.authentication.stepUp.isGoodProof(proof, evidenceBinding(viewer, selection))));
      if (!mayRead) throw new GatewayError('STEP_UP_REQUIRED');
      done = budget.take(viewer.actor.id);
      return await begin(parts, { request, facts, viewer, asked, reach, proof, done });
    } catch (error) {
      done?.();
      try {
        return await refusals.refuse(attempt, error, { ...facts, viewer });
      } catch (refusal) {
        throw refusal instanceof GatewayError ? markRecorded(refusal) : refusal;
      }
    }
  };
}

interface Passage {
  readonly request: Request;
  readonly facts: RequestFacts;
  readonly viewer: Viewer;
  readonly asked: EvidenceRequest;
  readonly reach: TenantReach;
  readonly proof: string | null;
  readonly done: () => void;
}

async function begin(parts: EvidenceParts, passage: Passage): Promise<Response> {
  const { db, reading, integrity, registry, witnessKeys, setting } = parts;
  const { facts, viewer, asked, reach, proof } = passage;
  const { selection, language } = asked;
  const checkpoint = await pickCheckpoint(db, integrity);
  const query = { db: reading, reach, selection, size: checkpoint.size };
  const entries = await selectEntries(query);
  const counts = { events: entries.indexes.length, treeSize: checkpoint.size, firstIndex: entries.begin, endIndex: entries.end };
  await passEvidence(parts, { viewer, selection, reach, proof, facts, detail: counts });
  const stillAllowed = watchRights(parts, passage);
  const contents = await packContents({ reader: integrity.reader, registry, witnessKeys, setting }, { query, entries, checkpoint, viewer, language, stillAllowed });
  const pack = writePackApart(contents, (text) => integrity.signer.sign(db, checkpoint.origin, text, checkpoint.size));
  noteEnd(parts, passage, pack, selection, counts);
  return new Response(Readable.toWeb(pack) as ReadableStream<Uint8Array>, { headers: headersOf(facts, entries, contents.proof.nodes.length) });
}

const headersOf = ({ correlationId }: RequestFacts, { indexes, bytes, policies }: SelectedEntries, nodes: number): Record<string, string> => ({
  'content-type': 'application/zip',
  'content-disposition': `attachment; filename="evidence-${correlationId}.zip"`,
  'cache-control': 'no-store',
  'x-total-events': `${indexes.length}`,
  'x-estimated-bytes': `${Math.ceil(bytes * PACKED) + nodes * PACKED_NODE + policies * PACKED_POLICY + PACKED_REST}`,
});

/** Rights that end while a pack goes out end the pack: they are read anew every few seconds, as a request's are. */
function watchRights({ authentication }: EvidenceParts, { request, facts, viewer, reach }: Passage): () => Promise<void> {
  let looked = performance.now();
  return async () => {
    if (performance.now() - looked < LOOK_AGAIN_MS) return;
    looked = performance.now();
    const live = await authentication.loadViewer({ headers: request.headers }, facts, { touch: false });
    if (live?.actor.id !== viewer.actor.id || !covers(evidenceReach(live), reach)) throw new GatewayError('FORBIDDEN', undefined, { permission: MAKE_EVIDENCE.name });
  };
}

/** Puts the end on the log, once: how much left, and whether that was all. */
function noteEnd({ audit, log }: EvidenceParts, { facts, viewer, done }: Passage, pack: Readable, selection: ReportSelection, counts: Readonly<Record<string, number>>): void {
  let bytes = 0;
  let fault: unknown = null;
  pack.on('data', (piece: Buffer) => {
    bytes += piece.length;
  });
  pack.pause();
  let before = -1;
  const stalled = setInterval(() => {
    if (bytes === before) pack.destroy(new GatewayError('UNAVAILABLE', 'Nobody took the pack.'));
    before = bytes;
  }, STALLED_MS);
  stalled.unref();
  pack.once('error', (error) => {
    fault = error;
  });
  pack.once('close', () => {
    clearInterval(stalled);
    done();
    const complete = pack.readableEnded;
    const common = evidenceFacts(selection);
    if (fault !== null) log.error({ correlationId: facts.correlationId, failure: describeError(fault) }, 'an evidence pack broke off');
    void audit
      .record({
        ...common,
        kind: EVIDENCE_ENDED.kind,
        outcome: complete ? 'ok' : 'failed',
        ...(fault === null ? {} : { reasonCode: classifyFailure(fault).code }),
        correlationId: facts.correlationId,
        surface: facts.surface,
        ip: facts.ip,
        viewer,
        detail: { ...common.detail, ...counts, bytes },
      })
      .catch((error: unknown) => log.error({ correlationId: facts.correlationId, failure: describeError(error) }, 'the end of an evidence pack could not be recorded'));
  });
}
