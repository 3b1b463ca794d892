import type { Kysely, Transaction } from 'kysely';
import type { ErrorCode } from './errors.ts';
import type { Viewer } from './viewer.ts';
import type { ActionDeclaration } from './vocabulary/define-action.ts';
import type { ResourceDeclaration } from './vocabulary/define-resource.ts';

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
}

/** The one way in for an act, `server/src/gates`. */
export interface Door {
  /** @throws {GatewayError} when refused; the refusal is on the log by then. */
  runAction(action: ActionDeclaration, args: Readonly<Record<string, unknown>>, context: RequestContext): Promise<ActionResult>;
  /** Records that the viewer holds the action's permission nowhere, and throws FORBIDDEN. */
  refuseAction(action: ActionDeclaration, args: Readonly<Record<string, unknown>>, context: RequestContext): Promise<never>;
  /** Passes a read that is sensitive (cross-tenant search): step-up proof and event. */
  passSensitiveRead(resource: ResourceDeclaration, args: Readonly<Record<string, unknown>>, context: RequestContext): Promise<void>;
}

/** Collects, over one request, what has to be on the log before its answer leaves. */
export interface PersonalReads {
  /** Personal fields of one record were fetched. */
  note(resource: string, field: string, id: string, tenantId: string | null): void;
  /** Personal fields were filtered, searched or ordered by. */
  noteCondition(resource: string, field: string): void;
  /** Records whose reading is an event of its own were listed; with the names of the fields filtered on. */
  noteListing(kind: string, conditions: readonly string[]): void;
  /** A field, filter or list was refused for want of a permission. */
  refuse(permission: string, field: string): void;
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

export interface ActionResult {
  readonly status: 'EXECUTED' | 'PENDING_APPROVAL' | 'PREVIEWED';
  readonly correlationId: string;
  readonly auditEventId: string | null;
  /** The request that was filed in place of the act. */
  readonly approvalId: string | null;
  readonly changes: readonly FieldChange[];
  /** ID of the record acted on, re-read for the payload under the viewer's own rights. */
  readonly recordId: string | null;
  /** Values shown once (a new secret); never stored, absent in an idempotent replay. */
  readonly once: Readonly<Record<string, string>>;
}
