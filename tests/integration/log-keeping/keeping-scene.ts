import { closeSegments } from '@sallyport/server/integrity/keeping/close-segments.ts';
import { type Answered, startTestGateway, type TestClient, type TestGateway, type TestGatewayOptions } from '../../helpers/gateway.ts';
import { APPROVE } from '../approvals/approval-scene.ts';
import { appendInThePast } from '../../helpers/past-events.ts';

const because = { reason: 'Tried by a test', ticket: 'TEST-9' };

/** What was filed for a second person. */
export interface Filed {
  readonly id: string;
  readonly shownDigest: string;
}

/** A gateway with a past, a person who asks and one who approves. */
export interface KeepingScene {
  readonly test: TestGateway;
  /** Platform admin: asks for pruning, approves erasures of people. */
  readonly siti: TestClient;
  /** Security operator: the other way round. */
  readonly agus: TestClient;
  /** Events of the past by the name of their segment. */
  readonly past: ReadonlyMap<string, readonly string[]>;
  /** Sends an act with its justification, with a fresh code where one is asked for. */
  act(client: TestClient, name: string, input: Readonly<Record<string, unknown>>): Promise<Answered>;
  /** The same, of an act that waits for a second person. */
  file(client: TestClient, name: string, input: Readonly<Record<string, unknown>>): Promise<Filed>;
  approve(client: TestClient, filed: Filed): Promise<Answered>;
  /** What somebody who may approve is shown: before and after by field. */
  changesShown(client: TestClient, filed: Filed): Promise<Readonly<Record<string, readonly [string | null, string | null]>>>;
  prune(id: string): Promise<Answered>;
  /** State of a segment as its resource tells it. */
  stateOf(id: string): Promise<string | undefined>;
  /** Seals and signs what waits, and books the segments that are over. */
  closeSegments(): Promise<void>;
  close(): Promise<void>;
}

/** Whom the events of the past are about: the product knows nobody by that ID. */
export const PERSON_OF_THE_PAST = '0199c0de-0000-7000-8000-00000000da57';

/** Times of events in segments that have served, and in one that has not. */
const PAST: readonly (readonly [segment: string, times: readonly string[]])[] = [
  ['2015-01-act', ['2015-01-02T03:04:05.000001Z', '2015-01-31T23:59:59.999999Z']],
  ['2015-02-act', ['2015-02-01T00:00:00.000000Z', '2015-02-14T12:00:00.123456Z', '2015-02-20T12:00:00.123456Z']],
  ['2015-03-act', ['2015-03-01T00:00:00.000000Z']],
  ['2015-04-act', ['2015-04-01T00:00:00.000000Z']],
  ['2024-05-act', ['2024-05-05T05:05:05.050505Z']],
];

export interface KeepingSceneOptions extends Pick<TestGatewayOptions, 'modules' | 'worker'> {
  /** Further segments with their events. */
  readonly more?: typeof PAST;
}

export async function openKeepingScene({ more = [], ...options }: KeepingSceneOptions = {}): Promise<KeepingScene> {
  const past = new Map<string, readonly string[]>();
  const test = await startTestGateway({
    ...options,
    async prepare(owner) {
      for (const [segment, times] of [...PAST, ...more]) {
        const ids: string[] = [];
        const reading = segment.endsWith('reading') ? ({ effect: 'read' } as const) : {};
        for (const time of times)
          ids.push(
            await appendInThePast(owner, time, {
              ...reading,
              target: { type: 'person', id: PERSON_OF_THE_PAST },
              before: { email: `${segment}@past.example` },
              after: { email: `new-${segment}@past.example` },
              classes: { email: 'personal' },
            }),
          );
        past.set(segment, ids);
      }
    },
  });
  const [siti, agus] = [await test.asRole('platform-admin'), await test.asRole('security-operator')];
  const act: KeepingScene['act'] = (client, name, input) => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    return client.act(
      `mutation Act($input: ${type}!) { ${name}(input: $input) { status auditEventId approvalRequest { id shownDigest } changes { field before after masked } } }`,
      {
        input: { ...input, justification: because },
      },
    );
  };
  const scene: Omit<KeepingScene, 'prune'> = {
    test,
    siti,
    agus,
    past,
    act,
    async file(client, name, input) {
      const answer = await act(client, name, input);
      const filed = answer.data?.[name];
      if (filed?.status !== 'PENDING_APPROVAL') throw new Error(`nothing was filed: ${answer.codes.join()} ${answer.errors[0]?.message}`);
      return filed.approvalRequest;
    },
    approve: (client, { id, shownDigest }) => client.act(APPROVE, { input: { id, shownDigest, justification: { reason: 'Looks right' } } }),
    async changesShown(client, { id }) {
      const answer = await client.query('query($id: ID!) { approvalDecision(id: $id) { changes { field before after } } }', { id });
      return Object.fromEntries(answer.data?.['approvalDecision'].changes.map(({ field, before, after }: Record<string, string | null>) => [field, [before, after]]));
    },
    async stateOf(id) {
      const answer = await siti.query('query($id: ID!) { logSegment(id: $id) { state } }', { id });
      return answer.data?.['logSegment']?.state;
    },
    async closeSegments() {
      await test.gateway.integrity.sealNow();
      await closeSegments(test.database.app);
    },
    close: () => test.close(),
  };
  return { ...scene, prune: async (id) => scene.approve(agus, await scene.file(siti, 'pruneLogSegment', { id })) };
}
