import type { Builder } from '../../builder.ts';
import { GatewayError } from '../../errors.ts';
import { isKey } from '../../resources/columns.ts';
import { requireViewer } from '../../resources/read-records.ts';
import type { Registry } from '../../resources/registry.ts';
import { reachOf } from '../../viewer.ts';
import { sumsInTurn } from '../audit/report/sums-in-turn.ts';
import { countedDays } from './counted-days.ts';
import { FLOWS_READ } from './flow.event.ts';
import type { DeclaredFlow } from './flow-facts.ts';
import type { FlowFigures } from './flow-figures.ts';
import { addFlowTypes } from './flow-types.ts';
import { LONGEST_DAYS, periodOf, USUAL_DAYS } from './period.ts';
import { READ_FLOWS } from './permissions.ts';
import { readFlows, readWaiting } from './read-flows.ts';

/** Every declared action, with the kind of event that tells of it. */
export const declaredFlows = (registry: Pick<Registry, 'actions'>): readonly DeclaredFlow[] =>
  [...registry.actions.values()].map(({ name, event }) => ({ action: name, kind: event.kind }));

/** As a row of figures looks for an act that nobody tried. */
function untried(action: string, like: FlowFigures): FlowFigures {
  const zeros = Object.fromEntries(Object.entries(like).map(([name, value]) => [name, typeof value === 'number' && !name.includes('Seconds') ? 0 : null]));
  return { ...like, ...zeros, action, refusals: [] };
}

/**
 * `flows(from, to, tenantId)`: how guarded acts go (C7). Counted from the log and from requests for a second person, within the viewer's
 * reach; of a tenant that is hidden as of one that never was: nothing. Reading it is an event.
 */
export function addFlows(builder: Builder, registry: Registry): void {
  const answer = addFlowTypes(builder);
  builder.queryField('flows', (t) =>
    t.field({
      type: answer,
      access: READ_FLOWS,
      nullable: true,
      description: `How guarded acts go, by action and day. At most ${LONGEST_DAYS} days; the last ${USUAL_DAYS} unless said.`,
      args: {
        from: t.arg({ type: 'DateTime', description: 'The first instant of the period.' }),
        to: t.arg({ type: 'DateTime', description: 'The instant at which the period is over.' }),
        tenantId: t.arg.id({ description: 'Only what belongs to this tenant.' }),
      },
      resolve: async (_root, { from, to, tenantId }, context) => {
        const viewer = requireViewer(context);
        // It sums up as much as a hundred lists do.
        if (context.memory.has(addFlows)) throw new GatewayError('QUERY_REJECTED', 'One question about flows in a document.');
        context.memory.set(addFlows, true);
        if (!isKey('text', tenantId ?? '')) throw new GatewayError('BAD_INPUT', undefined, { issues: [{ path: 'tenantId', message: 'is not an ID' }] });
        const period = await periodOf(context.db, from, to);
        const selection = { ...period, reach: reachOf(viewer, READ_FLOWS), tenantId: tenantId ?? null, flows: declaredFlows(registry) };
        const given = Object.entries({ from, to, tenantId }).flatMap(([name, value]) => (value === null || value === undefined ? [] : [name]));
        const [table, waiting] = await sumsInTurn(context, { viewer, permission: READ_FLOWS, field: 'Query.flows' }, async () => {
          context.reads.noteListing(FLOWS_READ.kind, given);
          return Promise.all([readFlows(context.db, selection, await countedDays(context.db, period)), readWaiting(context.db, selection)]);
        });
        const tried = new Set(table.actions.map(({ action }) => action));
        const others = selection.flows.filter(({ action }) => !tried.has(action)).map(({ action }) => untried(action, table.total));
        return { ...period, ...table, actions: [...table.actions, ...others], waiting };
      },
    }),
  );
}
