import { refusalWords } from '@sallyport/schema/modules/audit/refusal-words.ts';
import { textsFor } from '@sallyport/schema/modules/audit/story-texts.ts';
import type { Registry } from '@sallyport/schema/resources/registry.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import type { Language } from '@sallyport/schema/vocabulary/axes.ts';

/** What declared things are called on the page; what nothing declares keeps its own name. */
export interface SummaryWords {
  readonly act: (action: string | null, kind: string) => string;
  readonly refusal: (action: string | null, kind: string, code: string | null) => string;
  readonly role: (role: string) => string;
  readonly kind: (resource: string) => string;
  readonly field: (resource: string | null, field: string) => string;
  /** A value of a field; the values of an enum have words. */
  readonly value: (resource: string | null, field: string, value: string) => string;
}

export function summaryWords(registry: Registry, viewer: Viewer, language: Language): SummaryWords {
  const texts = textsFor(registry, viewer);
  const fieldOf = (resource: string | null, field: string) => (resource === null ? undefined : registry.resources.get(resource)?.fields[field]);
  const labelOf = (action: string | null, kind: string) =>
    (action === null ? null : texts.labelOfAction(action)) ?? texts.labelOfKind(kind) ?? { en: action ?? kind, id: action ?? kind };
  const kindOf = (resource: string): string => registry.resources.get(resource)?.label[language] ?? resource;
  return {
    act: (action, kind) => labelOf(action, kind)[language],
    refusal: (action, kind, code) => refusalWords(labelOf(action, kind), code, action === null && kind.endsWith('refused'))[language],
    role: (role) => texts.labelOfRole(role)?.[language] ?? role,
    kind: kindOf,
    field: (resource, field) => `${resource === null ? '' : `${kindOf(resource)} · `}${fieldOf(resource, field)?.label[language] ?? field}`,
    value: (resource, field, value) => {
      const known = fieldOf(resource, field);
      return known?.type === 'enum' && Object.hasOwn(known.values, value) ? (known.values[value]?.label[language] ?? value) : value;
    },
  };
}
