import { useEffect, useMemo, useState } from 'react';
import { Box } from '@mui/material';
import type { CatalogueAction, CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { ActButton } from '../actions/act-button.tsx';
import { ActionDialog } from '../actions/action-dialog.tsx';
import { LOOK_ORDER } from '../actions/action-look.ts';
import { lookOf } from '../actions/action-values.ts';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { setActsInView } from '../frame/acts-in-view.ts';
import { useWords } from '../language/use-words.ts';

/** What makes a record of this list, as far as it is open to this viewer. */
export function CreateActs({ resource }: { readonly resource: CatalogueResource }) {
  const model = useModel();
  const text = useText();
  const words = useWords();
  const [open, setOpen] = useState<CatalogueAction | null>(null);
  const offered = useMemo(() => model.creating(resource).toSorted((a, b) => LOOK_ORDER.indexOf(lookOf(a)) - LOOK_ORDER.indexOf(lookOf(b))), [model, resource]);
  useEffect(() => {
    setActsInView(offered.map((action) => ({ name: action.name, label: text(action.label), object: text(resource.label), run: () => setOpen(action) })));
    return () => setActsInView([]);
    // What is offered follows from the catalogue, the viewer and the language.
  }, [offered, resource, words]);
  if (offered.length === 0) return null;
  return (
    <Box role="group" aria-label={words('list.acts')} sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
      {offered.map((action) => (
        <ActButton key={action.name} action={action} why={null} onOpen={() => setOpen(action)} />
      ))}
      {open ? <ActionDialog key={open.name} action={open} resource={resource} record={null} onClose={() => setOpen(null)} /> : null}
    </Box>
  );
}
