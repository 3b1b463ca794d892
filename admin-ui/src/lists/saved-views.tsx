import { useState, type SubmitEvent } from 'react';
import BookmarkIcon from '@mui/icons-material/BookmarkBorder';
import DeleteIcon from '@mui/icons-material/Close';
import { Box, Button, Divider, IconButton, Link, Popover, TextField } from '@mui/material';
import { useListContext, useStore } from 'ra-core';
import { Link as RouterLink } from 'react-router';
import type { CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import type { ListFilter } from '../catalogue/filters.ts';
import { useWords } from '../language/use-words.ts';

interface SavedView {
  readonly name: string;
  readonly filter: ListFilter;
  readonly sort: { readonly field: string; readonly order: string };
}

const pathOf = (resource: CatalogueResource, view: SavedView): string =>
  `/${resource.plural}?${new URLSearchParams({ filter: JSON.stringify(view.filter), sort: view.sort.field, order: view.sort.order, page: '1' }).toString()}`;

const LONGEST_NAME = 60;

/** Named filters of one list, kept on this machine. Conditions on personal fields are never part of them. */
export function SavedViews({ resource }: { readonly resource: CatalogueResource }) {
  const { filterValues, sort } = useListContext();
  const words = useWords();
  const [views, setViews] = useStore<readonly SavedView[]>(`preferences.views.${resource.plural}`, []);
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [name, setName] = useState('');
  const save = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const wanted = name.trim();
    if (wanted === '') return;
    setViews([...views.filter((view) => view.name !== wanted), { name: wanted, filter: filterValues as ListFilter, sort: { field: sort.field, order: sort.order } }]);
    setName('');
  };
  return (
    <>
      <Button
        variant="outlined"
        color="inherit"
        startIcon={<BookmarkIcon />}
        aria-haspopup="dialog"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        {words('views.title')}
      </Button>
      <Popover
        open={anchor !== null}
        anchorEl={anchor}
        onClose={() => setAnchor(null)}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
        transformOrigin={{ vertical: 'top', horizontal: 'right' }}
        slotProps={{ paper: { role: 'dialog', 'aria-label': words('views.title'), sx: { p: 2, width: 300, maxWidth: 'calc(100vw - 16px)', mt: 0.75 } } }}
      >
        {views.length === 0 ? <Box sx={{ color: 'text.secondary', fontSize: '0.8125rem' }}>{words('views.none')}</Box> : null}
        <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none' }}>
          {views.map((view) => (
            <Box component="li" key={view.name} sx={{ display: 'flex', alignItems: 'center', justifyContent: 'space-between', gap: 1 }}>
              <Link component={RouterLink} to={pathOf(resource, view)} onClick={() => setAnchor(null)} sx={{ py: 0.5 }}>
                {view.name}
              </Link>
              <IconButton aria-label={words('views.delete', { name: view.name })} onClick={() => setViews(views.filter((other) => other.name !== view.name))}>
                <DeleteIcon sx={{ fontSize: 15 }} />
              </IconButton>
            </Box>
          ))}
        </Box>
        <Divider sx={{ my: 1.5 }} />
        <Box component="form" onSubmit={save} sx={{ display: 'flex', gap: 1 }}>
          <TextField label={words('views.name')} value={name} onChange={(event) => setName(event.target.value)} slotProps={{ htmlInput: { maxLength: LONGEST_NAME } }} />
          <Button type="submit" variant="contained" disabled={name.trim() === ''}>
            {words('views.save')}
          </Button>
        </Box>
      </Popover>
    </>
  );
}
