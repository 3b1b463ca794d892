import { useEffect, useState } from 'react';
import { Box, Button, Tooltip } from '@mui/material';
import type { CatalogueAction, CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { useModel, useText } from '../catalogue/console-context.tsx';
import type { GatewayRecord, RecordAction } from '../catalogue/documents.ts';
import { titleOf } from '../fields/field-value.tsx';
import { setActsInView } from '../frame/acts-in-view.ts';
import { useWords } from '../language/use-words.ts';
import { ActionDialog } from './action-dialog.tsx';
import { LOOK_ORDER, LOOKS, type Look } from './action-look.ts';
import { lookOf } from './action-values.ts';

interface ActionBarProps {
  readonly resource: CatalogueResource;
  readonly record: GatewayRecord;
  readonly onDone: () => void;
}

/** What this viewer may do with this record, exactly as the gateway lists it; risk is visible before a word is read. */
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
      {offered.map(({ state, action, look }) => (
        <ActionButton key={action.name} state={state} action={action} look={look} onOpen={() => setOpen(action)} />
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

function ActionButton({ state, action, look, onOpen }: { readonly state: RecordAction; readonly action: CatalogueAction; readonly look: Look; readonly onOpen: () => void }) {
  const text = useText();
  const words = useWords();
  const { color, icon: Icon, words: tier } = LOOKS[look];
  const why = state.enabled ? null : state.because ? text(state.because) : words('action.notNow');
  const help = [why, text(action.description), tier ? words(tier) : null].filter((line) => line !== null).join(' · ');
  return (
    <Tooltip title={help} describeChild>
      {/* Disabled by ARIA, not by attribute: the reason stays within reach of keyboard and screen reader. */}
      <Button
        variant="outlined"
        color={color}
        startIcon={Icon ? <Icon /> : undefined}
        aria-disabled={!state.enabled}
        data-action={action.name}
        data-enabled={state.enabled}
        // The second click of a double click and the repeats of a held key are the first one's: a quick act may be over between them (THREATS J12).
        onClick={(event) => state.enabled && event.detail < 2 && onOpen()}
        onKeyDown={(event) => event.repeat && event.preventDefault()}
        sx={(theme) => ({
          ...(look === 'routine' ? {} : { borderColor: 'currentColor', borderWidth: 1.5, background: look === 'sensitive' ? theme.tokens.badSoft : theme.tokens.warningSoft }),
          ...(state.enabled
            ? {}
            : {
                color: theme.tokens.quiet,
                borderColor: theme.tokens.line,
                borderStyle: 'dashed',
                background: 'transparent',
                cursor: 'not-allowed',
                '&:hover': { background: 'transparent' },
              }),
        })}
      >
        {text(action.label)}
      </Button>
    </Tooltip>
  );
}
