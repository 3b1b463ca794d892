import type { RoleTable } from '@sallyport/schema/policy/rights.ts';
import type { AuditEventDraft, Db } from '@sallyport/schema/ports.ts';
import { CompiledQuery } from 'kysely';
import type { AuditLog, PolicyVersion } from '../kernel/seams.ts';
import { type AppendStatement, appendStatement } from './append-statement.ts';
import { auditUnavailable } from './audit-unavailable.ts';
import { type ComposedEvent, composeEvent, type LogSetting } from './compose-event.ts';
import { createGroupCommit } from './group-commit.ts';

export interface AuditLogOptions {
  /** Connection of the app role, for `record`. */
  readonly db: Db;
  readonly policy: PolicyVersion;
  /** `production`, `staging`, …: stands on every event. */
  readonly environment: string;
  /** Role → permissions, to name the grant that was used. */
  readonly roles: RoleTable;
}

export interface GatewayAuditLog extends AuditLog {
  /** The append as a bare statement, for a caller that pipelines its transaction over `pg` itself. Nothing is written by this call. */
  prepareAppend(draft: AuditEventDraft): AppendStatement & { readonly id: string };
  /** Waits until every recorded event is durable or refused; for shutdown. */
  drain(): Promise<void>;
}

/** Keeps one statement's parameter in the low megabytes, even of events near their bound. */
const LARGEST_BATCH = 256;

const execute = async (db: Db, { text, values }: AppendStatement): Promise<void> => {
  await db.executeQuery(CompiledQuery.raw(text, [...values]));
};

/**
 * The log as the server writes it. There is no way here to change or remove an event, and no switch that turns it off:
 * what can't be recorded is refused with AUDIT_UNAVAILABLE, and inside a transaction takes the change with it (H04).
 */
export function createAuditLog({ db, policy, environment, roles }: AuditLogOptions): GatewayAuditLog {
  const setting: LogSetting = { policyVersion: policy.hash, environment, roles };
  const commits = createGroupCommit<ComposedEvent>((events) => execute(db, appendStatement(events)), LARGEST_BATCH);
  const prepareAppend = (draft: AuditEventDraft): AppendStatement & { readonly id: string } => {
    const event = composeEvent(draft, setting);
    return { ...appendStatement([event]), id: event.record.id };
  };
  return {
    prepareAppend,
    async append(tx, draft) {
      try {
        const statement = prepareAppend(draft);
        await execute(tx, statement);
        return { id: statement.id };
      } catch (fault) {
        throw auditUnavailable(fault);
      }
    },
    async record(draft) {
      try {
        const event = composeEvent(draft, setting);
        await commits.add(event);
        return { id: event.record.id };
      } catch (fault) {
        throw auditUnavailable(fault);
      }
    },
    drain: () => commits.drain(),
  };
}
