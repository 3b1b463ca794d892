import { fieldAnswer, fieldColumn } from '@sallyport/schema/resources/columns.ts';
import { defineResource } from '@sallyport/schema/vocabulary/define-resource.ts';
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, type RawBuilder, sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { orderOptions, readOrders } from './example-modules.ts';

const db = new Kysely<unknown>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (on) => new PostgresIntrospector(on),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});
const written = (part: RawBuilder<unknown>): string => part.compile(db).sql;

const common = { access: readOrders, class: 'internal', label: orderOptions.label } as const;
const foreign = defineResource({
  ...orderOptions,
  version: { column: (row) => sql`${sql.id(row, 'xmin')}::text` },
  fields: {
    ...orderOptions.fields,
    number: { ...common, type: 'id', column: 'OrderNo', sort: true, filter: true, search: true },
    buyerName: { ...common, type: 'text', column: (row) => sql`${sql.id(row, 'First')} || ${sql.id(row, 'Last')}` },
    soldOn: { ...common, type: 'date', column: 'SoldAt', sort: true, filter: true },
  },
});

describe('columns of tables that nobody made for us (R1)', () => {
  test('a quoted name keeps its case', () => {
    expect(written(fieldColumn(foreign, 'soldOn', 'r'))).toContain('"r"."SoldAt"');
  });

  test('a day is a day, in conditions and answers, where the column could hold a time', () => {
    expect(written(fieldColumn(foreign, 'soldOn', 'r'))).toBe('("r"."SoldAt")::date');
    expect(written(fieldAnswer(foreign, 'soldOn', 'r'))).toBe('("r"."SoldAt")::date');
  });

  test('an ID is answered as text, and sorts as its column does', () => {
    expect(written(fieldColumn(foreign, 'number', 'r'))).toBe('"r"."OrderNo"');
    expect(written(fieldAnswer(foreign, 'number', 'r'))).toBe('("r"."OrderNo")::text');
  });

  test('an expression stands in brackets of its own, whatever is done with it', () => {
    expect(written(sql`${fieldColumn(foreign, 'buyerName', 'r')}::text`)).toBe('("r"."First" || "r"."Last")::text');
  });

  test('numbers to count with are not searched: text and IDs are', () => {
    expect(() => defineResource({ ...orderOptions, fields: { ...orderOptions.fields, pieces: { ...common, type: 'integer', search: true } } })).toThrow('only text and IDs');
  });
});
