import { createBuilder } from '@sallyport/schema/builder.ts';
import { buildGatewaySchema } from '@sallyport/schema/build-schema.ts';
import { fieldMetadata } from '@sallyport/schema/plugin-access/field-metadata.ts';
import { defineModule } from '@sallyport/schema/vocabulary/define-module.ts';
import { open } from '@sallyport/schema/vocabulary/permission.ts';
import { isIntrospectionType, isObjectType } from 'graphql';
import { describe, expect, test } from 'vitest';
import { readOrders, readShops, shopModule } from './example-modules.ts';

const extending = (extend: NonNullable<typeof shopModule.extend>) => () =>
  buildGatewaySchema([shopModule, defineModule({ ...shopModule, name: 'more', permissions: [], resources: [], actions: [], events: [], roles: {}, extend })]);

describe('a field without a rule fails the build (X3, C18)', () => {
  test('the example itself builds, and every field of it carries a rule', () => {
    const { schema } = buildGatewaySchema([shopModule]);
    const bare = Object.values(schema.getTypeMap())
      .filter((type) => isObjectType(type) && !isIntrospectionType(type))
      .flatMap((type) => (isObjectType(type) ? Object.values(type.getFields()) : []))
      .filter((field) => {
        const metadata = fieldMetadata(field);
        return !metadata || (metadata.permission === null && metadata.open === null);
      });
    expect(bare).toEqual([]);
  });

  test('an undeclared query field fails the build', () => {
    const build = extending((builder) => builder.queryField('leak', (t) => t.string({ resolve: () => 'everything' })));
    expect(build).toThrow('Query.leak has no access rule');
  });

  test('an undeclared input field fails the build', () => {
    const build = extending((builder) => {
      const input = builder.inputType('LooseInput', { fields: (t) => ({ anything: t.string() }) });
      builder.queryField('loose', (t) => t.string({ access: open('a test'), args: { input: t.arg({ type: input }) }, resolve: () => null }));
    });
    expect(build).toThrow('LooseInput.anything has no access rule');
  });

  test('an empty scope map, which would grant, fails the build (X2)', () => {
    const build = extending((builder) => builder.queryField('empty', (t) => t.string({ access: readShops, authScopes: {}, resolve: () => null })));
    expect(build).toThrow('Query.empty sets authScopes by hand');
  });

  test("an object that redeclares an interface's field under another rule fails the build (X4)", () => {
    const build = extending((builder) => {
      const parent = builder.interfaceRef<{ name: string }>('Named').implement({ fields: (t) => ({ name: t.exposeString('name', { access: readShops }) }) });
      builder.objectRef<{ name: string }>('Loosely').implement({ interfaces: [parent], fields: (t) => ({ name: t.exposeString('name', { access: readOrders }) }) });
    });
    expect(build).toThrow('Loosely.name does not carry the access rule of Named.name');
  });

  test('personal data can never be open', () => {
    const build = extending((builder) => builder.queryField('nosy', (t) => t.string({ access: open('a test'), dataClass: 'personal', resolve: () => null })));
    expect(build).toThrow("can't be open");
  });
});

describe('scopes', () => {
  test('all scopes of a field must hold, not any (X1)', () => {
    expect(createBuilder().options.scopeAuth?.defaultStrategy).toBe('all');
  });

  test('the schema without wrappers has the same types and rules', () => {
    const { schema, fastSchema } = buildGatewaySchema([shopModule]);
    expect(Object.keys(fastSchema.getTypeMap()).sort()).toEqual(Object.keys(schema.getTypeMap()).sort());
  });
});
