import { modules } from '@sallyport/schema/index.ts';
import { staffMember } from '@sallyport/schema/modules/access/staff-member.resource.ts';
import { column, fieldColumn } from '@sallyport/schema/resources/columns.ts';
import type { AnyResource } from '@sallyport/schema/vocabulary/define-module.ts';
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, type RawBuilder, sql } from 'kysely';
import { expect, test } from 'vitest';

const db = new Kysely<unknown>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (on) => new PostgresIntrospector(on),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});
const written = (part: RawBuilder<unknown>): string => part.compile(db).sql;

/** Fields that not every reader of the record may read, and whose column the version is made of. */
function toldByVersion(resource: AnyResource): string[] {
  if (!resource.version) return [];
  const version = written(column(resource.version.column, 'r'));
  return Object.entries(resource.fields).flatMap(([name, { access }]) =>
    access.name !== resource.read.name && version.includes(written(fieldColumn(resource, name, 'r'))) ? [`${resource.name}.${name}`] : [],
  );
}

test('C09 no version of a record is made of a field that not every reader of the record may read', () => {
  const resources = modules.flatMap((module) => module.resources);
  expect(resources.filter(({ version }) => version !== undefined).length).toBeGreaterThan(10);
  expect(resources.flatMap(toldByVersion)).toEqual([]);
});

test('C09 seeded: a digest over an address would be found', () => {
  const telling = { ...staffMember, version: { column: (row: string) => sql`md5(${sql.id(row, 'display_name')} || ${sql.id(row, 'email')})` } };
  expect(toldByVersion(telling)).toEqual(['staffMember.email']);
});
