import { Box } from '@mui/material';
import { Link as RouterLink } from 'react-router';
import type { CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { useText } from '../catalogue/console-context.tsx';
import { fieldOf } from '../catalogue/console-model.ts';
import type { GatewayRecord } from '../catalogue/documents.ts';
import { FieldValue, titleOf } from '../fields/field-value.tsx';
import { shortId } from '../fields/format.ts';
import { RelationName } from '../fields/relation-value.tsx';
import type { ListColumn } from './list-columns.ts';

/** How many facts a card tells besides title and state. */
const FACTS = 4;

/** The list on a phone: title and state, then the first facts. */
export function RecordCards({
  resource,
  columns,
  records,
}: {
  readonly resource: CatalogueResource;
  readonly columns: readonly ListColumn[];
  readonly records: readonly GatewayRecord[];
}) {
  const text = useText();
  const state = resource.state ? fieldOf(resource, resource.state) : undefined;
  const facts = columns.filter((column) => column.shown && column.name !== resource.title && column.name !== resource.state).slice(0, FACTS);
  return (
    <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none' }}>
      {records.map((record) => (
        <Box component="li" key={record.id} sx={(theme) => ({ '&:not(:last-of-type)': { borderBottom: `1px solid ${theme.tokens.line}` } })}>
          <Box
            component={RouterLink}
            to={`/${resource.plural}/${encodeURIComponent(record.id)}`}
            data-row-link
            sx={{ display: 'block', p: 1.5, color: 'text.primary', textDecoration: 'none', '&:focus-visible': { outlineOffset: -2 } }}
          >
            <Box sx={{ display: 'flex', justifyContent: 'space-between', gap: 1, mb: 0.5 }}>
              <Box component="span" sx={{ fontWeight: 600, minWidth: 0 }}>
                {titleOf(resource, record, text) || shortId(record.id)}
              </Box>
              {state ? <FieldValue field={state} record={record} dense /> : null}
            </Box>
            {facts.map((column) => (
              <Box key={column.name} sx={{ display: 'flex', justifyContent: 'space-between', gap: 2, fontSize: '0.8125rem' }}>
                <Box component="span" sx={{ color: 'text.secondary' }}>
                  {text(column.kind === 'field' ? column.field.label : column.relation.label)}
                </Box>
                <Box component="span" sx={{ minWidth: 0, textAlign: 'right', overflow: 'hidden', textOverflow: 'ellipsis' }}>
                  {column.kind === 'field' ? <FieldValue field={column.field} record={record} dense /> : <RelationName relation={column.relation} record={record} />}
                </Box>
              </Box>
            ))}
          </Box>
        </Box>
      ))}
    </Box>
  );
}
