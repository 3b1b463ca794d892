import { describe, expect, it } from 'vitest';
import type { Catalogue, CatalogueField, CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { createModel, maySearch, orderName, searchesPersonal } from './console-model.ts';
import { selectionOf } from './documents.ts';
import { chipsOf, conditionValue, knownFilter, splitFilter, withChip, withoutChip } from './filters.ts';
import type { ConsoleViewer } from './viewer.ts';

const text = { en: 'x', id: 'x' };
const field = (name: string, over: Partial<CatalogueField> = {}): CatalogueField => ({
  name,
  type: 'text',
  label: text,
  help: null,
  group: null,
  permission: 'people.person.read',
  class: 'internal',
  operators: ['eq', 'contains'],
  sortable: true,
  searchable: false,
  inList: true,
  values: null,
  currency: null,
  ...over,
});
const person: CatalogueResource = {
  name: 'person',
  plural: 'people',
  typeName: 'Person',
  module: 'people',
  label: text,
  labelPlural: text,
  description: text,
  permission: 'people.person.read',
  tenanted: true,
  title: 'reference',
  state: null,
  defaultSort: { field: 'reference', direction: 'asc' },
  versioned: true,
  crossTenantSearch: 'people.person.search-all',
  ownRows: false,
  searchesWords: false,
  fields: [
    field('reference', { searchable: true }),
    field('email', { class: 'personal', permission: 'people.person.read-contact', searchable: true }),
    field('score', { permission: 'people.person.read-score' }),
  ],
  relations: [
    { name: 'tenant', kind: 'one', label: text, resource: 'tenant', permission: 'accounts.tenant.read', inverseFilter: null, order: null },
    { name: 'sessions', kind: 'many', label: text, resource: 'session', permission: 'people.session.read', inverseFilter: null, order: null },
  ],
  actions: [],
};
const tenant: CatalogueResource = {
  ...person,
  name: 'tenant',
  plural: 'tenants',
  typeName: 'Tenant',
  module: 'accounts',
  permission: 'accounts.tenant.read',
  title: 'name',
  fields: [field('name', { permission: 'accounts.tenant.read' })],
  relations: [],
  tenanted: true,
};
const catalogue: Catalogue = {
  formatVersion: 1,
  tenantResource: 'tenant',
  modules: [
    { name: 'accounts', label: text, description: text, icon: '', resources: ['tenant'], settings: {} },
    { name: 'people', label: text, description: text, icon: '', resources: ['person'], settings: {} },
  ],
  permissions: [],
  roles: [],
  everyone: [],
  breakGlass: [],
  resources: [tenant, person],
  actions: [],
  events: [],
};
const modelFor = (...held: { name: string; global?: boolean; tenantIds?: string[] }[]) =>
  createModel(catalogue, { permissions: held.map((item) => ({ global: true, tenantIds: [], ...item })) } as unknown as ConsoleViewer);
const base = { name: 'people.person.read' };

describe('what the console asks for', () => {
  it('selects readable fields only, and personal ones only when they were asked for', () => {
    const model = modelFor(base, { name: 'people.person.read-contact' }, { name: 'accounts.tenant.read' });
    expect(selectionOf(model, person)).toBe('id tenantId version reference tenant { id name }');
    expect(selectionOf(model, person, { personal: ['email'] })).toContain(' email');
    expect(selectionOf(modelFor(base), person, { personal: 'all' })).toBe('id tenantId version reference');
  });

  it('shows modules with something readable, and no others (U1)', () => {
    expect(modelFor(base).modules.map((entry) => entry.module.name)).toEqual(['people']);
  });

  it('offers a filter only where the field may be read in every row listed', () => {
    const model = modelFor({ ...base, global: true }, { name: 'people.person.read-score', global: false, tenantIds: ['a'] });
    expect(model.holdsThroughout('people.person.read-score', base.name)).toBe(false);
    expect(model.holdsThroughout('people.person.read-score', base.name, 'a')).toBe(true);
    expect(model.holdsThroughout('people.person.read-score', base.name, 'b')).toBe(false);
  });

  it('knows when a search reads personal fields', () => {
    const wide = modelFor(base, { name: 'people.person.read-contact' });
    expect([searchesPersonal(person, wide.holds), searchesPersonal(person, modelFor(base).holds), maySearch(modelFor(), person)]).toEqual([true, false, false]);
  });

  it('names order fields as GraphQL does', () => {
    expect(orderName('apiCallsPerDay')).toBe('API_CALLS_PER_DAY');
  });
});

describe('filters', () => {
  it('keeps personal values out of the address (J07)', () => {
    const model = modelFor(base, { name: 'people.person.read-contact' });
    const filter = { email: { contains: 'sari' }, reference: { eq: 'PSN-1' }, search: 'sari' };
    expect(splitFilter(person, filter, model.holds)).toEqual({ address: { reference: { eq: 'PSN-1' } }, memory: { email: { contains: 'sari' }, search: 'sari' } });
    expect(splitFilter(person, { search: 'PSN' }, modelFor(base).holds).address).toEqual({ search: 'PSN' });
  });

  it('drops what the gateway would not know, as an old address may hold it', () => {
    expect(knownFilter(person, { gone: { eq: 1 }, reference: 'x', search: ' ', tenantId: { eq: 't' } })).toEqual({ tenantId: { eq: 't' } });
  });

  it('adds and removes chips without touching the others', () => {
    const one = withChip({}, { field: 'total', operator: 'gte', value: '1' });
    const two = withChip(one, { field: 'total', operator: 'lte', value: '9' });
    expect(chipsOf(two)).toHaveLength(2);
    expect(withoutChip(two, 'total', 'gte')).toEqual({ total: { lte: '9' } });
    expect(withoutChip(one, 'total', 'gte')).toEqual({});
  });

  it('takes typed values by type, or not at all', () => {
    expect(conditionValue({ type: 'integer' }, 'eq', '12')).toBe(12);
    expect(conditionValue({ type: 'integer' }, 'eq', '1e3')).toBeNull();
    expect(conditionValue({ type: 'money' }, 'gte', '1500000.00')).toBe('1500000.00');
    expect(conditionValue({ type: 'id' }, 'in', 'a, b\nc')).toEqual(['a', 'b', 'c']);
    expect(conditionValue({ type: 'text' }, 'isNull', 'false')).toBe(false);
  });
});
