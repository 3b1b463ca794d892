import { Checkbox } from '@mui/material';
import { useListContext, useTranslate } from 'ra-core';
import type { CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import type { GatewayRecord } from '../catalogue/documents.ts';
import { titleOf } from '../fields/field-value.tsx';
import { shortId } from '../fields/format.ts';

type Row = GatewayRecord & { id: string };

const compact = { p: 0.5, my: -0.5 } as const;

/** Chooses all rows of the page. react-admin's own boxes carry their name where assistive technology can't find it. */
export function SelectPage() {
  const { data, selectedIds, onSelect, onUnselectItems } = useListContext<Row>();
  const translate = useTranslate();
  const ids = (data ?? []).map((record) => record.id);
  const all = ids.length > 0 && ids.every((id) => selectedIds.includes(id));
  return (
    <Checkbox
      size="small"
      sx={compact}
      checked={all}
      indeterminate={!all && selectedIds.length > 0}
      onChange={() => (all ? onUnselectItems() : onSelect([...new Set([...selectedIds, ...ids])]))}
      slotProps={{ input: { 'aria-label': translate('ra.action.select_all') } }}
    />
  );
}

export function SelectRow({ resource, record }: { readonly resource: CatalogueResource; readonly record: Row }) {
  const { selectedIds, onToggleItem } = useListContext<Row>();
  const translate = useTranslate();
  return (
    <Checkbox
      size="small"
      sx={compact}
      checked={selectedIds.includes(record.id)}
      onClick={(event) => event.stopPropagation()}
      onChange={() => onToggleItem(record.id)}
      slotProps={{ input: { 'aria-label': `${translate('ra.action.select_row')}: ${titleOf(resource, record) || shortId(record.id)}` } }}
    />
  );
}
