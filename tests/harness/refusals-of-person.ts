import { randomUUID } from 'node:crypto';
import { withGrants, withReadOnlySession } from './acting-person.ts';
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

  const elsewhere = await otherTenant(stage);
  await withGrants(superuser, client.person.email, [], () => refused('FORBIDDEN', 'no grant at all', send));
  if (onlooker) {
    await withGrants(superuser, client.person.email, [{ role: onlooker, tenants: 'global' }], () => refused('FORBIDDEN', 'sees the record, may act nowhere', send));
    await withGrants(superuser, client.person.email, [{ role: onlooker, tenants: 'global' }], () =>
      refused('FORBIDDEN', 'may act nowhere, record absent', () => stage.send({ ...input, id: absentId(stage) })),
    );
  }
  if (elsewhere === null || act.row.tenantId === null || action.permission.reach === 'global') return;
  await withGrants(superuser, client.person.email, [{ role, tenants: [elsewhere] }], () => refused('NOT_FOUND', "another tenant's record", send));
  if (onlooker) {
    const grants = [
      { role: onlooker, tenants: [act.row.tenantId] },
      { role, tenants: [elsewhere] },
    ];
    await withGrants(superuser, client.person.email, grants, () => refused('FORBIDDEN', 'sees the record, may act elsewhere', send));
  }
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
