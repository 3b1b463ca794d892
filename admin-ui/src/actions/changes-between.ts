import type { CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import type { GatewayRecord } from '../catalogue/documents.ts';

/** One field before and after, as preview, outcome and story tell it; values as stored. */
export interface Change {
  readonly resource: string | null;
  readonly id: string | null;
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly masked: boolean;
}

const render = (value: unknown): string | null =>
  value === null || value === undefined ? null : typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);

/** Readable fields that differ between two readings of a record: what happened while the form was open (THREATS J13). */
export function changesBetween(resource: CatalogueResource, before: GatewayRecord, after: GatewayRecord): readonly Change[] {
  return resource.fields.flatMap((field) => {
    const old = before[field.name];
    const now = after[field.name];
    if (old === undefined || now === undefined || render(old) === render(now)) return [];
    return [{ resource: resource.name, id: before.id, field: field.name, before: render(old), after: render(now), masked: false }];
  });
}
