import { useEffect, useRef, type KeyboardEvent } from 'react';
import { Box, LinearProgress, Link, Paper, Skeleton, Typography, useMediaQuery, type Theme } from '@mui/material';
import { useListContext } from 'ra-core';
import { DataTable, Pagination } from 'ra-ui-materialui';
import { Link as RouterLink } from 'react-router';
import type { CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { useModel, useText } from '../catalogue/console-context.tsx';
import type { GatewayRecord } from '../catalogue/documents.ts';
import { alignmentOf, FieldValue, titleOf } from '../fields/field-value.tsx';
import { shortId } from '../fields/format.ts';
import { RelationValue } from '../fields/relation-value.tsx';
import { FailureNotice } from '../feedback/failure-notice.tsx';
import { isTyping } from '../frame/shortcuts.tsx';
import { useWords } from '../language/use-words.ts';
import { BulkActs, bulkActsOf } from './bulk-acts.tsx';
import type { ListColumn } from './list-columns.ts';
import { SelectPage, SelectRow } from './select-rows.tsx';
import { RecordCards } from './record-cards.tsx';
import { SortedColumn } from './sorted-column.tsx';

type Row = GatewayRecord & { id: string };

const pathOf = (resource: CatalogueResource, record: GatewayRecord): string => `/${resource.plural}/${encodeURIComponent(record.id)}`;

interface RecordTableProps {
  readonly resource: CatalogueResource;
  readonly columns: readonly ListColumn[];
  readonly hiddenAtFirst: readonly string[];
}

/** Rows with the title as link; arrow keys walk them, brackets turn pages. */
export function RecordTable({ resource, columns, hiddenAtFirst }: RecordTableProps) {
  const { data, error, isPending, isFetching, total, page, perPage, setPage, refetch, filterValues } = useListContext<Row>();
  const narrow = useMediaQuery((theme: Theme) => theme.breakpoints.down('sm'), { noSsr: true });
  const model = useModel();
  const bulk = bulkActsOf(model, resource).length > 0;
  const text = useText();
  const words = useWords();
  const body = useRef<HTMLDivElement>(null);
  const pages = Math.max(1, Math.ceil((total ?? 0) / perPage));

  useEffect(() => {
    const turn = (event: globalThis.KeyboardEvent): void => {
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === '[' && page > 1) setPage(page - 1);
      else if (event.key === ']' && page < pages) setPage(page + 1);
      else if (event.key === 'ArrowDown' && event.target === document.body) body.current?.querySelector<HTMLElement>('[data-row-link]')?.focus();
    };
    window.addEventListener('keydown', turn);
    return () => window.removeEventListener('keydown', turn);
  }, [page, pages, setPage]);

  const walk = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const links = [...(body.current?.querySelectorAll<HTMLElement>('[data-row-link]') ?? [])];
    const at = links.indexOf(document.activeElement as HTMLElement);
    const next = links[at + (event.key === 'ArrowDown' ? 1 : -1)];
    if (at === -1 || !next) return;
    event.preventDefault();
    next.focus();
  };

  if (error) return <FailureNotice error={error} retry={() => void refetch()} />;
  if (isPending) return <RowsSkeleton />;
  if (!data || data.length === 0) {
    const filtered = Object.keys(filterValues).length > 0;
    return (
      <Paper variant="outlined" sx={{ py: 7, px: 3, textAlign: 'center' }}>
        <Typography variant="h2">{words(filtered ? 'list.noMatch' : 'list.empty', { things: text(resource.labelPlural).toLowerCase() })}</Typography>
        <Typography sx={{ color: 'text.secondary', mt: 0.5 }}>{filtered ? words('list.noMatch.help') : text(resource.description)}</Typography>
      </Paper>
    );
  }
  return (
    <Paper variant="outlined" ref={body} onKeyDown={walk} aria-busy={isFetching} sx={{ overflow: 'hidden', position: 'relative' }}>
      {isFetching ? <LinearProgress aria-label={words('common.loading')} sx={{ position: 'absolute', insetInline: 0, top: 0, height: 2, zIndex: 1 }} /> : null}
      {narrow ? (
        <RecordCards resource={resource} columns={columns} records={data} />
      ) : (
        <>
          {bulk ? <BulkActs resource={resource} /> : null}
          <DataTable<Row>
            bulkActionButtons={false}
            hiddenColumns={[...hiddenAtFirst]}
            rowClick={(_id, _resource, record) => pathOf(resource, record as Row)}
            aria-label={text(resource.labelPlural)}
            sx={{
              '& .RaDataTable-tableWrapper': { overflowX: 'auto' },
              '& tbody tr:last-of-type td': { borderBottom: 0 },
              '& tbody tr:focus-within': (theme) => ({ background: theme.tokens.accentSoft }),
              '& td': { whiteSpace: 'nowrap', height: 38 },
              '& thead th': (theme) => ({ background: theme.tokens.paper, height: 36 }),
            }}
          >
            {bulk ? <DataTable.Col<Row> label={<SelectPage />} disableSort sx={{ width: 44 }} render={(record: Row) => <SelectRow resource={resource} record={record} />} /> : null}
            {columns.map((column) =>
              column.kind === 'field' ? (
                <SortedColumn<Row>
                  key={column.name}
                  source={column.name}
                  label={text(column.field.label)}
                  disableSort={!column.sortable}
                  align={alignmentOf(column.field)}
                  render={(record: Row) =>
                    column.name === resource.title ? <TitleLink resource={resource} record={record} /> : <FieldValue field={column.field} record={record} dense />
                  }
                />
              ) : (
                <DataTable.Col<Row>
                  key={column.name}
                  source={column.name}
                  label={text(column.relation.label)}
                  disableSort
                  align={column.relation.kind === 'count' ? 'right' : 'left'}
                  render={(record: Row) => <RelationValue relation={column.relation} record={record} />}
                />
              ),
            )}
          </DataTable>
        </>
      )}
      <Box sx={(theme) => ({ borderTop: `1px solid ${theme.tokens.line}`, '& .MuiTablePagination-toolbar': { minHeight: 42 } })}>
        <Pagination rowsPerPageOptions={[25, 50, 100]} />
      </Box>
    </Paper>
  );
}

function TitleLink({ resource, record }: { readonly resource: CatalogueResource; readonly record: GatewayRecord }) {
  const text = useText();
  const title = titleOf(resource, record, text);
  return (
    <Link
      component={RouterLink}
      to={pathOf(resource, record)}
      data-row-link
      onClick={(event) => event.stopPropagation()}
      sx={{ fontWeight: 550, display: 'inline-block', maxWidth: 320, overflow: 'hidden', textOverflow: 'ellipsis', verticalAlign: 'bottom' }}
      title={title || record.id}
    >
      {title || shortId(record.id)}
    </Link>
  );
}

const RowsSkeleton = () => (
  <Paper variant="outlined" aria-busy sx={{ p: 1.5 }}>
    {Array.from({ length: 12 }, (_, index) => (
      <Skeleton key={index} height={38} />
    ))}
  </Paper>
);
