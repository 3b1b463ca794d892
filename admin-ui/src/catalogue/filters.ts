import type { CatalogueField, CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { fieldOf, isPersonal, searchesPersonal } from './console-model.ts';

/** Filter of a list in the gateway's own form: `{ status: { in: ['OPEN'] }, search: 'INV' }`. */
export type ListFilter = Readonly<Record<string, unknown>>;
export type Condition = Readonly<Record<string, unknown>>;

export interface FilterChip {
  readonly field: string;
  readonly operator: string;
  readonly value: unknown;
}

/** Conditions of a filter, one per chip, in the order they were added. */
export function chipsOf(filter: ListFilter): readonly FilterChip[] {
  const chips: FilterChip[] = [];
  for (const [field, condition] of Object.entries(filter)) {
    if (field === 'search' || condition === null || typeof condition !== 'object') continue;
    for (const [operator, value] of Object.entries(condition)) chips.push({ field, operator, value });
  }
  return chips;
}

export function withChip(filter: ListFilter, chip: FilterChip): ListFilter {
  const condition = (filter[chip.field] ?? {}) as Condition;
  return { ...filter, [chip.field]: { ...condition, [chip.operator]: chip.value } };
}

export function withoutChip(filter: ListFilter, field: string, operator: string): ListFilter {
  const condition = Object.fromEntries(Object.entries((filter[field] ?? {}) as Condition).filter(([name]) => name !== operator));
  const rest = Object.fromEntries(Object.entries(filter).filter(([name]) => name !== field));
  return Object.keys(condition).length > 0 ? { ...rest, [field]: condition } : rest;
}

/**
 * Splits a filter into what may stand in the address and what must not: values of personal fields,
 * and a search that reads them, are kept in memory only (browser history and server logs keep addresses).
 */
export function splitFilter(
  resource: CatalogueResource,
  filter: ListFilter,
  holds: (permission: string) => boolean,
): { readonly address: ListFilter; readonly memory: ListFilter } {
  const address: Record<string, unknown> = {};
  const memory: Record<string, unknown> = {};
  for (const [name, condition] of Object.entries(filter)) {
    const field = fieldOf(resource, name);
    const personal = name === 'search' ? searchesPersonal(resource, holds) : field !== undefined && isPersonal(field);
    (personal ? memory : address)[name] = condition;
  }
  return { address, memory };
}

/** Keeps only what the gateway knows: an address may be old, or typed by hand. */
export function knownFilter(resource: CatalogueResource, filter: ListFilter): ListFilter {
  const known = Object.entries(filter).filter(([name, condition]) => {
    if (name === 'search') return typeof condition === 'string' && condition.trim() !== '';
    if (name === 'id') return true;
    if (name === 'tenantId') return resource.tenanted;
    return (fieldOf(resource, name)?.operators.length ?? 0) > 0 && condition !== null && typeof condition === 'object';
  });
  return Object.fromEntries(known);
}

/** What a person typed for an operator, as the gateway takes it; null where it is not a value. */
export function conditionValue(field: Pick<CatalogueField, 'type'>, operator: string, typed: string): unknown {
  const text = typed.trim();
  if (operator === 'isNull') return text === 'true';
  if (text === '') return null;
  if (operator === 'in') {
    const items = text
      .split(/[\n,;]+/)
      .map((item) => item.trim())
      .filter((item) => item !== '');
    return field.type === 'integer' ? items.map(Number).filter(Number.isSafeInteger) : items;
  }
  switch (field.type) {
    case 'integer':
      return /^-?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : null;
    case 'decimal':
    case 'money':
      return /^-?\d+(\.\d+)?$/.test(text) ? text : null;
    case 'boolean':
      return text === 'true';
    default:
      return text;
  }
}
