import { describe, expect, it } from 'vitest';
import type { Catalogue } from '@sallyport/schema/vocabulary/catalogue.ts';
import { createModel } from '../catalogue/console-model.ts';
import type { ConsoleViewer } from '../catalogue/viewer.ts';
import { bundlesOf, matrixOf } from './access-matrix.ts';
import { lendable } from './ask-for.ts';

const text = (en: string) => ({ en, id: en });
const permission = (name: string, module: string, effect: 'read' | 'write' = 'read', tier: 'routine' | 'privileged' = 'routine') => ({
  name,
  module,
  effect,
  tier,
  reach: 'tenant' as const,
  label: text(name),
});
const catalogue = {
  modules: [
    { name: 'billing', label: text('Billing'), resources: [] },
    { name: 'access', label: text('Access'), resources: [] },
  ],
  permissions: [
    permission('billing.invoice.read', 'billing'),
    permission('billing.invoice.refund', 'billing', 'write', 'privileged'),
    permission('billing.refund.approve', 'billing', 'write', 'privileged'),
    permission('access.grant.read', 'access'),
    permission('access.grant.give', 'access', 'write', 'privileged'),
    permission('access.grant.read-own', 'access'),
  ],
  roles: [{ name: 'billing-operator', label: text('Billing Operator'), purpose: text(''), permissions: ['billing.invoice.read', 'billing.invoice.refund'] }],
  everyone: ['access.grant.read-own'],
  breakGlass: ['billing.invoice.read'],
  resources: [],
  actions: [{ name: 'refundInvoice', approval: [{ alternatives: [{ approver: 'billing.refund.approve', quorum: 1 }] }] }],
  tenantResource: null,
} as unknown as Catalogue;
const model = createModel(catalogue, { permissions: [{ name: 'billing.invoice.read', global: false, tenantIds: ['t1'] }], breakGlass: null } as unknown as ConsoleViewer);
const all = { text: '', mine: false, privileged: false, bundle: null };
const names = (filter: Partial<typeof all>) => matrixOf(model, { ...all, ...filter }, (item) => item.en).flatMap((group) => group.permissions.map(({ name }) => name));

describe('who may do what, as people read it (R2)', () => {
  it('shows roles, what everybody has and what an emergency opens, apart', () => {
    expect(bundlesOf(model).map(({ name, kind, permissions }) => [name, kind, permissions.size])).toEqual([
      ['billing-operator', 'role', 2],
      ['everyone', 'everyone', 1],
      ['break-glass', 'break-glass', 1],
    ]);
  });

  it('finds by name, by grade and by what the viewer holds; modules without a match go', () => {
    expect(names({})).toHaveLength(6);
    expect(names({ text: 'REFUND' })).toEqual(['billing.invoice.refund', 'billing.refund.approve']);
    expect(names({ privileged: true, text: 'access' })).toEqual(['access.grant.give']);
    expect(names({ mine: true })).toEqual(['billing.invoice.read']);
    expect(matrixOf(model, { ...all, bundle: bundlesOf(model)[1] ?? null }, (item) => item.en).map((group) => group.module.name)).toEqual(['access']);
  });

  it('holds somewhere is not holds there', () => {
    expect([model.holdsAt('billing.invoice.read', 't1'), model.holdsAt('billing.invoice.read', 't2'), model.holdsAt('billing.invoice.read', null)]).toEqual([true, false, false]);
  });

  it('offers to ask for nothing that decides over access or on requests, and nothing that everybody has (A5)', () => {
    expect([...lendable(catalogue)].sort()).toEqual(['access.grant.read', 'billing.invoice.read', 'billing.invoice.refund']);
  });
});
