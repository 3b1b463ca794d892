import { Box, Link, Skeleton, Table, TableBody, TableCell, TableHead, TableRow } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { Link as RouterLink } from 'react-router';
import type { CatalogueField, CatalogueRelation, CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { isPersonal } from '../catalogue/console-model.ts';
import { recordDocument, selectionOf, type GatewayRecord } from '../catalogue/documents.ts';
import { alignmentOf, FieldValue, titleOf } from '../fields/field-value.tsx';
import { shortId } from '../fields/format.ts';
import { NeedsPermission } from '../fields/masked.tsx';
import { FailureNotice } from '../feedback/failure-notice.tsx';
import { sendDocument } from '../gateway/send-request.ts';
import { useWords } from '../language/use-words.ts';

/** Rows shown before one goes to the whole list. */
const SHOWN = 10;
const COLUMNS = 7;

/** Its state, and whether it is of any use, come before the rest of a row. */
const rankOf = (resource: CatalogueResource, field: CatalogueField): number => (field.name === resource.state ? 0 : field.name === 'lastUsedAt' ? 1 : 2);

interface RelatedListProps {
  readonly resource: CatalogueResource;
  readonly relation: CatalogueRelation;
  readonly record: GatewayRecord;
}

/** The records that name this one, a few of them, with the way to all. */
export function RelatedList({ resource, relation, record }: RelatedListProps) {
  const model = useModel();
  const text = useText();
  const words = useWords();
  const related = model.resource(relation.resource);
  const allowed = related !== undefined && model.holds(relation.permission);
  // `staffId` names the record in view, and so does `staffName`: that stands above already.
  const own = relation.inverseFilter?.replace(/Id$/, 'Name');
  const columns = related
    ? related.fields
        .filter((field) => field.inList && !isPersonal(field) && model.holds(field.permission) && field.name !== related.title && field.name !== own)
        .toSorted((a, b) => rankOf(related, a) - rankOf(related, b))
        .slice(0, COLUMNS)
    : [];
  const query = useQuery({
    queryKey: ['related', resource.name, record.id, relation.name],
    enabled: allowed,
    queryFn: async ({ signal }) => {
      if (!related) return [];
      const names = [
        related.title,
        ...columns.map((column) => column.name),
        ...columns.flatMap((column) => (column.currency && 'field' in column.currency ? [column.currency.field] : [])),
      ];
      const selection = selectionOf(model, related, { fields: names, compact: true });
      const answer = await sendDocument<{ record: { items: GatewayRecord[] | null } | null }>(
        recordDocument(resource, `items: ${relation.name}(first: ${SHOWN}) { ${selection} }`),
        { id: record.id },
        { signal },
      );
      return answer.data.record?.items ?? [];
    },
  });
  if (!related || !allowed) {
    return (
      <Box sx={{ p: 2 }}>
        <NeedsPermission permission={relation.permission} tenantId={record.tenantId ?? null} />
      </Box>
    );
  }
  if (query.error) {
    return (
      <Box sx={{ p: 2 }}>
        <FailureNotice error={query.error} retry={() => void query.refetch()} />
      </Box>
    );
  }
  if (!query.data) {
    return (
      <Box sx={{ p: 2 }} aria-busy>
        {Array.from({ length: 4 }, (_, index) => (
          <Skeleton key={index} height={32} />
        ))}
      </Box>
    );
  }
  if (query.data.length === 0) return <Box sx={{ p: 3, color: 'text.secondary', textAlign: 'center' }}>{words('list.empty', { things: text(relation.label).toLowerCase() })}</Box>;
  const title = related.fields.find((field) => field.name === related.title);
  const all = relation.inverseFilter ? `/${related.plural}?filter=${encodeURIComponent(JSON.stringify({ [relation.inverseFilter]: { eq: record.id } }))}` : null;
  return (
    <>
      <Box sx={{ overflowX: 'auto' }} tabIndex={0} role="group" aria-label={text(relation.label)}>
        <Table size="small">
          <TableHead>
            <TableRow>
              <TableCell>{title ? text(title.label) : text(related.label)}</TableCell>
              {columns.map((column) => (
                <TableCell key={column.name} align={alignmentOf(column)}>
                  {text(column.label)}
                </TableCell>
              ))}
            </TableRow>
          </TableHead>
          <TableBody sx={{ '& tr:last-of-type td': { borderBottom: 0 } }}>
            {query.data.map((row) => (
              <TableRow key={row.id} hover>
                <TableCell sx={{ whiteSpace: 'nowrap' }}>
                  <Link component={RouterLink} to={`/${related.plural}/${encodeURIComponent(row.id)}`} sx={{ fontWeight: 550 }}>
                    {titleOf(related, row) || shortId(row.id)}
                  </Link>
                </TableCell>
                {columns.map((column) => (
                  <TableCell key={column.name} align={alignmentOf(column)} sx={{ whiteSpace: 'nowrap' }}>
                    <FieldValue field={column} record={row} dense />
                  </TableCell>
                ))}
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </Box>
      {query.data.length === SHOWN || all ? (
        <Box sx={(theme) => ({ px: 2, py: 1, borderTop: `1px solid ${theme.tokens.line}`, fontSize: '0.8125rem' })}>
          {all ? (
            <Link component={RouterLink} to={all}>
              {words('record.seeAll', { things: text(relation.label).toLowerCase() })}
            </Link>
          ) : (
            <Box component="span" sx={{ color: 'text.secondary' }}>
              {words('record.first', { count: SHOWN })}
            </Box>
          )}
        </Box>
      ) : null}
    </>
  );
}
