import { randomUUID } from 'node:crypto';
import { besides, isEveryones, withGrants, withReadOnlySession } from './acting-person.ts';
import { freshInput, type Stage } from './stage.ts';

/** Refused for who asks: nobody, somebody without the right, with the right elsewhere, in a session that may only read, from another site. */
export async function refuseByPerson(stage: Stage): Promise<void> {
  const { test, superuser, action, act, client, document, onlooker, refused, role } = stage;
  const input = freshInput(stage);
  const send = () => stage.send(input);
  await refused('UNAUTHENTICATED', 'no session', () => test.stranger().query(document, { input }));
  await refused('UNAUTHENTICATED', 'a session that never was', () => test.stranger().query(document, { input }, { headers: { cookie: `sallyport_session=${'A'.repeat(43)}` } }));
  await refused('CSRF_REJECTED', 'from another site', () =>
    client.query(document, { input }, { headers: { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' } }),
  );
  await withReadOnlySession(superuser, client.person.email, () => refused('READ_ONLY_SESSION', 'a session that may only read', send));

  const tooOften = async () => {
    const { code, headers } = await stage.throttled.send(client, document, input);
    return { codes: code === null ? [] : [code], headers, data: null };
  };
  await stage.throttled.send(client, document, { ...input, preview: true });
  await refused('RATE_LIMITED', 'asked too often', tooOften);

  if (action.onRows) await refuseOthersRows(stage, input);
  if (isEveryones(stage.registry, action.permission.name)) return;
  const { email } = client.person;
  await withGrants(superuser, email, [], () => refused('FORBIDDEN', 'no grant at all', send));
  if (onlooker) {
    await withGrants(superuser, email, [{ role: onlooker, tenants: 'global' }], () => refused('FORBIDDEN', 'sees the record, may act nowhere', send));
    if (!action.creates)
      await withGrants(superuser, email, [{ role: onlooker, tenants: 'global' }], () =>
        refused('FORBIDDEN', 'may act nowhere, record absent', () => stage.send({ ...input, id: absentId(stage) })),
      );
  }
  const elsewhere = await otherTenant(stage);
  if (elsewhere === null || act.row.tenantId === null || action.permission.reach === 'global') return;
  await withGrants(superuser, email, [{ role, tenants: [elsewhere] }], () => refused('NOT_FOUND', "another tenant's record", send));
  if (onlooker) {
    const grants = [
      { role: onlooker, tenants: [act.row.tenantId] },
      { role, tenants: [elsewhere] },
    ];
    await withGrants(superuser, email, grants, () => refused('FORBIDDEN', 'sees the record, may act elsewhere', send));
  }
}

/**
 * A colleague who holds the same role, where the record is not one for them to act on: FORBIDDEN where they see it, NOT_FOUND where it
 * is hidden from them. What they may see, and whether the act is offered, is asked of the reading side.
 */
async function refuseOthersRows({ test, superuser, action, act, client, document, role, refused }: Stage, input: Readonly<Record<string, unknown>>): Promise<void> {
  const colleague = test.people.find(({ email, grants }) => email !== client.person.email && grants.length > 0);
  if (!colleague) throw new Error('nobody else is there');
  const neighbour = await besides(test, colleague);
  await withGrants(superuser, colleague.email, [{ role, tenants: 'global' }], async () => {
    const seen = (await neighbour.query(`query ($id: ID!) { record: ${action.on.name}(id: $id) { actions { name } } }`, { id: act.row.id })).data?.['record'];
    if (seen?.actions.some(({ name }: { readonly name: string }) => name === action.name)) return;
    await refused(seen ? 'FORBIDDEN' : 'NOT_FOUND', "a record that is another's to act on", () => neighbour.query(document, { input }));
  });
}

/** An ID of the right form that no record has. */
export const absentId = ({ action }: Pick<Stage, 'action'>): string =>
  action.on.key.type === 'integer' ? '2147480000' : action.on.key.type === 'uuid' ? randomUUID() : `absent-${randomUUID()}`;

async function otherTenant({ superuser, registry, act }: Stage): Promise<string | null> {
  const tenants = registry.tenantResource;
  if (!tenants) return null;
  const [schema, name, key] = [tenants.table.schema, tenants.table.name, tenants.key.column].map((part) => `"${part}"`);
  const { rows } = await superuser.query<{ id: string }>(`select ${key}::text as id from ${schema}.${name} where ${key}::text is distinct from $1 limit 1`, [act.row.tenantId]);
  return rows[0]?.id ?? null;
}
