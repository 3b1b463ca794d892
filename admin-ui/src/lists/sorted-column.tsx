import { useDataTableRenderContext, useListContext, type RaRecord } from 'ra-core';
import { DataTable, type DataTableColumnProps } from 'ra-ui-materialui';

const WORDS = { ASC: 'ascending', DESC: 'descending' } as const;

/** A column whose header says to screen readers that rows are ordered by it, and which way. */
export function SortedColumn<Row extends RaRecord>(props: DataTableColumnProps<Row>) {
  const where = useDataTableRenderContext();
  const { sort } = useListContext();
  const sorted = where === 'header' && !props.disableSort && sort.field === props.source;
  return <DataTable.Col<Row> {...props} {...(sorted ? { 'aria-sort': WORDS[sort.order] } : {})} />;
}
