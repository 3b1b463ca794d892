import DownloadIcon from '@mui/icons-material/FileDownloadOutlined';
import RefreshIcon from '@mui/icons-material/Refresh';
import { Box, Button, FormControlLabel, IconButton, Switch, Tooltip, Typography, useMediaQuery, type Theme } from '@mui/material';
import { useListContext } from 'ra-core';
import { ColumnsButton } from 'ra-ui-materialui';
import type { CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { useText } from '../catalogue/console-context.tsx';
import type { GatewayRecord } from '../catalogue/documents.ts';
import { formatDecimal } from '../fields/format.ts';
import { useWords } from '../language/use-words.ts';
import { useFormatLocale } from '../preferences/use-preferences.ts';
import { CreateActs } from './create-acts.tsx';
import { exportValue, saveFile, toCsv } from './export-rows.ts';
import { SavedViews } from './saved-views.tsx';
import type { ListColumn } from './list-columns.ts';

interface ListHeaderProps {
  readonly resource: CatalogueResource;
  readonly columns: readonly ListColumn[];
  readonly hidden: readonly string[];
  readonly personal: readonly string[];
  readonly showPersonal: boolean;
  readonly onShowPersonal: (show: boolean) => void;
}

export function ListHeader({ resource, columns, hidden, personal, showPersonal, onShowPersonal }: ListHeaderProps) {
  const { data, total, meta, isFetching, refetch } = useListContext<GatewayRecord & { id: string }>();
  // Very long lists are not counted to their end.
  const more = (meta as { totalIsExact?: boolean } | undefined)?.totalIsExact === false ? '+' : '';
  const text = useText();
  const words = useWords();
  const locale = useFormatLocale();
  const narrow = useMediaQuery((theme: Theme) => theme.breakpoints.down('sm'), { noSsr: true });

  /** What one sees: the rows of this page, the columns in view, personal fields only where they are shown. */
  const exportRows = (): void => {
    const seen = columns.filter((column) => !hidden.includes(column.name) && !(column.kind === 'field' && personal.includes(column.name) && !showPersonal));
    const label = (column: ListColumn): string => text(column.kind === 'field' ? column.field.label : column.relation.label);
    const cell = (record: GatewayRecord, column: ListColumn): string => {
      const value = record[column.name];
      return column.kind === 'relation' && value !== null && typeof value === 'object' ? exportValue((value as { id: string }).id) : exportValue(value);
    };
    saveFile(
      `${resource.plural}.csv`,
      toCsv(
        ['id', ...seen.map(label)],
        (data ?? []).map((record) => [record.id, ...seen.map((column) => cell(record, column))]),
      ),
    );
  };
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', flexWrap: 'wrap', columnGap: 1.5, rowGap: 1, mb: 1.5 }}>
      <Box sx={{ mr: 'auto', minWidth: 0 }}>
        <Typography variant="h1" component="h1">
          {text(resource.labelPlural)}
          <Box component="span" role="status" sx={{ ml: 1, fontSize: '0.875rem', fontWeight: 450, letterSpacing: 0, color: 'text.secondary' }}>
            {total === undefined ? '' : `${formatDecimal(String(total), locale)}${more}`}
          </Box>
        </Typography>
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          {text(resource.description)}
        </Typography>
      </Box>
      <CreateActs resource={resource} />
      {personal.length > 0 ? (
        <Tooltip title={words('list.personal.help')}>
          <FormControlLabel
            sx={{ mx: 0 }}
            control={<Switch size="small" checked={showPersonal} onChange={(event) => onShowPersonal(event.target.checked)} />}
            label={
              <Box component="span" sx={{ fontSize: '0.8125rem' }}>
                {words('list.personal')}
              </Box>
            }
          />
        </Tooltip>
      ) : null}
      <Box sx={{ display: 'flex', gap: 0.75, alignItems: 'center' }}>
        {narrow ? null : <SavedViews resource={resource} />}
        {narrow ? null : <ColumnsButton variant="outlined" color="inherit" />}
        <Button variant="outlined" color="inherit" startIcon={<DownloadIcon />} disabled={!data || data.length === 0} onClick={exportRows} title={words('list.export.help')}>
          {words('list.export')}
        </Button>
        <Tooltip title={words('common.refresh')}>
          <span>
            <IconButton aria-label={words('common.refresh')} disabled={isFetching} onClick={() => void refetch()}>
              <RefreshIcon sx={{ fontSize: 18 }} />
            </IconButton>
          </span>
        </Tooltip>
      </Box>
    </Box>
  );
}
