import { Box, Table, TableBody, TableCell, TableHead, TableRow } from '@mui/material';
import type { ReactNode } from 'react';
import { Section } from '../feedback/section.tsx';
import { useWords } from '../language/use-words.ts';

export interface Column<Row> {
  readonly label: string;
  readonly show: (row: Row) => ReactNode;
  readonly figures?: boolean;
}

interface ReportTableProps<Row> {
  readonly id: string;
  readonly title: string;
  readonly help?: string;
  readonly rows: readonly Row[];
  /** How many there are in all; the report lists the first ones. */
  readonly total?: number;
  readonly keyOf: (row: Row) => string;
  readonly columns: readonly Column<Row>[];
}

/** One list of a report: each row a line on paper too. Nothing where it is empty: what is empty is named together. */
export function ReportTable<Row>({ id, title, help, rows, total, keyOf, columns }: ReportTableProps<Row>) {
  const words = useWords();
  const more = (total ?? rows.length) - rows.length;
  if (rows.length === 0) return null;
  return (
    <Section id={id} title={title} {...(help ? { help } : {})}>
      <Box role="group" tabIndex={0} aria-label={title} sx={{ overflowX: 'auto', mx: -1.5 }}>
        <Table size="small" aria-labelledby={id}>
          <TableHead>
            <TableRow>
              {columns.map(({ label, figures }) => (
                <TableCell key={label} align={figures ? 'right' : 'left'}>
                  {label}
                </TableCell>
              ))}
            </TableRow>
          </TableHead>
          <TableBody sx={{ '& td': { verticalAlign: 'top', overflowWrap: 'break-word', '@media print': { overflowWrap: 'anywhere' } } }}>
            {rows.map((row) => (
              <TableRow key={keyOf(row)}>
                {columns.map(({ label, show, figures }) => (
                  <TableCell key={label} align={figures ? 'right' : 'left'} {...(figures ? { className: 'figures' } : {})}>
                    {show(row)}
                  </TableCell>
                ))}
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </Box>
      {more > 0 ? <Box sx={{ mt: 1, color: 'text.secondary', fontSize: '0.8125rem' }}>{words('reports.andMore', { smart_count: more })}</Box> : null}
    </Section>
  );
}
