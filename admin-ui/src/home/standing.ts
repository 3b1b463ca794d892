import type { CatalogueEnumValue, CatalogueField, CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { isPersonal, type ConsoleModel } from '../catalogue/console-model.ts';
import { sendDocument } from '../gateway/send-request.ts';

/** A state that calls for attention, of a resource that this viewer may list. */
export interface Watched {
  readonly resource: CatalogueResource;
  readonly field: CatalogueField;
  readonly value: CatalogueEnumValue;
}

export interface Standing extends Watched {
  readonly count: number;
}

/** Counts asked in one document at most. */
const MOST = 16;
const GRAVITY = { bad: 0, warning: 1, good: 2, neutral: 3 } as const;

/** Which states to count: those that the declarations mark bad or worth a warning, bad ones first. The log has its own card. */
export function standingOf(model: ConsoleModel, tenantId: string | null): readonly Watched[] {
  return model.modules
    .flatMap((entry) => entry.resources)
    .filter((resource) => resource.name !== 'auditEvent')
    .flatMap((resource) =>
      resource.fields
        .filter((field) => field.type === 'enum' && !isPersonal(field) && field.operators.includes('in') && model.holdsThroughout(field.permission, resource.permission, tenantId))
        .flatMap((field) => (field.values ?? []).filter((value) => value.tone === 'bad' || value.tone === 'warning').map((value) => ({ resource, field, value }))),
    )
    .toSorted((a, b) => GRAVITY[a.value.tone] - GRAVITY[b.value.tone])
    .slice(0, MOST);
}

/** The counts, in one request; what is refused counts as nothing. */
export async function loadStanding(watched: readonly Watched[], tenantId: string | null, model: ConsoleModel, signal?: AbortSignal): Promise<readonly Standing[]> {
  const within = (resource: CatalogueResource): Record<string, unknown> =>
    !tenantId ? {} : resource.name === model.tenant?.name ? { id: { eq: tenantId } } : resource.tenanted ? { tenantId: { eq: tenantId } } : {};
  const declared = watched.map((item, index) => `$f${index}: ${item.resource.typeName}Filter`).join(', ');
  const fields = watched.map((item, index) => `  c${index}: ${item.resource.plural}(filter: $f${index}, first: 1) { totalCount }`).join('\n');
  const variables = Object.fromEntries(watched.map((item, index) => [`f${index}`, { [item.field.name]: { in: [item.value.value] }, ...within(item.resource) }]));
  const answer = await sendDocument<Record<string, { totalCount: number } | null>>(`query Standing(${declared}) {\n${fields}\n}`, variables, { signal });
  return watched.map((item, index) => ({ ...item, count: answer.data[`c${index}`]?.totalCount ?? 0 }));
}
