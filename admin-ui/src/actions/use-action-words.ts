import type { CatalogueAction, CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { tenantRelation } from '../catalogue/console-model.ts';
import type { GatewayRecord } from '../catalogue/documents.ts';
import { currencyOf, titleOf } from '../fields/field-value.tsx';
import { formatDecimal, formatMoney, shortId, showHidden } from '../fields/format.ts';
import { useFormatLocale } from '../preferences/use-preferences.ts';
import { fillConfirm, type FormValues } from './action-values.ts';

export interface ActionWords {
  /** The record, as people call it. */
  readonly title: string;
  /** Currency code of the action's amounts, or of the record's. */
  readonly currency: string | null;
  /** Act and object, as the button names them. */
  readonly confirm: (values: FormValues) => string;
  readonly done: (values: FormValues) => string;
}

/** The declared texts of an action, filled in with the record and with what was typed. */
export function useActionWords(action: CatalogueAction, resource: CatalogueResource, record: GatewayRecord): ActionWords {
  const model = useModel();
  const text = useText();
  const locale = useFormatLocale();
  const title = titleOf(resource, record) || shortId(record.id);
  const relation = tenantRelation(model, resource);
  const owner = relation ? (record[relation.name] as GatewayRecord | null | undefined) : undefined;
  const tenant = (owner && model.tenant ? titleOf(model.tenant, owner) : '') || title;
  const declared = [...action.input, ...resource.fields].map((item) => item.currency).find((item) => item !== null) ?? null;
  const currency = currencyOf(declared, record);
  const input = (values: FormValues): Record<string, string> =>
    Object.fromEntries(
      action.input.map((item) => {
        const typed = (values[item.name] ?? '').trim();
        if (typed === '') return [item.name, ''];
        if (item.type === 'money') return [item.name, formatMoney(typed, currency, locale)];
        if (item.type === 'integer') return [item.name, formatDecimal(typed, locale)];
        const chosen = item.values?.find((option) => option.value === typed);
        return [item.name, chosen ? text(chosen.label) : showHidden(typed)];
      }),
    );
  const fill = (template: string, values: FormValues): string => fillConfirm(template, { title, tenant, input: input(values) });
  return { title, currency, confirm: (values) => fill(text(action.confirm), values), done: (values) => fill(text(action.done), values) };
}
