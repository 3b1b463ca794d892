import type { ErrorCode } from '@sallyport/schema/errors.ts';
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
  /** Whether a proof could be spent at this moment, by the database's clock. Spends nothing, allows nothing: it spares work for whoever brings none. */
  isGoodProof(proof: string, binding: StepUpBinding): Promise<boolean>;
}

/** How a viewer is read. */
export interface ViewerReading {
  /** Whether this is use of the session, which keeps it from running idle. Default true. */
  readonly touch?: boolean;
}

/** Sign-in and sessions, implemented in `auth/`. */
export interface Authentication {
  /** Reads cookie or bearer; null when there is none. @throws {GatewayError} UNAUTHENTICATED when it is bad, ended or expired. One database round trip. */
  loadViewer(request: { readonly headers: Pick<Headers, 'get'> }, facts: RequestFacts, reading?: ViewerReading): Promise<Viewer | null>;
  /** The same rights, read again inside a transaction, session and staff rows locked FOR SHARE. Null when the session is over. */
  reloadViewer(tx: Tx, viewer: Viewer): Promise<Viewer | null>;
  /** Who is behind these sessions now, by session ID; a session that is over is left out. One statement, and no use of the sessions. */
  readViewers(sessionIds: readonly string[]): Promise<ReadonlyMap<string, Viewer>>;
  /** Answers `/auth/*`. Body is parsed JSON; the router has done origin, content type and size. */
  handle(path: string, request: Request, facts: RequestFacts): Promise<Response>;
  readonly stepUp: StepUp;
}

/** An answer of the token endpoint; with the code of a refusal that is still to be put on the log: nobody knows who was refused. */
export interface ExchangeAnswer {
  readonly response: Response;
  readonly unrecorded: ErrorCode | null;
}

/** Signed access tokens for other services, implemented in `auth/tokens/`. */
export interface TokenIssuing {
  /** Answers `/auth/token`: token exchange (RFC 8693) with the errors of RFC 6749. What was issued, or refused to somebody known, is on the log by then. */
  exchange(form: URLSearchParams, authorization: string | null, facts: RequestFacts): Promise<ExchangeAnswer>;
  /** The JWK set (RFC 7517) with which others check what was signed. */
  publicKeys(): Promise<object>;
}
