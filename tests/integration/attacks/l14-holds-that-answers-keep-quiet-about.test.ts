import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { startTestGateway } from '../../helpers/gateway.ts';

const ANSWERS = 'query ($tenantId: ID) { securityAnswers(tenantId: $tenantId) { answers { id verdict answer { en id } figures { name value } } markdown(language: EN) } }';
const PLACE = 'mutation ($input: PlaceLegalHoldInput!) { placeLegalHold(input: $input) { status } }';

test('C4 L14 whoever answers a customer does not learn from the answers that a legal hold is placed on them, nor does the customer', async () => {
  const scene = await startTestGateway();
  try {
    const success = await scene.asRole('customer-success');
    const { rows } = await sql<{ id: string }>`select id::text from product.tenant order by id limit 1`.execute(scene.database.owner);
    const tenantId = rows[0]?.id;
    // What the sign-in and the placing leave on the log belongs to no tenant; retention is what holds bear on.
    const retention = async () => {
      const told = await success.query(ANSWERS, { tenantId });
      expect(told.codes).toEqual([]);
      return told.data?.['securityAnswers'].answers.find(({ id }: { readonly id: string }) => id === 'log-retention');
    };
    const before = await retention();
    const admin = await scene.asRole('platform-admin');
    expect((await admin.act(PLACE, { input: { tenant: [tenantId], justification: { reason: 'A court asks', ticket: 'LEGAL-1' } } })).codes).toEqual([]);
    expect(await retention()).toEqual(before);
    const all = await success.query(ANSWERS, { tenantId });
    expect(JSON.stringify(all.data)).not.toMatch(/holds? in force/);
  } finally {
    await scene.close();
  }
});
