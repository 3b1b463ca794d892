import type { Builder } from '../../../builder.ts';
import { GatewayError } from '../../../errors.ts';
import { requireViewer } from '../../../resources/read-records.ts';
import { reachOf } from '../../../viewer.ts';
import { REPORT_READ } from '../audit.event.ts';
import { addControls } from '../controls/controls.query.ts';
import { READ_EVENT } from '../permissions.ts';
import { type Declarations, textsFor } from '../story-texts.ts';
import type { StoryTypes } from '../story-types.ts';
import { LONGEST_LIST, listLength, openReport, type ReportQuery } from './matched-events.ts';
import { readApprovals, readDeliveries, readPolicies, readReadings, readRefusals } from './read-context.ts';
import { readControls } from './read-controls.ts';
import { readCounts, readLog } from './read-counts.ts';
import { readPeople, readSessions, readTenants } from './read-people.ts';
import { LONGEST_PAGE, LONGEST_STORY, readStories, STORIES_A_PAGE, type StoryPage } from './read-stories.ts';
import { addReportTypes } from './report-types.ts';
import { namesGiven, requireSelection } from './selection.ts';
import { partsInTurn } from './sums-in-turn.ts';

const access = READ_EVENT;

function bounded(value: number | null | undefined, otherwise: number, most: number, path: string): number {
  const asked = value ?? otherwise;
  if (asked < 1 || asked > most) throw new GatewayError('BAD_INPUT', undefined, { issues: [{ path, message: `between 1 and ${most}` }] });
  return asked;
}

/**
 * `auditReport(selection)`: the correlated report (C1-C4, L17). Everything in it lies within the viewer's reach over the log; what is hidden and
 * what never was look the same. Reading it is an event.
 */
export function addAuditReport(builder: Builder, declarations: Declarations, stories: StoryTypes): void {
  const types = addReportTypes(builder, addControls(builder, declarations, stories));
  const selection = builder.inputType('AuditReportSelection', {
    access,
    description: 'What the report is about. All that is given holds at once; at least one is.',
    fields: (t) => ({
      correlationId: t.id(),
      tenantId: t.id(),
      actorId: t.id(),
      control: t.string({ description: 'Identifier of a control, as `auditControls` lists them: events whose kinds help with it.' }),
      from: t.field({ type: 'DateTime', description: 'The first instant of the period.' }),
      to: t.field({ type: 'DateTime', description: 'The instant at which the period is over.' }),
    }),
  });
  const page = builder.objectRef<StoryPage>('AuditReportStories').implement({
    description: "A page of the report's stories, one for each correlation ID, in the order in which they began.",
    fields: (t) => ({
      nodes: t.field({ type: [stories.trail], access, nullable: false, resolve: ({ nodes }) => nodes }),
      nextCursor: t.exposeString('nextCursor', { access, description: 'For `after`; null after the last page.' }),
    }),
  });
  const listArguments = { first: { description: `At most ${LONGEST_LIST}.`, defaultValue: 50 } } as const;

  const report = builder.objectRef<ReportQuery>('AuditReport').implement({
    description: 'What the log holds of a selection, told in order and summed up, as far as this viewer may read it.',
    fields: (t) => {
      const list = { first: t.arg.int(listArguments.first) };
      return {
        counts: t.field({ type: types.counts, access, nullable: false, resolve: (query) => query.inTurn(() => readCounts(query)) }),
        log: t.field({ type: types.log, access, nullable: false, resolve: (query) => query.inTurn(() => readLog(query)) }),
        stories: t.field({
          type: page,
          access,
          nullable: false,
          args: {
            first: t.arg.int({ defaultValue: 20, description: `Stories, at most ${STORIES_A_PAGE}.` }),
            after: t.arg.string(),
            steps: t.arg.int({ defaultValue: 50, description: `Events told of each story, at most ${LONGEST_STORY}.` }),
          },
          resolve: (query, asked, context) => {
            const first = bounded(asked.first, 20, STORIES_A_PAGE, 'first');
            const steps = bounded(asked.steps, 50, LONGEST_STORY, 'steps');
            if (first * steps > LONGEST_PAGE) throw new GatewayError('BAD_INPUT', undefined, { issues: [{ path: 'steps', message: `at most ${LONGEST_PAGE} events a page` }] });
            const texts = textsFor(declarations, query.viewer);
            return query.inTurn(() => readStories(query, context.cursorKey, texts, { first, after: asked.after ?? null, steps }));
          },
        }),
        policies: t.field({ type: [types.policy], access, nullable: false, args: list, resolve: (query, { first }) => query.inTurn(() => readPolicies(query, listLength(first))) }),
        approvals: t.field({
          type: [types.approval],
          access,
          nullable: false,
          description: 'Requests for a second person that the events belong to, where they concern this viewer.',
          args: list,
          resolve: (query, { first }) => query.inTurn(() => readApprovals(query, listLength(first))),
        }),
        sessions: t.field({
          type: [types.session],
          access,
          nullable: false,
          args: list,
          resolve: (query, { first }) => query.inTurn(() => readSessions(query, listLength(first))),
        }),
        deliveries: t.field({
          type: [types.delivery],
          access,
          nullable: false,
          args: list,
          resolve: (query, { first }) => query.inTurn(() => readDeliveries(query, listLength(first))),
        }),
        readings: t.field({
          type: [types.reading],
          access,
          nullable: false,
          description: 'What was looked at: personal fields that were answered.',
          args: list,
          resolve: (query, { first }) => query.inTurn(() => readReadings(query, listLength(first))),
        }),
        refusals: t.field({
          type: [types.refusal],
          access,
          nullable: false,
          args: list,
          resolve: (query, { first }) => query.inTurn(() => readRefusals(query, listLength(first))),
        }),
        people: t.field({ type: [types.person], access, nullable: false, args: list, resolve: (query, { first }) => query.inTurn(() => readPeople(query, listLength(first))) }),
        controls: t.field({
          type: [types.helping],
          access,
          nullable: false,
          description: 'Controls that the events help with; a claim of nothing.',
          resolve: (query) => query.inTurn(() => readControls(query)),
        }),
        tenants: t.field({ type: [types.tenant], access, nullable: false, args: list, resolve: (query, { first }) => query.inTurn(() => readTenants(query, listLength(first))) }),
      };
    },
  });
  builder.queryField('auditReport', (t) =>
    t.field({
      type: report,
      access,
      nullable: true,
      args: { selection: t.arg({ type: selection, required: true }) },
      resolve: async (_root, { selection: asked }, context) => {
        const viewer = requireViewer(context);
        // Each sums up as much as a hundred lists do.
        if (context.memory.has(addAuditReport)) throw new GatewayError('QUERY_REJECTED', 'One report in a document.');
        context.memory.set(addAuditReport, true);
        requireSelection(asked);
        context.reads.noteListing(REPORT_READ.kind, namesGiven(asked));
        const opened = await openReport(context.db, viewer, reachOf(viewer, READ_EVENT), asked);
        // Its own parts first take turns among themselves, then with those of every other report.
        return { ...opened, inTurn: (work) => opened.inTurn(() => partsInTurn(context, { viewer, permission: READ_EVENT, field: 'Query.auditReport' }, work)) };
      },
    }),
  );
}
