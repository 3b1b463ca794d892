import { modules } from '@sallyport/schema/index.ts';
import { approveMfaResets, resetMfaOfPeople } from '@sallyport/schema/modules/people/permissions.ts';
import { mfaReset } from '@sallyport/schema/modules/people/person.event.ts';
import { person } from '@sallyport/schema/modules/people/person.resource.ts';
import { defineAction } from '@sallyport/schema/vocabulary/define-action.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deleteValuesAsOwner } from '../../helpers/erase-values.ts';
import { type ApprovalScene, APPROVE, openApprovalScene } from '../approvals/approval-scene.ts';

const OLD = 'Canary Sebelum';
const NEW = 'Canary Sesudah';

/** An act on personal data, for the demo product has none that needs a second person. */
const renamePerson = defineAction({
  name: 'renamePerson',
  on: person,
  permission: resetMfaOfPeople,
  label: { en: 'Rename', id: 'Ganti nama' },
  description: { en: 'Changes a name.', id: 'Mengganti nama.' },
  confirm: { en: 'Rename {title}', id: 'Ganti nama {title}' },
  done: { en: '{title} is renamed.', id: '{title} telah diganti.' },
  sensitive: 'never',
  justification: 'reason',
  approval: [{ stated: { en: 'always', id: 'selalu' }, when: () => true, alternatives: [{ approver: approveMfaResets, quorum: 1 }] }],
  input: { displayName: { type: 'text', maxLength: 100, class: 'personal', label: { en: 'Name', id: 'Nama' } } },
  event: mfaReset,
  async run(tx, { target, input }) {
    await sql`update product.person set display_name = ${input.displayName} where id = ${target.id}`.execute(tx);
    return {};
  },
});

let scene: ApprovalScene;
beforeAll(async () => {
  scene = await openApprovalScene({ modules: modules.map((module) => (module.name === 'people' ? { ...module, actions: [...module.actions, renamePerson] } : module)) });
});
afterAll(() => scene.close());

const RENAME =
  'mutation Act($input: RenamePersonInput!) { renamePerson(input: $input) { status approvalRequest { id shownDigest arguments } changes { field before after masked } } }';
const DECISION = 'query($id: ID!) { approvalDecision(id: $id) { changes { field before after masked } input { name value masked } mayDecide { allowed because permission } } }';

async function ask(): Promise<{ readonly id: string; readonly shownDigest: string; readonly personId: string; readonly answer: unknown }> {
  const { rows } = await sql<{
    id: string;
  }>`update product.person set display_name = ${OLD} where id = (select id from product.person where display_name not like 'Canary%' order by id limit 1) returning id`.execute(
    scene.test.database.owner,
  );
  const agus = await scene.test.asRole('security-operator');
  const answer = await agus.query(RENAME, { input: { id: rows[0]?.id, displayName: NEW, justification: { reason: 'Customer asked' } } });
  expect(answer.codes).toEqual([]);
  const { id, shownDigest } = answer.data?.['renamePerson'].approvalRequest ?? {};
  return { id, shownDigest, personId: rows[0]?.id ?? '', answer: answer.data };
}

/** Every row of the given schemas as text, for what should not be in there. */
async function dumpOf(...schemas: readonly string[]): Promise<string> {
  const { owner } = scene.test.database;
  const tables = await sql<{
    schema: string;
    name: string;
  }>`select table_schema as schema, table_name as name from information_schema.tables where table_schema = any(${[...schemas]}::text[]) and table_type = 'BASE TABLE'`.execute(
    owner,
  );
  const texts = [];
  for (const { schema, name } of tables.rows) {
    const { rows } = await sql<{ text: string | null }>`select string_agg(t::text, chr(10)) as text from ${sql.id(schema, name)} t`.execute(owner);
    texts.push(rows[0]?.text ?? '');
  }
  return texts.join('\n');
}

test('D15 an approver who can’t read a changed field can’t approve it, is told which permission is missing, and sees no value', async () => {
  const { id, shownDigest, personId } = await ask();
  const refused = await scene.approve(scene.siti, { id, shownDigest });
  expect([refused.codes, refused.errors[0]?.extensions.permission]).toEqual([['FORBIDDEN'], 'people.person.read-identity']);
  const decision = (await scene.siti.query(DECISION, { id })).data?.['approvalDecision'];
  expect(decision.mayDecide).toEqual({ allowed: false, because: 'FORBIDDEN', permission: 'people.person.read-identity' });
  expect(JSON.stringify(decision)).not.toContain('Canary');
  const { rows } = await sql<{ name: string }>`select display_name as name from product.person where id = ${personId}`.execute(scene.test.database.owner);
  expect(rows[0]?.name).toBe(OLD);
});

test('D15 L14 with the permission they see it in full, it is noted as read, and approving does exactly that', async () => {
  const { id, shownDigest, personId, answer } = await ask();
  expect(JSON.stringify(answer)).not.toContain('Canary');
  const granted = await scene.grant(scene.siti, 'support-operator');
  const decision = (await scene.siti.query(DECISION, { id })).data?.['approvalDecision'];
  expect(decision.changes).toContainEqual({ field: 'displayName', before: OLD, after: NEW, masked: false });
  expect(decision.input).toContainEqual({ name: 'displayName', value: NEW, masked: false });
  const reads = (await scene.test.events()).filter((event) => event['fields_read']?.includes('person.displayName') && event['actor_name'] === 'Siti Rahmawati');
  expect(reads.length).toBeGreaterThan(0);
  expect((await scene.approve(scene.siti, { id, shownDigest })).codes).toEqual([]);
  const { rows } = await sql<{ name: string }>`select display_name as name from product.person where id = ${personId}`.execute(scene.test.database.owner);
  expect(rows[0]?.name).toBe(NEW);
  await scene.revoke(granted);
});

test('H16 D17 after erasure no dump holds the values, the digests still stand, and the request can’t be executed any more', async () => {
  const { id, shownDigest, personId } = await ask();
  const { owner } = scene.test.database;
  expect(await dumpOf('gateway')).toContain(NEW);
  for (const { rows } of [await sql<{ id: string }>`select id from product.person where display_name like 'Canary%'`.execute(owner)])
    for (const { id: each } of rows) await deleteValuesAsOwner(owner, 'person', each);
  expect(await deleteValuesAsOwner(owner, 'person', personId)).toBe(0);
  expect(await dumpOf('gateway', 'audit')).not.toContain('Canary');
  const granted = await scene.grant(scene.siti, 'support-operator');
  const decision = (await scene.siti.query(DECISION, { id })).data?.['approvalDecision'];
  expect(decision.changes).toContainEqual({ field: 'displayName', before: null, after: null, masked: true });
  const refused = await scene.siti.act(APPROVE, { input: { id, shownDigest, justification: { reason: 'Looks right' } } });
  expect([refused.codes, await scene.causeOf(id)]).toEqual([['APPROVAL_STALE'], 'arguments']);
  await scene.revoke(granted);
});
