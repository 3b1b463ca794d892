import { sql } from 'kysely';
import type { Db } from '../../../ports.ts';
import type { Registry } from '../../../resources/registry.ts';
import type { AnswersScope } from '../answers-scope.ts';
import type { AnswersPeriod } from '../period.ts';
import { type DeclaredFacts, declaredFacts } from './declared-facts.ts';
import { type AccessFacts, readAccess } from './read-access.ts';
import { type EventFacts, readEvents } from './read-events.ts';
import { type LogFacts, readLogFacts } from './read-log.ts';
import { readSecondLooks, type SecondLookFacts } from './read-second-looks.ts';

/** All that answers are made of. */
export interface Facts {
  readonly period: AnswersPeriod;
  readonly tenantId: string | null;
  readonly declared: DeclaredFacts;
  readonly events: EventFacts;
  readonly access: AccessFacts;
  readonly looks: SecondLookFacts;
  readonly log: LogFacts;
}

/** Seconds for which one statement may count. */
const LONGEST_SECONDS = 60;
/** Everything as of one snapshot of the database. It looks at every event of its period: how many do so at a time is for the caller to see to. */
export async function readFacts(db: Db, registry: Registry, period: AnswersPeriod, tenantId: string | null): Promise<Facts> {
  const declared = declaredFacts(registry);
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      // A year of a large log takes longer than a statement usually may.
      await sql`set local statement_timeout = ${sql.lit(LONGEST_SECONDS * 1000)}`.execute(tx);
      const scope: AnswersScope = { ...period, tx, tenantId };
      const [events, access, looks, log] = await Promise.all([readEvents(scope, declared), readAccess(scope), readSecondLooks(scope), readLogFacts(scope)]);
      return { period, tenantId, declared, events, access, looks, log };
    });
}
