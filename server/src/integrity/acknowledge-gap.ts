import { randomUUID } from 'node:crypto';
import { GatewayError } from '@sallyport/schema/errors.ts';
import type { LogGapFacts, LogService, Tx } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { SecretKeys } from '../auth/sealed-secret.ts';
import { restateRetention } from './keeping/retention-statements.ts';
import { addLogKey, createLogSigner } from './log-keys.ts';
import { gapsOf, nameAfterGap } from './log-name.ts';
import type { StandingBook } from './standing.ts';

/** What an act may do with the log itself, by what this process knows of its standing. */
export function createLogService(secrets: SecretKeys, standing: StandingBook): LogService {
  const findGap = async (tx: Tx): Promise<LogGapFacts & { readonly seenNote: string; readonly size: number }> => {
    const known = standing.now();
    const { rows } = await sql<{ origin: string; size: number }>`select origin, size from audit.hold_head(true) where origin is not null`.execute(tx);
    const [head] = rows;
    // Another process may have seen to it, and this one not have looked since.
    if (!head || (known.state !== 'behind' && known.state !== 'fork') || known.origin !== head.origin)
      throw new GatewayError('CONFLICT', 'The log lacks nothing that others have seen.');
    const { seen } = known;
    const last = gapsOf(seen.origin) > gapsOf(head.origin) ? seen.origin : head.origin;
    return { originBefore: head.origin, originAfter: nameAfterGap(last), seenPlace: seen.place, seenSize: seen.size, seenNote: seen.note, size: head.size };
  };
  const factsOf = ({ originBefore, originAfter, seenPlace, seenSize }: LogGapFacts): LogGapFacts => ({ originBefore, originAfter, seenPlace, seenSize });
  return {
    findGap: async (tx) => factsOf(await findGap(tx)),
    async acknowledgeGap(tx) {
      const gap = await findGap(tx);
      const id = randomUUID();
      await sql`select audit.continue_log(${id}::uuid, ${gap.originBefore}, ${gap.originAfter}, ${gap.seenSize}::bigint, ${gap.seenNote})`.execute(tx);
      await addLogKey(tx, secrets, gap.originAfter, gap.size);
      await restateRetention(tx, createLogSigner(secrets));
      return { id, ...factsOf(gap) };
    },
  };
}
