import { useCallback, useEffect, useMemo, useState } from 'react';
import { Box } from '@mui/material';
import { ListBase, useResourceContext, useStore } from 'ra-core';
import { useLocation } from 'react-router';
import { useModel, useResource, useText } from '../catalogue/console-context.tsx';
import { splitFilter, type ListFilter } from '../catalogue/filters.ts';
import { useFocusedTenant } from '../frame/use-focused-tenant.ts';
import { usePageTitle } from '../frame/use-page-title.ts';
import { useWords } from '../language/use-words.ts';
import { columnsOf, personalColumns } from './list-columns.ts';
import { FilterBar } from './filter-bar.tsx';
import { ListHeader } from './list-header.tsx';
import { RecordTable } from './record-table.tsx';

const ignore = (): void => undefined;
const NOTHING: ListFilter = {};

/** The list of any resource, drawn from the catalogue. */
export function ListPage() {
  const plural = useResourceContext() ?? '';
  const resource = useResource(plural);
  const model = useModel();
  const text = useText();
  const words = useWords();
  const location = useLocation();
  const [focused] = useFocusedTenant();
  const [inMemory, setInMemory] = useStore<ListFilter>(`memory.${plural}`, NOTHING);
  const [showPersonal, setShowPersonal] = useState(false);
  const tenantId = resource.tenanted || resource.name === model.tenant?.name ? (focused?.id ?? null) : null;
  const columns = useMemo(() => columnsOf(model, resource, tenantId), [model, resource, tenantId]);
  const hiddenAtFirst = useMemo(() => columns.filter((column) => !column.shown).map((column) => column.name), [columns]);
  const [hidden] = useStore<string[]>(`${plural}.datatable`, hiddenAtFirst);
  usePageTitle(text(resource.labelPlural));

  // The search box hands a text over in memory, because it may be a person's name.
  const handed = (location.state as { search?: string } | null)?.search;
  useEffect(() => {
    if (!handed) return;
    const { memory } = splitFilter(resource, { search: handed }, model.holds);
    setInMemory((old: ListFilter) => ({ ...old, ...memory }));
  }, [handed, location.key, resource, model, setInMemory]);

  const personal = personalColumns(columns, hidden);
  const filter = useMemo(
    () => ({ ...inMemory, ...(tenantId ? (resource.name === model.tenant?.name ? { id: { eq: tenantId } } : { tenantId: { eq: tenantId } }) : {}) }),
    [inMemory, tenantId, resource, model],
  );
  const meta = useMemo(
    () => ({ ...(showPersonal && personal.length > 0 ? { personal } : {}), act: words('list.act', { things: text(resource.labelPlural).toLowerCase() }) }),
    // Names joined, so that an equal list of columns is an equal key.
    [showPersonal, personal.join(), words, text, resource],
  );
  const keepMemory = useCallback((memory: ListFilter) => setInMemory(memory), [setInMemory]);
  return (
    <ListBase
      key={plural}
      resource={plural}
      filter={filter}
      perPage={25}
      sort={{ field: resource.defaultSort.field, order: resource.defaultSort.direction === 'asc' ? 'ASC' : 'DESC' }}
      queryOptions={{ meta, onError: ignore }}
      storeKey={`list.${plural}`}
      exporter={false}
      disableAuthentication
    >
      <Box>
        <ListHeader resource={resource} columns={columns} hidden={hidden} personal={personal} showPersonal={showPersonal} onShowPersonal={setShowPersonal} />
        <FilterBar resource={resource} memory={inMemory} onMemory={keepMemory} tenantId={tenantId} />
        <RecordTable resource={resource} columns={columns} hiddenAtFirst={hiddenAtFirst} />
      </Box>
    </ListBase>
  );
}

export default ListPage;
