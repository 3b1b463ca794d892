import { sql } from 'kysely';
import type { Builder } from '../../builder.ts';
import { GatewayError } from '../../errors.ts';
import type { Db, RequestContext } from '../../ports.ts';
import { canonicalKey, isKey, keyColumn, table, within } from '../../resources/columns.ts';
import { requireViewer } from '../../resources/read-records.ts';
import type { Registry } from '../../resources/registry.ts';
import { reachOf, type Viewer } from '../../viewer.ts';
import { sumsInTurn } from '../audit/report/sums-in-turn.ts';
import { addAnswerTypes } from './answers-types.ts';
import { ANSWERS_READ } from './assurance.event.ts';
import { settlePeriod } from './period.ts';
import { READ_ANSWERS } from './permissions.ts';
import { makeSecurityAnswers } from './security-answers.ts';

/**
 * The tenant as the log writes it.
 * @throws {GatewayError} NOT_FOUND for one that is not there, or not within the viewer's reach: the two look the same.
 */
async function findTenant(db: Db, registry: Registry, viewer: Viewer, id: string): Promise<string> {
  const resource = registry.tenantResource;
  if (!resource || !isKey(resource.key.type, id)) throw new GatewayError('NOT_FOUND');
  const { rows } = await sql`
    select from ${table(resource, 'tenant')}
    where ${keyColumn(resource, 'tenant')} = ${id} and ${within(registry, resource, 'tenant', reachOf(viewer, READ_ANSWERS), viewer)}`.execute(db);
  if (rows.length === 0) throw new GatewayError('NOT_FOUND');
  return canonicalKey(resource.key.type, id);
}

/** The whole gateway is for who has global reach. @throws {GatewayError} FORBIDDEN, which is an event. */
function requireEverything(context: RequestContext, viewer: Viewer): null {
  if (reachOf(viewer, READ_ANSWERS) === 'global') return null;
  context.reads.refuse(READ_ANSWERS.name, 'Query.securityAnswers');
  throw new GatewayError('FORBIDDEN', undefined, { permission: READ_ANSWERS.name });
}

/** `securityAnswers(tenantId, from, to)`: ready answers to customers' questionnaires (C4). Reading them is an event. */
export function addSecurityAnswers(builder: Builder, registry: Registry): void {
  const answers = addAnswerTypes(builder);
  builder.queryField('securityAnswers', (t) =>
    t.field({
      type: answers,
      access: READ_ANSWERS,
      nullable: true,
      description: 'Answers to security questionnaires, computed for one tenant or, with global reach, for the whole gateway; without a period for the last 90 days.',
      args: {
        tenantId: t.arg.id(),
        from: t.arg({ type: 'DateTime', description: 'The first instant of the period, at most 366 days before its end.' }),
        to: t.arg({ type: 'DateTime', description: 'The instant at which the period is over; this moment at the latest.' }),
      },
      resolve: async (_root, { tenantId, from, to }, context) => {
        const viewer = requireViewer(context);
        // Each counts as much as a report does.
        if (context.memory.has(addSecurityAnswers)) throw new GatewayError('QUERY_REJECTED', 'One set of answers in a document.');
        context.memory.set(addSecurityAnswers, true);
        const period = await settlePeriod(context.db, { from, to });
        const everything = tenantId === null || tenantId === undefined;
        if (everything) requireEverything(context, viewer);
        return sumsInTurn(context, { viewer, permission: READ_ANSWERS, field: 'Query.securityAnswers' }, async () => {
          context.reads.noteListing(ANSWERS_READ.kind, [...(everything ? [] : ['tenantId']), ...(from ? ['from'] : []), ...(to ? ['to'] : [])].sort());
          const found = everything ? null : await findTenant(context.db, registry, viewer, String(tenantId));
          const { environment, policyVersion } = context;
          return makeSecurityAnswers(context.db, registry, { period, tenantId: found, environment, policyVersion });
        });
      },
    }),
  );
}
