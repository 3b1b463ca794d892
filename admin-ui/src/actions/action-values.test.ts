import { describe, expect, it } from 'vitest';
import type { CatalogueAction, CatalogueInput, CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { checkInput, compareDecimals, fillConfirm, formName, initialValues, lookOf, mutationInput, REASON, TICKET } from './action-values.ts';
import { changesBetween } from './changes-between.ts';
import { fieldOfIssue } from './issues.ts';

const input = (over: Partial<CatalogueInput>): CatalogueInput => ({
  name: 'amount',
  type: 'money',
  label: { en: '', id: '' },
  help: null,
  required: true,
  prefill: null,
  class: 'internal',
  minLength: null,
  maxLength: null,
  multiline: false,
  min: '0.01',
  max: '9999999999999.99',
  resource: null,
  currency: null,
  values: null,
  ...over,
});
const action = {
  name: 'refundInvoice',
  tier: 'privileged',
  sensitive: 'conditional',
  approval: [],
  justification: 'reason-and-ticket',
  input: [
    input({ prefill: 'total' }),
    input({ name: 'seats', type: 'integer', required: false, min: '1', max: '10' }),
    input({ name: 'notify', type: 'boolean', required: false }),
  ],
} as unknown as CatalogueAction;
const resource = { name: 'invoice', versioned: true, fields: [{ name: 'status' }, { name: 'total' }, { name: 'email' }] } as unknown as CatalogueResource;
const record = { id: 'i1', version: '7', total: '10.00', status: 'PAID' };

describe('the form of an action, from its declaration', () => {
  it('starts with the values of the record and an empty justification', () => {
    expect(initialValues(action, record)).toEqual({ amount: '10.00', seats: '', notify: 'false', [formName(REASON)]: '', [formName(TICKET)]: '' });
  });

  it('sends exact decimals as text, whole numbers as numbers, leaves out what is empty, and names the version that was looked at (J13)', () => {
    const typed = { amount: ' 9007199254740993.10 ', seats: '3', notify: 'true', [formName(REASON)]: ' why ', [formName(TICKET)]: '' };
    expect(mutationInput(action, resource, record, typed, { preview: true })).toEqual({
      id: 'i1',
      amount: '9007199254740993.10',
      seats: 3,
      notify: true,
      justification: { reason: 'why' },
      expectedVersion: '7',
      preview: true,
    });
    expect(mutationInput(action, resource, record, { ...typed, seats: '' }, { preview: false })).not.toHaveProperty('seats');
  });

  it('lists are lists, an act that makes a record names none, and the tenant in focus is where one starts (A5)', () => {
    const making = {
      ...action,
      creates: true,
      input: [input({ name: 'tenants', type: 'tenants', min: '1', max: '2' }), input({ name: 'permissions', type: 'permissions', required: false, min: '0', max: '9' })],
    };
    const start = initialValues(making, null, { permissions: 'a.b.read\na.b.write' }, 't1');
    expect([start['tenants'], start['permissions']]).toEqual(['t1', 'a.b.read\na.b.write']);
    const sent = mutationInput(making, resource, null, { ...start, tenants: 't1\nt2' }, { preview: false });
    expect(sent).toEqual({ tenants: ['t1', 't2'], permissions: ['a.b.read', 'a.b.write'], justification: { reason: '' } });
    expect(mutationInput(making, resource, null, { ...start, everywhere: 'true' }, { preview: false })).not.toHaveProperty('tenants');
    const [tenants] = making.input;
    expect(tenants && [checkInput(tenants, ''), checkInput(tenants, 't1\nt2\nt3'), checkInput(tenants, 't1')]).toEqual([{ key: 'required' }, { key: 'most', bound: '2' }, null]);
  });

  it('compares amounts without rounding', () => {
    expect(compareDecimals('9007199254740993.01', '9007199254740993.02')).toBe(-1);
    expect(compareDecimals('-0.5', '-0.50')).toBe(0);
    expect(checkInput(input({}), '0.009')).toEqual({ key: 'min', bound: '0.01' });
    expect(checkInput(input({}), '10,000')).toEqual({ key: 'number' });
    expect(checkInput(input({ type: 'integer' }), '1.5')).toEqual({ key: 'integer' });
    expect(checkInput(input({ type: 'url', maxLength: 50 }), 'http://a.example')).toEqual({ key: 'url' });
    expect(checkInput(input({}), '')).toEqual({ key: 'required' });
  });

  it('names act and object on the button', () => {
    expect(fillConfirm('Refund {input.amount} to {tenant}', { title: 'INV-1', tenant: 'PT Samudra', input: { amount: 'IDR 4,500,000' } })).toBe(
      'Refund IDR 4,500,000 to PT Samudra',
    );
  });

  it('looks as risky as it is (U2)', () => {
    const look = (over: object) => lookOf({ ...action, ...over } as CatalogueAction);
    expect([look({}), look({ sensitive: 'always' }), look({ tier: 'routine', sensitive: 'never' }), look({ sensitive: 'never', approval: [{}] })]).toEqual([
      'privileged',
      'sensitive',
      'routine',
      'approval',
    ]);
  });

  it('places the gateway’s issues at their fields', () => {
    expect(fieldOfIssue(action, 'input.amount')).toBe('amount');
    expect(fieldOfIssue(action, 'input.justification.ticket')).toBe(formName(TICKET));
    expect(fieldOfIssue(action, 'input.elsewhere')).toBeNull();
  });

  it('J13: a stale record shows what changed in readable fields only', () => {
    expect(changesBetween(resource, { ...record, email: undefined }, { ...record, status: 'REFUNDED', email: 'new@example.test' })).toEqual([
      { resource: 'invoice', id: 'i1', field: 'status', before: 'PAID', after: 'REFUNDED', masked: false },
    ]);
  });
});
