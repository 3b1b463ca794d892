import type { CatalogueAction, CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { tenantRelation } from '../catalogue/console-model.ts';
import type { GatewayRecord } from '../catalogue/documents.ts';
import { currencyOf, titleOf } from '../fields/field-value.tsx';
import { formatDecimal, formatMoney, shortId, showHidden } from '../fields/format.ts';
import { useFormatLocale } from '../preferences/use-preferences.ts';
import { useTitles } from '../fields/titles.ts';
import { fillConfirm, toList, type FormValues } from './action-values.ts';

export interface ActionWords {
  /** The record, as people call it; empty for an act that makes one. */
  readonly title: string;
  /** Currency code of the action's amounts, or of the record's. */
  readonly currency: string | null;
  /** Act and object, as the button names them. */
  readonly confirm: (values: FormValues) => string;
  readonly done: (values: FormValues) => string;
}

/** Several names in one line; the rest as a number. */
const NAMED = 2;

/** The declared texts of an action, filled in with the record and with what was typed; `current` is what stands in the form now, `called` what the page calls the record. */
export function useActionWords(action: CatalogueAction, resource: CatalogueResource, record: GatewayRecord | null, current: FormValues, called?: string): ActionWords {
  const model = useModel();
  const titles = useTitles(
    action.input.flatMap((item) => {
      const named = item.type === 'tenants' ? model.tenant?.name : item.type === 'reference' ? item.resource : null;
      return named ? [{ resource: named, ids: toList(current[item.name] ?? '') }] : [];
    }),
  );
  const listed = (names: readonly string[]): string => `${names.slice(0, NAMED).join(', ')}${names.length > NAMED ? ` +${names.length - NAMED}` : ''}`;
  const text = useText();
  const locale = useFormatLocale();
  const title = called !== undefined ? called : record ? titleOf(resource, record) || shortId(record.id) : '';
  const relation = tenantRelation(model, resource);
  const owner = relation && record ? (record[relation.name] as GatewayRecord | null | undefined) : undefined;
  const tenantOf = (values: FormValues): string => {
    const named = action.input.find((item) => item.type === 'tenants');
    const chosen = named && model.tenant ? toList(values[named.name] ?? '').map((id) => titles(model.tenant?.name ?? '', id)) : [];
    return (owner && model.tenant ? titleOf(model.tenant, owner) : listed(chosen)) || title;
  };
  const declared = [...action.input, ...resource.fields].map((item) => item.currency).find((item) => item !== null) ?? null;
  const currency = currencyOf(declared, record ?? { id: '' });
  const input = (values: FormValues): Record<string, string> =>
    Object.fromEntries(
      action.input.map((item) => {
        const typed = (values[item.name] ?? '').trim();
        if (typed === '') return [item.name, ''];
        if (item.type === 'money') return [item.name, formatMoney(typed, currency, locale)];
        if (item.type === 'tenants') return [item.name, listed(toList(typed).map((id) => titles(model.tenant?.name ?? '', id)))];
        if (item.type === 'reference') return [item.name, titles(item.resource ?? '', typed)];
        if (item.type === 'permissions') return [item.name, listed(toList(typed))];
        if (item.type === 'integer') return [item.name, formatDecimal(typed, locale)];
        const chosen = item.values?.find((option) => option.value === typed);
        return [item.name, chosen ? text(chosen.label) : showHidden(typed)];
      }),
    );
  const fill = (template: string, values: FormValues): string => fillConfirm(template, { title, tenant: tenantOf(values), input: input(values) });
  return { title, currency, confirm: (values) => fill(text(action.confirm), values), done: (values) => fill(text(action.done), values) };
}
