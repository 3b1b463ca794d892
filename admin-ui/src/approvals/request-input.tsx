import { Box, Typography } from '@mui/material';
import type { CatalogueInput } from '@sallyport/schema/vocabulary/catalogue.ts';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { formatDecimal, formatMoney, showHidden } from '../fields/format.ts';
import { NameChips } from '../fields/name-chips.tsx';
import { useTitles } from '../fields/titles.ts';
import { useWords } from '../language/use-words.ts';
import { useFormatLocale } from '../preferences/use-preferences.ts';
import type { ApprovalDecision, ApprovalRequest } from './requests.ts';

const SAYS_NOTHING: ReadonlySet<string> = new Set(['', '[]']);

/** What was typed into the form of the act, as far as the change doesn't say it already. */
export function RequestInput({ request, decision }: { readonly request: ApprovalRequest; readonly decision: ApprovalDecision }) {
  const model = useModel();
  const text = useText();
  const words = useWords();
  const declared = new Map(model.action(request.action)?.input.map((item) => [item.name, item]));
  const told = new Set(decision.changes.map((change) => comparable(change.after)));
  const given = decision.input.filter((item) => item.masked || !(item.value === null || SAYS_NOTHING.has(item.value) || told.has(comparable(item.value))));
  if (given.length === 0) return null;
  return (
    <>
      <Typography variant="h3" component="h3" sx={{ mt: 2, mb: 0.75 }}>
        {words('request.entered')}
      </Typography>
      <Box
        component="dl"
        sx={{
          m: 0,
          display: 'grid',
          gridTemplateColumns: { xs: '96px minmax(0, 1fr)', sm: '140px minmax(0, 1fr)' },
          columnGap: 2,
          rowGap: 0.75,
          fontSize: '0.8125rem',
          '& dd': { m: 0, overflowWrap: 'anywhere' },
          '& dt': { color: 'text.secondary' },
        }}
      >
        {given.map((item) => {
          const known = declared.get(item.name);
          return (
            <Box key={item.name} sx={{ display: 'contents' }}>
              <dt>{known ? text(known.label) : item.name}</dt>
              <dd>{item.masked ? words('changes.masked') : <Value input={known} value={item.value ?? ''} />}</dd>
            </Box>
          );
        })}
      </Box>
    </>
  );
}

const listIn = (value: string): readonly string[] | null => {
  try {
    const read: unknown = JSON.parse(value);
    return Array.isArray(read) ? read.map(String) : null;
  } catch {
    return null;
  }
};

/** A list says the same in any order. */
const comparable = (value: string | null): string | null =>
  listIn(value ?? '')
    ?.toSorted()
    .join('\n') ?? value;

function Value({ input, value }: { readonly input: CatalogueInput | undefined; readonly value: string }) {
  const text = useText();
  const words = useWords();
  const locale = useFormatLocale();
  const titles = useTitles(input?.type === 'reference' && input.resource ? [{ resource: input.resource, ids: [value] }] : []);
  switch (input?.type) {
    case 'money':
      return <span>{formatMoney(value, input.currency && 'code' in input.currency ? input.currency.code : null, locale)}</span>;
    case 'integer':
      return <span>{formatDecimal(value, locale)}</span>;
    case 'boolean':
      return <span>{words(value === 'true' ? 'common.yes' : 'common.no')}</span>;
    case 'enum': {
      const chosen = input.values?.find((item) => item.value.toLowerCase().replaceAll('-', '_') === value.toLowerCase().replaceAll('-', '_'));
      return <span>{chosen ? text(chosen.label) : showHidden(value)}</span>;
    }
    case 'reference':
      return <span>{titles(input.resource ?? '', value)}</span>;
    case 'tenants':
    case 'permissions': {
      const names = listIn(value);
      return names ? <NameChips names={names} field={input.type === 'tenants' ? 'tenantIds' : 'permissions'} dense={false} /> : <span>{showHidden(value)}</span>;
    }
    default:
      return <span>{showHidden(value)}</span>;
  }
}
