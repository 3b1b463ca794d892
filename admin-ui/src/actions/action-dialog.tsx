import { Fragment, useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { Alert, Box, Button, Dialog, DialogActions, DialogContent, DialogTitle, Stack, Typography, useMediaQuery, type Theme } from '@mui/material';
import { useNotify } from 'ra-core';
import { useForm } from 'react-hook-form';
import type { CatalogueAction, CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { useText } from '../catalogue/console-context.tsx';
import type { GatewayRecord } from '../catalogue/documents.ts';
import { focusFirst } from '../feedback/focus-first.ts';
import { FailureNotice } from '../feedback/failure-notice.tsx';
import { isFailure } from '../gateway/gateway-failure.ts';
import { useFocusedTenant } from '../frame/use-focused-tenant.ts';
import { useWords } from '../language/use-words.ts';
import { ActionForm } from './action-form.tsx';
import { LOOKS } from './action-look.ts';
import { DoneLine, Ended, Introduction } from './action-stages.tsx';
import { initialValues, lookOf, type FormValues } from './action-values.ts';
import { ChangesTable } from './changes-table.tsx';
import { fieldOfIssue } from './issues.ts';
import { PlanNotice } from './plan-notice.tsx';
import { useActionFlow, type Outcome } from './use-action-flow.ts';
import { useActionWords } from './use-action-words.ts';

interface ActionDialogProps {
  readonly action: CatalogueAction;
  readonly resource: CatalogueResource;
  /** Null for an act that makes a record. */
  readonly record: GatewayRecord | null;
  /** Values that the form starts with, by input. */
  readonly preset?: FormValues;
  /** What stands under the outcome, where a page has more to say of it. */
  readonly after?: (outcome: Outcome) => ReactNode;
  /** What the page calls the record, where its own title says less. */
  readonly title?: string;
  /** Inputs whose values the page has shown: they are sent along, not asked for, and the change needs no second look. */
  readonly shown?: readonly string[];
  readonly onClose: (done: boolean) => void;
}

/** The form is hidden in the later stages: the focus goes to what stands there instead, not to nowhere. */
const takeFocus = (node: HTMLElement | null): void => node?.focus();

/** From the button to the outcome. What was typed stays through preview, code dialog, expiry and error. */
export function ActionDialog({ action, resource, record, preset, after, title, shown, onClose }: ActionDialogProps) {
  const text = useText();
  const words = useWords();
  const notify = useNotify();
  const titleId = useId();
  const narrow = useMediaQuery((theme: Theme) => theme.breakpoints.down('sm'), { noSsr: true });
  const [focused] = useFocusedTenant();
  const form = useForm<Record<string, string>>({ defaultValues: { ...initialValues(action, record, preset, focused?.id ?? null) }, mode: 'onSubmit', reValidateMode: 'onChange' });
  // Read while rendering: the form tells only those who ask then.
  const { isDirty } = form.formState;
  const [leaving, setLeaving] = useState(false);
  const act = useActionWords(action, resource, record, form.watch(), title);
  const flow = useActionFlow(action, resource, record, (values) => ({ act: act.confirm(values), object: act.title || null }));
  const { stage, failure } = flow;
  const plan = stage.name === 'preview' ? stage.plan : null;
  const filed = stage.name === 'done' && stage.outcome.status === 'PENDING_APPROVAL';
  // A second person, where one is needed this time, shows before anything else.
  const look = plan || filed ? 'approval' : lookOf(action);
  const needsPreview = !shown && (lookOf(action) !== 'routine' || action.sensitive !== 'never' || action.approval.length > 0);
  const immediate = action.input.length === 0 && action.justification === 'none' && !needsPreview;

  // What the gateway names is shown at its field; the rest stands in the notice.
  useEffect(() => {
    if (!isFailure(failure) || failure.code !== 'BAD_INPUT') return;
    const places = failure.issues.map((issue) => ({ name: fieldOfIssue(action, issue.path), message: issue.message }));
    for (const [index, { name, message }] of places.entries()) if (name) form.setError(name, { type: 'gateway', message }, { shouldFocus: index === 0 });
    if (places.length > 0 && places.every((place) => place.name)) flow.back();
    // Only a new failure places its issues.
  }, [failure]);

  const finish = async (values: FormValues): Promise<void> => {
    const outcome = await flow.execute(values);
    if (!outcome || outcome.status === 'PENDING_APPROVAL' || action.reveals.length > 0 || needsPreview) return;
    notify(<DoneLine text={act.done(values)} correlationId={outcome.correlationId} />, { type: 'success', autoHideDuration: 8000 });
    onClose(true);
  };
  const started = useRef(false);
  useEffect(() => {
    // A routine act without input has no ceremony: the click is the act (StrictMode mounts twice, the act runs once).
    if (!immediate || started.current) return;
    started.current = true;
    void finish({});
  }, []);
  // Its end is told in passing, too; a window only for what has to be read: a failure, a request that was filed, a value shown once.
  const toldInPassing = stage.name === 'form' || (stage.name === 'done' && stage.outcome.status === 'EXECUTED' && action.reveals.length === 0);
  if (immediate && !failure && toldInPassing) return null;

  const submit = form.handleSubmit((values) => (needsPreview ? flow.preview(values) : finish(values)));
  const close = (): void => {
    if (flow.busy) return;
    if (isDirty && stage.name !== 'done' && !leaving) setLeaving(true);
    else onClose(stage.name === 'done');
  };
  const content = useRef<HTMLDivElement>(null);
  const stay = (): void => {
    setLeaving(false);
    content.current?.querySelector<HTMLElement>('form:not([hidden]) :is(input, textarea), [tabindex="-1"]')?.focus();
  };
  const { icon: Icon, color } = LOOKS[look];
  const buttonColor = color === 'inherit' ? 'primary' : color;
  return (
    <Dialog open slotProps={focusFirst} onClose={(_event, reason) => reason === 'escapeKeyDown' && close()} fullWidth maxWidth="sm" fullScreen={narrow} aria-labelledby={titleId}>
      <DialogTitle
        id={titleId}
        sx={(theme) => ({
          display: 'flex',
          alignItems: 'center',
          gap: 1,
          ...(look === 'routine' ? {} : { borderTop: `3px solid ${look === 'sensitive' ? theme.tokens.bad : theme.tokens.warning}` }),
        })}
      >
        {Icon ? <Icon aria-hidden sx={(theme) => ({ fontSize: 20, color: look === 'sensitive' ? theme.tokens.bad : theme.tokens.warning })} /> : null}
        <span>
          {text(action.label)}
          {act.title ? (
            <Box component="span" sx={{ fontWeight: 450, color: 'text.secondary' }}>
              {' · '}
              {act.title}
            </Box>
          ) : null}
        </span>
      </DialogTitle>
      {/* Without a field in it, what scrolls has to take the focus itself. */}
      <DialogContent {...(stage.name === 'form' ? {} : { tabIndex: 0 })}>
        <Stack spacing={2}>
          {stage.name === 'form' ? <Introduction action={action} look={look} /> : null}
          <div aria-live="polite">{failure && !leaving ? <FailureNotice error={failure} /> : null}</div>
          {leaving ? <Alert severity="warning">{words('action.discard')}</Alert> : null}
          {/* The form stays mounted through every stage: nothing typed is lost. */}
          <Box component="form" id={`${titleId}-form`} onSubmit={(event) => void submit(event)} noValidate hidden={stage.name !== 'form'}>
            <ActionForm action={action} form={form} currency={act.currency} hidden={shown} />
          </Box>
          {stage.name === 'preview' ? (
            <>
              <Typography tabIndex={-1} ref={takeFocus} sx={{ '&:focus': { outline: 'none' } }}>
                {words('action.preview')}
              </Typography>
              {plan ? <PlanNotice plan={plan} /> : null}
              <ChangesTable changes={stage.changes} currency={act.currency} />
            </>
          ) : null}
          {stage.name === 'stale' ? (
            <>
              <Alert severity="warning" tabIndex={-1} ref={takeFocus}>
                {words('action.stale')}
              </Alert>
              <ChangesTable changes={stage.changes} currency={act.currency} title={act.title} />
            </>
          ) : null}
          {stage.name === 'done' ? (
            <Ended action={action} resource={resource} outcome={stage.outcome} done={act.done(form.getValues())} currency={act.currency} onLeave={() => onClose(true)} />
          ) : null}
          {stage.name === 'done' ? after?.(stage.outcome) : null}
        </Stack>
      </DialogContent>
      <DialogActions>
        {/* Keys, because React would else keep the button that stood there, and the focus would not move. */}
        {leaving ? (
          <Fragment key="leaving">
            <Button key="keep" color="inherit" autoFocus onClick={stay}>
              {words('action.keep')}
            </Button>
            <Button color="error" onClick={() => onClose(false)}>
              {words('action.discardNow')}
            </Button>
          </Fragment>
        ) : stage.name === 'done' ? (
          <Button key="done" variant="contained" autoFocus onClick={() => onClose(true)}>
            {words('common.close')}
          </Button>
        ) : (
          <Fragment key="asking">
            <Button color="inherit" onClick={close}>
              {words('common.cancel')}
            </Button>
            {/* Busy, not disabled: the flow lets one request through, and the focus has a place to come back to from the code dialog. */}
            {/* Keys: were one button turned into the other within a click, “Back” would end as a submit. */}
            {stage.name === 'form' ? (
              <Button key="submit" type="submit" form={`${titleId}-form`} variant="contained" color={needsPreview ? 'primary' : buttonColor} aria-busy={flow.busy}>
                {needsPreview ? words('action.toPreview') : act.confirm(form.watch())}
              </Button>
            ) : (
              <Button key="back" color="inherit" variant="outlined" onClick={flow.back} aria-busy={flow.busy}>
                {words(stage.name === 'stale' ? 'action.continueForm' : 'action.backToForm')}
              </Button>
            )}
            {stage.name === 'preview' ? (
              <Button
                variant="contained"
                color={buttonColor}
                aria-busy={flow.busy}
                startIcon={Icon ? <Icon /> : undefined}
                onClick={() => void finish(stage.values)}
                data-confirm={action.name}
              >
                {plan ? words('plan.ask') : act.confirm(stage.values)}
              </Button>
            ) : null}
          </Fragment>
        )}
      </DialogActions>
    </Dialog>
  );
}
