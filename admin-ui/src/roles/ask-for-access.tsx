import { useCallback, useMemo, useState, type ReactNode } from 'react';
import { ActionDialog } from '../actions/action-dialog.tsx';
import type { FormValues } from '../actions/action-values.ts';
import { useModel } from '../catalogue/console-context.tsx';
import { useFocusedTenant } from '../frame/use-focused-tenant.ts';
import { AskForContext, lendable, type Lacking } from './ask-for.ts';

/** The act by which somebody asks for a right for a short time. */
const ASKING = 'requestElevation';

/** What the form starts with; the gateway says how long it may be. */
const USUAL_MINUTES = '30';

/** Lets any place that lacks a right open the request for it, filled in as far as the place knows. */
export function AskForAccess({ children }: { readonly children: ReactNode }) {
  const model = useModel();
  const [focused] = useFocusedTenant();
  const [asked, setAsked] = useState<(Lacking & { readonly count: number }) | null>(null);
  const action = model.action(ASKING);
  const resource = action ? model.resource(action.resource) : undefined;
  const ask = useCallback((lacking: Lacking) => setAsked((old) => ({ ...lacking, count: (old?.count ?? 0) + 1 })), []);
  const asking = useMemo(() => ({ ask, lendable: lendable(model.catalogue) }), [ask, model.catalogue]);
  if (!action || !resource || !model.mayAct(action)) return <AskForContext value={null}>{children}</AskForContext>;
  return (
    <AskForContext value={asking}>
      {children}
      {asked ? <ActionDialog key={asked.count} action={action} resource={resource} record={null} preset={presetFor(asked)} onClose={() => setAsked(null)} /> : null}
    </AskForContext>
  );

  function presetFor({ permission, tenantId }: Lacking): FormValues {
    const everywhere = model.catalogue.permissions.find((item) => item.name === permission)?.reach === 'global';
    const tenant = tenantId ?? focused?.id ?? '';
    return { permissions: permission, tenants: everywhere ? '' : tenant, everywhere: String(everywhere), minutes: USUAL_MINUTES };
  }
}
