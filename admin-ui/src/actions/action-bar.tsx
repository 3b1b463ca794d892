import { useEffect, useState } from 'react';
import { Box } from '@mui/material';
import type { CatalogueAction, CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { useModel, useText } from '../catalogue/console-context.tsx';
import type { GatewayRecord } from '../catalogue/documents.ts';
import { titleOf } from '../fields/field-value.tsx';
import { setActsInView } from '../frame/acts-in-view.ts';
import { useWords } from '../language/use-words.ts';
import { ActButton } from './act-button.tsx';
import { ActionDialog } from './action-dialog.tsx';
import { LOOK_ORDER } from './action-look.ts';
import { lookOf } from './action-values.ts';

interface ActionBarProps {
  readonly resource: CatalogueResource;
  readonly record: GatewayRecord;
  readonly onDone: () => void;
}

/** What this viewer may do with this record, exactly as the gateway lists it. */
export function ActionBar({ resource, record, onDone }: ActionBarProps) {
  const model = useModel();
  const text = useText();
  const words = useWords();
  const [open, setOpen] = useState<CatalogueAction | null>(null);
  const offered = (record.actions ?? [])
    .flatMap((state) => {
      const action = model.action(state.name);
      return action ? [{ state, action, look: lookOf(action) }] : [];
    })
    .toSorted((a, b) => LOOK_ORDER.indexOf(a.look) - LOOK_ORDER.indexOf(b.look));
  useEffect(() => {
    const object = titleOf(resource, record);
    setActsInView(offered.filter(({ state }) => state.enabled).map(({ action }) => ({ name: action.name, label: text(action.label), object, run: () => setOpen(action) })));
    return () => setActsInView([]);
    // What is offered follows from the record and the language.
  }, [record, resource, words]);
  if (offered.length === 0) return null;
  return (
    <Box role="group" aria-label={words('action.bar')} sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
      {offered.map(({ state, action }) => (
        <ActButton key={action.name} action={action} why={state.enabled ? null : state.because ? text(state.because) : words('action.notNow')} onOpen={() => setOpen(action)} />
      ))}
      {open ? (
        <ActionDialog
          key={open.name}
          action={open}
          resource={resource}
          record={record}
          onClose={(done) => {
            setOpen(null);
            if (done) onDone();
          }}
        />
      ) : null}
    </Box>
  );
}
