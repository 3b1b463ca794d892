import { decide } from '@sallyport/schema/policy/decide.ts';
import { rightsOf } from '@sallyport/schema/policy/rights.ts';
import { registerModules } from '@sallyport/schema/resources/registry.ts';
import type { Grant, TenantReach, Viewer } from '@sallyport/schema/viewer.ts';
import { definePermission } from '@sallyport/schema/vocabulary/permission.ts';
import { describe, expect, test } from 'vitest';
import { readBuyers, readOrders, shopModule } from './example-modules.ts';

const { roles } = registerModules([shopModule]);
const grant = (role: string, reach: TenantReach, id = role): Grant => ({ id, kind: 'standing', role, permissions: null, reach, reason: 'test', grantedBy: null, expiresAt: null });
const viewer = (...grants: Grant[]): Viewer => {
  const person = { id: 'p', email: 'p@sallyport.example', displayName: 'P', personId: 'p' };
  const session = { id: 's', mode: 'normal', secondFactor: 'totp', ip: '127.0.0.1', createdAt: '', expiresAt: '' } as const;
  return { actor: person, subject: person, session, token: null, breakGlass: null, grants, rights: rightsOf(grants, roles) };
};

describe('rights are the union of (permission, reach) pairs', () => {
  test('never the permissions of one grant in the tenants of another (C17)', () => {
    const who = viewer(grant('support-viewer', new Set(['1'])), grant('billing-operator', new Set(['2'])));
    expect(who.rights.get(readOrders.name)).toEqual(new Set(['1', '2']));
    expect(who.rights.get(readBuyers.name)).toEqual(new Set(['2']));
    expect(decide(who, roles, readBuyers, '1')).toEqual({ allow: false, reason: 'other-tenant', permission: readBuyers.name });
  });

  test('an unknown role and an empty reach give nothing; a missing scope is never read as global (C15)', () => {
    expect(viewer(grant('owner-of-everything', 'global')).rights.size).toBe(0);
    expect(viewer(grant('billing-operator', new Set())).rights.size).toBe(0);
    expect(decide(viewer(grant('billing-operator', new Set(['2']))), roles, readOrders, null).allow).toBe(false);
  });

  test('global reach never follows from tenants (G1)', () => {
    const everywhere = definePermission('shop.shop.compare', { effect: 'read', reach: 'global', tier: 'privileged', label: shopModule.label });
    const table = new Map([['analyst', [everywhere]]]);
    expect(rightsOf([grant('analyst', new Set(['1', '2']))], table).size).toBe(0);
    expect(rightsOf([grant('analyst', 'global')], table).get(everywhere.name)).toBe('global');
  });

  test('a decision names the narrowest grant that allows it', () => {
    const who = viewer(grant('billing-operator', 'global', 'wide'), grant('billing-operator', new Set(['2', '3']), 'narrow'));
    expect(decide(who, roles, readBuyers, '2')).toMatchObject({ allow: true, grant: { id: 'narrow' } });
    expect(decide(who, roles, readBuyers, '9')).toMatchObject({ allow: true, grant: { id: 'wide' } });
  });
});
