import ArrowIcon from '@mui/icons-material/EastOutlined';
import { Box, Typography } from '@mui/material';
import type { ReactNode } from 'react';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { fieldOf, type ConsoleModel } from '../catalogue/console-model.ts';
import { formatDate, formatDecimal, formatMoney, formatTime, shortId, showHidden } from '../fields/format.ts';
import { NameChips } from '../fields/name-chips.tsx';
import { useWords } from '../language/use-words.ts';
import { useFormatLocale, useTimeZone } from '../preferences/use-preferences.ts';
import type { Change } from './changes-between.ts';

/** A stored value in words of the person, by the field's declaration. */
export function useChangeWords(currency: string | null): (resource: string | null, field: string, value: string | null) => string {
  const model = useModel();
  const text = useText();
  const words = useWords();
  const locale = useFormatLocale();
  const [zone] = useTimeZone();
  return (resourceName, fieldName, value) => {
    if (value === null || value === '') return '—';
    const resource = resourceName ? model.resource(resourceName) : undefined;
    const field = resource ? fieldOf(resource, fieldName) : undefined;
    switch (field?.type) {
      case 'enum': {
        const known = field.values?.find((item) => item.value.toLowerCase() === value.toLowerCase());
        return known ? text(known.label) : showHidden(value);
      }
      case 'money':
        return formatMoney(value, field.currency && 'code' in field.currency ? field.currency.code : currency, locale);
      case 'integer':
      case 'decimal':
        return formatDecimal(value, locale);
      case 'timestamp':
        return formatTime(value, locale, zone, true);
      case 'date':
        return formatDate(value, locale);
      case 'boolean':
        return words(value === 'true' ? 'common.yes' : 'common.no');
      default:
        return showHidden(value);
    }
  };
}

export function useFieldLabel(): (resource: string | null, field: string) => string {
  const model = useModel();
  const text = useText();
  return (resourceName, name) => {
    const resource = resourceName ? model.resource(resourceName) : undefined;
    const field = resource ? fieldOf(resource, name) : undefined;
    return field ? text(field.label) : name;
  };
}

/** The currency that the changes themselves name, where the page knows none. */
function currencyAmong(model: ConsoleModel, changes: readonly Change[]): string | null {
  const named = changes.find((change) => {
    const resource = change.resource ? model.resource(change.resource) : undefined;
    return resource?.fields.some((field) => field.currency && 'field' in field.currency && field.currency.field === change.field);
  });
  return named?.after ?? named?.before ?? null;
}

/** Changed fields only, two columns, grouped by the record they belong to. */
export function ChangesTable({ changes, currency, title }: { readonly changes: readonly Change[]; readonly currency: string | null; readonly title?: string }) {
  const model = useModel();
  const text = useText();
  const words = useWords();
  const say = useChangeWords(currency ?? currencyAmong(model, changes));
  const label = useFieldLabel();
  const groups = Map.groupBy(changes, (change) => `${change.resource ?? ''}/${change.id ?? ''}`);
  if (changes.length === 0) return <Box sx={{ color: 'text.secondary' }}>{words('changes.none')}</Box>;
  const value = (change: Change, side: string | null): ReactNode => {
    if (change.masked) return words('changes.masked');
    const names = namesIn(side);
    return names ? <NameChips names={names} field={change.field} dense={false} /> : say(change.resource, change.field, side);
  };
  return (
    <Box sx={{ display: 'grid', gap: 1.5 }}>
      {[...groups].map(([key, items]) => {
        const [first] = items;
        const resource = first?.resource ? model.resource(first.resource) : undefined;
        const isNew = items.every((item) => item.before === null && !item.masked);
        const row = isNew ? newRow : changeRow;
        return (
          <Box key={key} sx={(theme) => ({ border: `1px solid ${theme.tokens.line}`, borderRadius: 1, overflow: 'hidden' })}>
            <Typography variant="h3" component="h3" sx={(theme) => ({ px: 1.5, py: 0.75, background: theme.tokens.neutralSoft })}>
              {title ?? (resource ? text(resource.label) : (first?.resource ?? words('changes.title')))}
              {first?.id && !title ? (
                <Box component="span" sx={{ ml: 0.75, fontWeight: 450, color: 'text.secondary' }}>
                  {isNew ? words('changes.new') : shortId(first.id)}
                </Box>
              ) : null}
            </Typography>
            <Box role="table" aria-label={words('changes.title')} sx={{ fontSize: '0.8125rem' }}>
              <Box role="row" sx={row}>
                <Box role="columnheader" sx={{ ...(isNew ? {} : wholeLine), color: 'text.secondary' }}>
                  {words('changes.field')}
                </Box>
                {isNew ? null : (
                  <Box role="columnheader" sx={{ color: 'text.secondary' }}>
                    {words('changes.before')}
                  </Box>
                )}
                <Box role="columnheader" sx={{ color: 'text.secondary' }}>
                  {words(isNew ? 'changes.value' : 'changes.after')}
                </Box>
              </Box>
              {items.map((item) => (
                <Box role="row" key={item.field} sx={(theme) => ({ ...row, borderTop: `1px solid ${theme.tokens.line}` })}>
                  <Box role="rowheader" sx={{ ...(isNew ? {} : wholeLine), color: 'text.secondary' }}>
                    {label(item.resource, item.field)}
                  </Box>
                  {isNew ? null : <Box role="cell">{value(item, item.before)}</Box>}
                  <Box role="cell" sx={{ fontWeight: 600, display: 'flex', gap: 0.75, alignItems: 'baseline', minWidth: 0 }}>
                    {isNew ? null : <ArrowIcon aria-hidden sx={{ fontSize: 12, color: 'text.secondary', flex: 'none' }} />}
                    <Box component="span" sx={{ minWidth: 0 }}>
                      {value(item, item.after)}
                    </Box>
                  </Box>
                </Box>
              ))}
            </Box>
          </Box>
        );
      })}
    </Box>
  );
}

/** A list of names, as the gateway writes one; null for any other value. */
function namesIn(value: string | null): readonly string[] | null {
  if (!value?.startsWith('[')) return null;
  try {
    const read: unknown = JSON.parse(value);
    return Array.isArray(read) && read.every((item) => typeof item === 'string') ? read : null;
  } catch {
    return null;
  }
}

/** On a phone the field stands above its two values: three columns would tear figures apart. */
const wholeLine = { gridColumn: { xs: '1 / -1', sm: 'auto' } } as const;
const changeRow = {
  display: 'grid',
  gridTemplateColumns: { xs: '1fr 1.1fr', sm: 'minmax(84px, 0.8fr) 1fr 1.1fr' },
  gap: 1,
  px: 1.5,
  py: 0.75,
  alignItems: 'baseline',
  overflowWrap: 'anywhere',
} as const;
const newRow = { ...changeRow, gridTemplateColumns: 'minmax(84px, 0.6fr) 1.4fr' } as const;
