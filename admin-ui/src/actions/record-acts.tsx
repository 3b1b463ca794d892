import { useState, type ReactNode } from 'react';
import { Box } from '@mui/material';
import type { CatalogueAction, CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { useModel, useText } from '../catalogue/console-context.tsx';
import type { GatewayRecord } from '../catalogue/documents.ts';
import { useWords } from '../language/use-words.ts';
import { ActButton } from './act-button.tsx';
import { ActionDialog } from './action-dialog.tsx';
import type { FormValues } from './action-values.ts';
import type { Outcome } from './use-action-flow.ts';

interface RecordActsProps {
  readonly resource: CatalogueResource;
  readonly record: GatewayRecord;
  /** Names of the acts that have their place here. */
  readonly only: readonly string[];
  /** Leaves out what the state doesn't allow, where the state already says why. */
  readonly enabledOnly?: boolean;
  readonly onDone?: () => void;
}

/** Buttons for acts on one record among several, as the gateway lists them. */
export function RecordActs({ resource, record, only, enabledOnly = false, onDone }: RecordActsProps) {
  const model = useModel();
  const text = useText();
  const words = useWords();
  const [open, setOpen] = useState<CatalogueAction | null>(null);
  const offered = (record.actions ?? []).flatMap((state) => {
    const action = only.includes(state.name) ? model.action(state.name) : undefined;
    return action && (state.enabled || !enabledOnly) ? [{ state, action }] : [];
  });
  if (offered.length === 0 && !open) return null;
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
            if (done) onDone?.();
          }}
        />
      ) : null}
    </Box>
  );
}

interface MakeActProps {
  /** Name of an act that makes a record. */
  readonly name: string;
  /** False takes the button away, not a dialog that is open: the act itself may be what ends the offer. */
  readonly offered?: boolean;
  readonly preset?: FormValues;
  /** What stands under the outcome. */
  readonly after?: (outcome: Outcome) => ReactNode;
  readonly onDone?: () => void;
}

/** The button for an act that makes a record; nothing where it isn't open to this viewer. */
export function MakeAct({ name, offered = true, preset, after, onDone }: MakeActProps) {
  const model = useModel();
  const [open, setOpen] = useState(false);
  const action = model.action(name);
  const resource = action && model.resource(action.resource);
  if (!action || !resource || (!open && !model.mayAct(action))) return null;
  return (
    <>
      {offered && model.mayAct(action) ? <ActButton action={action} why={null} onOpen={() => setOpen(true)} /> : null}
      {open ? (
        <ActionDialog
          action={action}
          resource={resource}
          record={null}
          {...(preset ? { preset } : {})}
          {...(after ? { after } : {})}
          onClose={(done) => {
            setOpen(false);
            if (done) onDone?.();
          }}
        />
      ) : null}
    </>
  );
}
