import { registerModules } from '@sallyport/schema/resources/registry.ts';
import { defineAction } from '@sallyport/schema/vocabulary/define-action.ts';
import { defineModule } from '@sallyport/schema/vocabulary/define-module.ts';
import { defineResource } from '@sallyport/schema/vocabulary/define-resource.ts';
import { definePermission, open } from '@sallyport/schema/vocabulary/permission.ts';
import { describe, expect, test } from 'vitest';
import { cancelOrder, cancelOrders, order, orderOptions, readOrders, shopModule } from './example-modules.ts';

describe('declarations that contradict the rules are refused where they stand (R2, R4, R14)', () => {
  test.each([
    ['a vague permission name', () => definePermission('admin', { effect: 'read', reach: 'tenant', tier: 'routine', label: order.label })],
    ['openness without a reason', () => open(' ')],
    [
      'a personal field under the base permission',
      () => defineResource({ ...orderOptions, fields: { ...orderOptions.fields, buyer: { ...orderOptions.fields.buyer, access: readOrders } } }),
    ],
    ['a readable secret', () => defineResource({ ...orderOptions, fields: { ...orderOptions.fields, buyer: { ...orderOptions.fields.buyer, class: 'secret' } } })],
    [
      'a field read under a permission to write',
      () => defineResource({ ...orderOptions, fields: { ...orderOptions.fields, buyer: { ...orderOptions.fields.buyer, access: cancelOrders } } }),
    ],
    ['a type name of GraphQL itself', () => defineResource({ ...orderOptions, name: 'subscription', plural: 'subscriptions' })],
    ['rows without a tenant under tenant reach', () => defineResource({ ...orderOptions, tenant: { none: true } })],
    ['an act under a permission to read', () => defineAction({ ...cancelOrder, permission: readOrders })],
    ['a privileged act without a justification', () => defineAction({ ...cancelOrder, justification: 'none' })],
    ['a module that uses a permission it does not declare', () => defineModule({ ...shopModule, permissions: [] })],
  ])('%s', (_what, declare) => {
    expect(declare).toThrow(TypeError);
  });

  test('two modules cannot claim one name', () => {
    expect(() => registerModules([shopModule, { ...shopModule, name: 'twin' }])).toThrow('is taken');
  });

  test('a relation to a module that is left out goes with it', () => {
    const lonely = defineModule({ ...shopModule, resources: [order], actions: [] });
    expect(registerModules([lonely]).resources.get('order')?.relations).toEqual({});
  });
});
