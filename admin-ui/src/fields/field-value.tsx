import { Box, Link } from '@mui/material';
import type { Text } from '@sallyport/schema/vocabulary/axes.ts';
import type { CatalogueField, CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { useText } from '../catalogue/console-context.tsx';
import { fieldOf } from '../catalogue/console-model.ts';
import { REFUSED, type GatewayRecord } from '../catalogue/documents.ts';
import { useWords } from '../language/use-words.ts';
import { useFormatLocale } from '../preferences/use-preferences.ts';
import { MONO } from '../theme/theme.ts';
import { formatDate, formatDecimal, formatMoney, safeLink, showHidden } from './format.ts';
import { IdChip } from './id-chip.tsx';
import { Masked, NeedsPermission } from './masked.tsx';
import { NameChips } from './name-chips.tsx';
import { StateChip } from './state-chip.tsx';
import { TimeText } from './time-text.tsx';

/** Currency code of a money field: fixed, or named by another field of the record. */
export function currencyOf(currency: CatalogueField['currency'], record: GatewayRecord): string | null {
  if (!currency) return null;
  if ('code' in currency) return currency.code;
  const code = record[currency.field];
  return typeof code === 'string' ? code : null;
}

const isNumeric = (field: CatalogueField): boolean => field.type === 'money' || field.type === 'integer' || field.type === 'decimal';
export const alignmentOf = (field: CatalogueField): 'right' | 'left' => (isNumeric(field) ? 'right' : 'left');

interface FieldValueProps {
  readonly field: CatalogueField;
  readonly record: GatewayRecord;
  /** Fewer words for a narrow cell. */
  readonly dense?: boolean;
}

/** A field's value as people read it: by type, in their locale, masked or refused where it is. */
export function FieldValue({ field, record, dense = false }: FieldValueProps) {
  const text = useText();
  const words = useWords();
  const locale = useFormatLocale();
  const value = record[field.name];
  const refused = record[REFUSED] as readonly string[] | undefined;
  const tenantId = record.tenantId ?? null;
  if (refused?.includes(field.name)) return <NeedsPermission permission={field.permission} tenantId={tenantId} short={dense} />;
  if (value === undefined && field.class === 'personal') return <Masked />;
  if (value === undefined) return <NeedsPermission permission={field.permission} tenantId={tenantId} short={dense} />;
  // That something was never used says more than a dash.
  if (value === null && field.name === 'lastUsedAt') return <span>{words('mine.neverUsed')}</span>;
  if (value === null || value === '') return <Absent />;
  switch (field.type) {
    case 'enum': {
      const known = field.values?.find((item) => item.value === value);
      // A field whose values carry no tone at all names a kind, not a state.
      if (known && field.values?.every((item) => item.tone === 'neutral')) return <span>{text(known.label)}</span>;
      return known ? <StateChip label={text(known.label)} tone={known.tone} /> : <span>{String(value as string)}</span>;
    }
    case 'boolean':
      return <span>{value === true ? words('common.yes') : words('common.no')}</span>;
    case 'money':
      return (
        <Box component="span" className="figures" sx={{ whiteSpace: 'nowrap' }}>
          {formatMoney(String(value as string), currencyOf(field.currency, record), locale)}
        </Box>
      );
    case 'decimal':
    case 'integer':
      return <span className="figures">{formatDecimal(String(value as string | number), locale)}</span>;
    case 'timestamp':
      return <TimeText iso={String(value as string)} relative={dense} />;
    case 'date':
      return (
        <Box component="span" className="figures" sx={{ whiteSpace: 'nowrap' }}>
          {formatDate(String(value as string), locale)}
        </Box>
      );
    case 'id':
      return <IdChip id={String(value as string)} to={field.name === 'correlationId' ? `/story/${String(value as string)}` : null} />;
    case 'json':
      return Array.isArray(value) && value.every((item) => typeof item === 'string') ? (
        <NameChips names={value} field={field.name} dense={dense} />
      ) : dense ? (
        <Box component="code" sx={{ fontFamily: MONO, fontSize: '0.75rem' }}>
          {showHidden(JSON.stringify(value)).slice(0, 80)}
        </Box>
      ) : (
        <Box component="pre" sx={{ m: 0, fontFamily: MONO, fontSize: '0.75rem', whiteSpace: 'pre-wrap', maxHeight: 240, overflow: 'auto' }} tabIndex={0}>
          {showHidden(JSON.stringify(value, null, 2))}
        </Box>
      );
    case 'url': {
      const address = safeLink(String(value as string));
      const shown = showHidden(String(value as string));
      return address && !dense ? (
        <Link href={address} target="_blank" rel="noopener noreferrer nofollow">
          {shown}
        </Link>
      ) : (
        <span>{shown}</span>
      );
    }
    default:
      return dense ? (
        <Box
          component="span"
          title={showHidden(String(value as string))}
          sx={{ display: 'inline-block', maxWidth: 280, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', verticalAlign: 'bottom' }}
        >
          {showHidden(String(value as string))}
        </Box>
      ) : (
        <Box component="span" sx={{ whiteSpace: 'pre-wrap' }}>
          {showHidden(String(value as string))}
        </Box>
      );
  }
}

export const Absent = () => (
  <Box component="span" aria-hidden sx={{ color: 'text.secondary' }}>
    —
  </Box>
);

/** Title of a record; its own words where the field is masked. With `say`, the values of an enum are in words. */
export function titleOf(resource: CatalogueResource, record: GatewayRecord, say?: (text: Text) => string): string {
  const value = record[resource.title];
  const known = say && fieldOf(resource, resource.title)?.values?.find((item) => item.value === value);
  if (known) return say(known.label);
  return value === null || value === undefined || value === '' ? '' : showHidden(String(value as string | number));
}
