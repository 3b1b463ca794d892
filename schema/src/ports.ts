import type { Kysely, Transaction } from 'kysely';
import type { ErrorCode } from './errors.ts';
import type { Viewer } from './viewer.ts';
import type { Text } from './vocabulary/axes.ts';
import type { ActionDeclaration, ActionEffect, Facts, InputMap, SideChange } from './vocabulary/define-action.ts';
import type { ResourceDeclaration } from './vocabulary/define-resource.ts';
import type { FieldMap } from './vocabulary/field.ts';

/** An open transaction. A module names its own tables: `tx.withTables<BillingTables>()`. */
export type Tx = Transaction<unknown>;
/** A connection for reading outside a transaction. */
export type Db = Kysely<unknown>;

export type Surface = 'console' | 'api' | 'cli' | 'job';
export type Outcome = 'ok' | 'denied' | 'failed' | 'previewed';

/** A value before or after a change; `personal` fields are turned into salted commitments by the log. */
export type FieldValues = Readonly<Record<string, unknown>>;

export interface TargetReference {
  /** Resource name, e.g. `invoice`. */
  readonly type: string;
  readonly id: string;
}

/** What a caller of the log states; the log adds ID, time, policy version, hashes. */
export interface AuditEventDraft {
  /** A new UUID (version 7), where something of the same commit has to name the event. The log makes one otherwise. */
  readonly id?: string;
  /** A name of the event catalogue, e.g. `billing.invoice.refunded`. */
  readonly kind: string;
  readonly outcome: Outcome;
  /** Why it was refused or failed; a code of the closed set. */
  readonly reasonCode?: ErrorCode;
  readonly correlationId: string;
  readonly surface: Surface;
  readonly ip: string | null;
  /** Null only where nobody could be identified (a failed sign-in, a refused document). */
  readonly viewer: Viewer | null;
  /** For sign-in events, where there is a person but no viewer yet. */
  readonly actorId?: string;
  readonly actorName?: string;
  readonly sessionId?: string;
  /** Under which the act was done, where the viewer does not say so (jobs). */
  readonly breakGlassId?: string;
  /** GraphQL name of the action, e.g. `refundInvoice`. */
  readonly action?: string;
  readonly permission?: string;
  readonly effect?: 'read' | 'write';
  readonly reach?: 'tenant' | 'global';
  readonly tier?: 'routine' | 'privileged';
  readonly tenantId?: string | null;
  readonly target?: TargetReference;
  readonly reason?: string;
  readonly ticket?: string;
  readonly approvalId?: string;
  readonly stepUpId?: string;
  readonly before?: FieldValues;
  readonly after?: FieldValues;
  /** Class of each field in before/after; what is absent is treated as `secret`. */
  readonly classes?: Readonly<Record<string, 'public' | 'internal' | 'personal' | 'secret'>>;
  /** Names of personal fields read, `resource.field`. */
  readonly fieldsRead?: readonly string[];
  /** Further facts, names and counts only; never values of personal or secret fields. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Everything a resolver may ask the server for. One per request. */
export interface RequestContext {
  readonly viewer: Viewer | null;
  readonly correlationId: string;
  readonly surface: Surface;
  readonly ip: string;
  readonly userAgent: string;
  /** `production`, `staging`, … as configured. */
  readonly environment: string;
  /** Hash of the policy in force. */
  readonly policyVersion: string;
  readonly idempotencyKey: string | null;
  readonly stepUpProof: string | null;
  readonly db: Db;
  /** Authenticates list cursors; the same for all gateways on one database. */
  readonly cursorKey: Uint8Array;
  /** DataLoaders and other per-request memory, by key. */
  readonly memory: Map<unknown, unknown>;
  readonly door: Door;
  readonly reads: PersonalReads;
  /** How the database stands against what others have seen of the log, as this process knows it. */
  readonly logStanding: () => LogStanding;
  /** What the log rests on besides, as this process knows it. */
  readonly logSurroundings: () => LogSurroundings;
}

/**
 * `behind`: others have seen more of the log than the database holds; `fork`: another history. `unknown` until everybody who could know has answered once
 * since the start; `doubted` where one objects and can't be asked why.
 */
export interface LogStanding {
  readonly state: 'unknown' | 'doubted' | 'sound' | 'behind' | 'fork';
  /** Kinds of those that have not answered since the start; only while that is not known. */
  readonly unanswered?: readonly string[];
  /** What shows it; only where the log is behind or forked. */
  readonly seen?: { readonly place: string; readonly size: number };
}

/** What the log rests on, as a gateway's process knows it. */
export interface LogSurroundings {
  /** Witnesses that this gateway has cosign checkpoints. */
  readonly witnesses: readonly {
    readonly name: string;
    /** Their public key, as C2SP signed-note writes it. */
    readonly verifier: string;
    /** How often in a row one that this gateway runs itself has ended; null for one elsewhere. */
    readonly failures: number | null;
  }[];
  /** Seconds that the database's clock is ahead of the gateway's; negative for behind, null before it was compared. */
  readonly clockDifferenceSeconds: number | null;
  /** How full the log's store is; null where nothing bounds it that the gateway could see. */
  readonly store: { readonly level: 'roomy' | 'filling' | 'full'; readonly usedBytes: number; readonly capacityBytes: number } | null;
}

/** The one way in for an act, `server/src/gates`. */
export interface Door {
  /** @throws {GatewayError} when refused; the refusal is on the log by then. */
  runAction(action: ActionDeclaration, args: Readonly<Record<string, unknown>>, context: RequestContext): Promise<ActionResult>;
  /** Records that the viewer holds the action's permission nowhere, and throws FORBIDDEN. */
  refuseAction(action: ActionDeclaration, args: Readonly<Record<string, unknown>>, context: RequestContext): Promise<never>;
  /** Passes a read that is sensitive (cross-tenant search): step-up proof and event. */
  passSensitiveRead(resource: ResourceDeclaration, args: Readonly<Record<string, unknown>>, context: RequestContext): Promise<void>;
  /** Whether the viewer may approve the request as things stand, told by what decides it when they do. Null where there is no such request. */
  mayDecide(requestId: string, context: RequestContext): Promise<Verdict | null>;
}

/** Collects, over one request, what has to be on the log before its answer leaves. */
export interface PersonalReads {
  /** Personal fields of one record were fetched. */
  note(resource: string, field: string, id: string, tenantId: string | null): void;
  /** Personal fields were filtered, searched or ordered by. */
  noteCondition(resource: string, field: string): void;
  /** Records whose reading is an event of its own were listed; with the names of the fields filtered on. */
  noteListing(kind: string, conditions: readonly string[]): void;
  /** A field, filter or list was refused: for want of a permission, unless said. */
  refuse(permission: string, field: string, code?: 'FORBIDDEN' | 'RATE_LIMITED'): void;
}

/** What an effect may ask of the server beyond its own rows. Everything happens in the act's transaction and for its viewer. */
export interface ActServices {
  readonly approvals: ApprovalService;
  readonly staff: StaffService;
  readonly tokens: TokenService;
  readonly log: LogService;
  readonly keeping: LogKeepingService;
}

/** A loss of events, and the name under which the log goes on. */
export interface LogGapFacts {
  readonly originBefore: string;
  readonly originAfter: string;
  /** Where more was seen, and how much of it. */
  readonly seenPlace: string;
  readonly seenSize: number;
}

/** The log itself, `server/src/integrity`. */
export interface LogService {
  /** What the database lacks. @throws {GatewayError} CONFLICT where it lacks nothing. */
  findGap(tx: Tx): Promise<LogGapFacts>;
  /** Lets the log go on under a new name, with a new key. @throws {GatewayError} CONFLICT as `findGap`. */
  acknowledgeGap(tx: Tx): Promise<LogGapFacts & { readonly id: string }>;
}

/** What was pruned: for the act's own event. */
export interface PrunedSegment {
  readonly retention: string;
  /** `YYYY-MM`. */
  readonly month: string;
  readonly events: number;
  readonly firstIndex: number | null;
  readonly lastIndex: number | null;
  /** SHA-256, hex, over the leaf hashes of the events that went, in the order of their indexes. */
  readonly leafHashes: string;
  readonly personalValues: number;
}

/** Who lets go of something, why, and by whose approval. Without one it is tried out: the database commits nothing of it. */
export type KeepingFacts = Pick<Facts<FieldMap, InputMap>, 'viewer' | 'tenantId' | 'reason' | 'ticket' | 'approval' | 'correlationId'>;

/** What was erased: for the act's own event, from which the same can be done again where an older copy of the values comes back. */
export interface ErasureDetail {
  /** Values that stood beside events of the log and requests. */
  readonly valuesErased: number;
  readonly logEntries: number;
  readonly requests: number;
  /** SHA-256, hex, over `kind/id` of each of `erased` and `deleted`, a line each: the database commits an erasure only with an event that says it. */
  readonly subjectDigest: string;
  /** Whose values, by kind of record. */
  readonly erased: Readonly<Record<string, readonly string[]>>;
  /** Of them, records that went with the act from the product too. */
  readonly deleted?: Readonly<Record<string, readonly string[]>>;
}

/**
 * What is kept of the log and of the values beside it, `server/src/integrity/keeping`. The database looks at everything again, and commits what lets go of something only
 * with two people's request. Each may fail with UNAVAILABLE while the request is not on the signed log yet.
 */
export interface LogKeepingService {
  /** Whether a kind of record is declared by that name. */
  isResource(name: string): boolean;
  /** A record's ID as the log writes it: a UUID means the same in any case. Null for what can be no ID of that kind. */
  recordKey(resource: string, id: string): string | null;
  /** Whether the product still has the record. False for a kind that is not declared and for what can be no key of it. */
  isThere(tx: Tx, resource: string, id: string): Promise<boolean>;
  /**
   * Drops a segment that has served its time, and keeps a signed statement of what may be absent.
   * @throws {GatewayError} CONFLICT with the reason; UNAVAILABLE where somebody reads it at this moment.
   */
  pruneSegment(tx: Tx, id: string, facts: KeepingFacts): Promise<PrunedSegment>;
  setRetentionPeriod(tx: Tx, retention: string, years: number, facts: KeepingFacts): Promise<void>;
  /** @throws {GatewayError} CONFLICT where it has been released. */
  releaseHold(tx: Tx, id: string, facts: KeepingFacts): Promise<void>;
  /**
   * Puts what the resource declares in place of a record's personal values (`erasure`), and erases what stands of them beside events and
   * requests; `also` are further records whose values go with it, and which the act has taken out of the product where they are not there any more.
   * @returns the changes to other rows and what was erased, for the act's event.
   * @throws {GatewayError} CONFLICT under a legal hold, or where nothing is left to erase; UNAVAILABLE while one is being placed.
   */
  eraseRecord(
    tx: Tx,
    resource: ResourceDeclaration,
    id: string,
    facts: KeepingFacts,
    also?: readonly TargetReference[],
  ): Promise<{ readonly changes: readonly SideChange[]; readonly detail: ErasureDetail }>;
  /** Erases what stands of records' personal values beside events and requests, and books it under the first of them. @throws {GatewayError} as `eraseRecord`, but for a hold alone. */
  eraseSubject(tx: Tx, subjects: readonly [TargetReference, ...TargetReference[]], facts: KeepingFacts): Promise<{ readonly id: string; readonly detail: ErasureDetail }>;
}

/** Decisions on requests for a second person, `server/src/gates/approvals`. The request's row is locked by the caller. */
export interface ApprovalService {
  /**
   * Counts the viewer's approval and, where it is the last, executes the stored act in the same transaction.
   * @param shownDigest what the approver was shown, as the request states it.
   * @throws {GatewayError} SELF_APPROVAL, FORBIDDEN, APPROVAL_STATE, APPROVAL_EXPIRED, APPROVAL_STALE.
   */
  approve(tx: Tx, requestId: string, shownDigest: string, comment: string | null): Promise<ActionEffect>;
  /** @throws {GatewayError} as `approve`. */
  deny(tx: Tx, requestId: string, comment: string): Promise<ActionEffect>;
  /** Withdraws the viewer's own request. @throws {GatewayError} FORBIDDEN, APPROVAL_STATE, APPROVAL_EXPIRED. */
  cancel(tx: Tx, requestId: string): Promise<ActionEffect>;
  /** Ends every open request of a person whose access ends. Returns the events of it. */
  endAllOf(tx: Tx, staffId: string): Promise<readonly AuditEventDraft[]>;
}

/** Accounts of our own staff, `server/src/auth`. */
export interface StaffService {
  /** Ends all live sessions of a person, an event for each. Returns how many. */
  endSessions(tx: Tx, staffId: string, why: 'person-disabled' | 'enrolment'): Promise<number>;
  /** Ends what a person was lent for a time (elevations, emergencies), an event for each. Returns how many. */
  endTemporaryGrants(tx: Tx, staffId: string): Promise<number>;
  /** Whether a permission may be lent for a time: never one to administer access, or to approve what others ask for. */
  mayBeLent(permission: string): boolean;
  /** A one-time link by which a person sets password and authenticator; earlier links are void. */
  makeEnrolmentLink(tx: Tx, staffId: string): Promise<{ readonly url: string; readonly expiresAt: string }>;
  /** @throws {GatewayError} BAD_INPUT for an address that is none. */
  normaliseEmail(address: string): string;
}

/** Tokens for tooling, `server/src/auth/tokens`. */
export interface TokenService {
  /** A new token: shown once, kept as a hash; `hint` is its recognisable beginning. */
  make(): { readonly token: string; readonly hash: Buffer; readonly hint: string };
  /** Whether a token may carry the permission at all: never one to approve, to administer access, or that only a person may use. */
  mayCarry(permission: string): boolean;
  /** Revokes every live token of a person, an event for each: for when their access ends. Returns how many. */
  revokeAllOf(tx: Tx, staffId: string): Promise<number>;
}

export interface FieldChange {
  readonly resource: string;
  readonly id: string;
  readonly field: string;
  /** Rendered; null where absent or where this viewer may not read the field (then `masked`). */
  readonly before: string | null;
  readonly after: string | null;
  readonly masked: boolean;
}

/** Whether one person may decide on one request; why not, as a code of the closed set. */
export type Verdict =
  /** `approvers` are the permissions by which their approval counts. */
  { readonly allowed: true; readonly approvers: readonly string[] } | { readonly allowed: false; readonly code: ErrorCode; readonly permission?: string };

/** What asking a second person means, for the one who is about to ask or has asked. */
export interface ApprovalPlan {
  readonly when: Text;
  readonly alternatives: readonly { readonly approver: string; readonly quorum: number }[];
  readonly denials: number;
  readonly expiresAfterMinutes: number;
  /**
   * People who could approve as things stand, at most ten. Their names are told to whoever may ask, since that is
   * whom to turn to; nothing else about them is.
   */
  readonly approvers: readonly { readonly id: string; readonly displayName: string }[];
}

export interface ActionResult {
  readonly status: 'EXECUTED' | 'PENDING_APPROVAL' | 'PREVIEWED';
  readonly correlationId: string;
  readonly auditEventId: string | null;
  /** The request that was filed in place of the act. */
  readonly approvalId: string | null;
  /** Of a preview or a filed request, where a second person is needed. */
  readonly approvalPlan?: ApprovalPlan | null;
  readonly changes: readonly FieldChange[];
  /** ID of the record acted on, re-read for the payload under the viewer's own rights. */
  readonly recordId: string | null;
  /** Values shown once (a new secret); never stored, absent in an idempotent replay. */
  readonly once: Readonly<Record<string, string>>;
}
