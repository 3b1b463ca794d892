import type { Builder } from '../../builder.ts';
import { READ_FLOWS } from './permissions.ts';
import type { Period } from './period.ts';
import type { FlowDay, FlowFigures, FlowRefusal, FlowTable, WaitingRequests } from './flow-figures.ts';

/** What `flows` answers. */
export interface FlowAnswer extends Period, FlowTable {
  readonly waiting: WaitingRequests;
}

/** Counts by name, with what each counts. */
const COUNTS = {
  tries: 'Each ends in one way: an act that was sent, asked a code for and sent again is one. Previews are none.',
  executed: 'Done, at once or by an approved request; however much later that was.',
  refused: 'Turned away with a code; a question for a fresh code is no refusal.',
  failed: 'Broken for a fault of the gateway, nothing decided.',
  emergencies: 'Done under an emergency in force (break-glass).',
  codesAsked: 'Questions for a fresh code.',
  codesAccepted: 'Questions that were answered with the right code.',
  codesRefused: 'Questions that got wrong codes alone.',
  codesMissing: 'Questions that nobody answered in time.',
  codesOpen: 'Questions that can still be answered.',
  codesUnused: 'Tries that ended with the right code: nothing was sent with it.',
  requestsFiled: 'Requests for a second person; what came of them, however much later.',
  requestsExecuted: 'Approved and done.',
  requestsDenied: 'Somebody said no.',
  requestsWithdrawn: 'Withdrawn by who asked, or ended with their access.',
  requestsExpired: 'Nobody decided in time.',
  requestsStale: 'Approved, but what was approved had changed.',
  requestsFailed: 'Approved, but refused by the act itself.',
  requestsWaiting: 'Not decided yet.',
} as const satisfies Partial<Record<keyof FlowFigures, string>>;

const SECONDS = {
  medianSecondsToCode: 'From the question to the right code: half took at most this long.',
  p95SecondsToCode: 'From the question to the right code: 95 of 100 took at most this long.',
  medianSecondsToDecision: 'From the request to its decision: half took at most this long.',
  p95SecondsToDecision: 'From the request to its decision: 95 of 100 took at most this long.',
} as const satisfies Partial<Record<keyof FlowFigures, string>>;

const DAY_COUNTS = {
  tries: 'Tries made on this day.',
  executed: 'Done, at once or later.',
  refused: 'Turned away with a code, or broken for a fault of the gateway.',
  abandoned: 'Given up where a code was asked for.',
  notApproved: 'Denied, withdrawn, expired, stale, or refused once approved.',
  waiting: 'Still waiting for a code or for a second person.',
} as const satisfies Partial<Record<keyof FlowDay, string>>;

const keysOf = <Name extends string>(texts: Readonly<Record<Name, string>>): readonly Name[] => Object.keys(texts) as Name[];

/** GraphQL types of the figures. Nothing in them tells of a person. */
export function addFlowTypes(builder: Builder) {
  const access = READ_FLOWS;
  const filled = { access, nullable: false } as const;
  const refusal = builder.objectRef<FlowRefusal>('FlowRefusal').implement({
    description: 'How often acts were turned away with a code of the closed set.',
    fields: (t) => ({ code: t.exposeString('code', filled), count: t.exposeInt('count', filled) }),
  });
  const figures = builder.objectRef<FlowFigures>('FlowFigures').implement({
    description: 'How one act went, or all of them together.',
    fields: (t) => ({
      action: t.exposeString('action', { access, description: 'Null for all acts together.' }),
      refusals: t.field({ type: [refusal], ...filled, description: 'Of what was refused or failed, the most frequent first.', resolve: (row) => [...row.refusals] }),
      ...Object.fromEntries(keysOf(COUNTS).map((name) => [name, t.exposeInt(name, { ...filled, description: COUNTS[name] })])),
      ...Object.fromEntries(keysOf(SECONDS).map((name) => [name, t.exposeFloat(name, { access, description: SECONDS[name] })])),
      requestsApproved: t.int({
        ...filled,
        description: 'Requests to which the approval that it took was given: executed, stale or failed.',
        resolve: (row) => row.requestsExecuted + row.requestsStale + row.requestsFailed,
      }),
      shareExecuted: t.float({
        access,
        description: 'Executed requests among those filed, 0 to 1; null where none was filed.',
        resolve: (row) => (row.requestsFiled === 0 ? null : row.requestsExecuted / row.requestsFiled),
      }),
    }),
  });
  const day = builder.objectRef<FlowDay>('FlowDay').implement({
    description: 'What came of the tries made on one day, UTC.',
    fields: (t) => ({
      day: t.field({ type: 'Date', ...filled, resolve: (row) => row.day }),
      ...Object.fromEntries(keysOf(DAY_COUNTS).map((name) => [name, t.exposeInt(name, { ...filled, description: DAY_COUNTS[name] })])),
    }),
  });
  return builder.objectRef<FlowAnswer>('Flows').implement({
    description: 'How guarded acts go, by action and by day, never by person: this measures the gateway.',
    fields: (t) => ({
      from: t.field({ type: 'DateTime', ...filled, resolve: (answer) => answer.from }),
      to: t.field({ type: 'DateTime', ...filled, resolve: (answer) => answer.to }),
      actions: t.field({ type: [figures], ...filled, description: 'Every declared act, the most tried first.', resolve: (answer) => [...answer.actions] }),
      total: t.field({ type: figures, ...filled, resolve: (answer) => answer.total }),
      days: t.field({ type: [day], ...filled, resolve: (answer) => [...answer.days] }),
      waitingNow: t.int({ ...filled, description: 'Requests that wait for a second person at this moment, whenever they were filed.', resolve: (answer) => answer.waiting.count }),
      oldestWaitingSeconds: t.float({ access, description: 'Age of the oldest of them; null where none waits.', resolve: (answer) => answer.waiting.oldestSeconds }),
    }),
  });
}
