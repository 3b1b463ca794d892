import type { AuditEventDraft, Db, Surface, Tx } from '@sallyport/schema/ports.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';

/** Facts of one HTTP request (or CLI call, or job) that everything behind the door may rely on. */
export interface RequestFacts {
  readonly correlationId: string;
  readonly surface: Surface;
  readonly ip: string;
  readonly userAgent: string;
}

/** The audit log as the rest of the server uses it. Implemented in `audit/`. */
export interface AuditLog {
  /** Appends inside the caller's transaction: commits or vanishes with it. One statement. */
  append(tx: Tx | Db, draft: AuditEventDraft): Promise<AppendedEvent>;
  /**
   * Appends in a commit of its own and resolves when durable; concurrent calls share one commit.
   * For refusals, sign-ins and reads.
   * @throws {GatewayError} AUDIT_UNAVAILABLE when it can't be written.
   */
  record(draft: AuditEventDraft): Promise<AppendedEvent>;
}

export interface AppendedEvent {
  readonly id: string;
}

/** Policy in force: hash of catalogue + roles + settings (RFC 8785 JSON, SHA-256, hex). */
export interface PolicyVersion {
  readonly hash: string;
}

export interface StepUpBinding {
  readonly viewer: Viewer;
  /** GraphQL name of the action or query. */
  readonly action: string;
  readonly targetType: string;
  readonly targetId: string | null;
  /** SHA-256, hex, of action + target + canonical arguments (without proof, preview and key). */
  readonly actionDigest: string;
}

export interface IssuedChallenge {
  readonly challenge: string;
  readonly maxAgeSeconds: number;
}

/** Step-up, implemented in `auth/step-up/`. */
export interface StepUp {
  issueChallenge(binding: StepUpBinding, facts: RequestFacts): Promise<IssuedChallenge>;
  /**
   * Spends a proof inside the transaction that it allows: one guarded UPDATE that holds person, session,
   * action, target, digest and expiry (database clock). Null when it does not fit or is spent.
   */
  claimProof(tx: Tx, proof: string, binding: StepUpBinding): Promise<{ readonly stepUpId: string } | null>;
}

/** Sign-in and sessions, implemented in `auth/`. */
export interface Authentication {
  /** Reads cookie or bearer; null when there is none. @throws {GatewayError} UNAUTHENTICATED when it is bad, ended or expired. One database round trip. */
  loadViewer(request: { readonly headers: Pick<Headers, 'get'> }, facts: RequestFacts): Promise<Viewer | null>;
  /** The same rights, read again inside a transaction, session and staff rows locked FOR SHARE. Null when the session is over. */
  reloadViewer(tx: Tx, viewer: Viewer): Promise<Viewer | null>;
  /** Answers `/auth/*`. Body is parsed JSON; the router has done origin, content type and size. */
  handle(path: string, request: Request, facts: RequestFacts): Promise<Response>;
  readonly stepUp: StepUp;
}
