import type { Tx } from '../../ports.ts';
import type { SideChange } from '../../vocabulary/define-action.ts';
import { productSession } from './product-session.resource.ts';
import type { PeopleTables } from './tables.ts';

/** Ends all sessions of a person. The records of them that the log keeps hold no network address. */
export async function deleteSessions(transaction: Tx, personId: string): Promise<readonly SideChange[]> {
  const ended = await transaction
    .withTables<PeopleTables>()
    .deleteFrom('product.product_session')
    .where('person_id', '=', personId)
    .returning(['id', 'client', 'device', 'started_at', 'expires_at'])
    .execute();
  return ended.map((session) => ({
    resource: productSession,
    id: session.id,
    before: { client: session.client, device: session.device, startedAt: session.started_at, expiresAt: session.expires_at },
    after: null,
  }));
}
