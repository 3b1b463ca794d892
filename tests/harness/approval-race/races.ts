import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { WireAnswer } from '../wire-client.ts';
import type { Cast, Player } from './cast.ts';

export const FILE = 'mutation Act($input: AdjustCreditInput!) { adjustCredit(input: $input) { status approvalRequest { id shownDigest } } }';
export const APPROVE = 'mutation Act($input: ApproveRequestInput!) { approveRequest(input: $input) { status } }';
export const DENY = 'mutation Act($input: DenyRequestInput!) { denyRequest(input: $input) { status } }';
export const CANCEL = 'mutation Act($input: CancelRequestInput!) { cancelRequest(input: $input) { status } }';

export interface Filed {
  readonly id: string;
  readonly shownDigest: string;
}

/** What a race is run with: players of one worker's own. */
export interface Course {
  readonly players: Readonly<Record<'requester' | 'passing' | 'first' | 'second' | 'fading' | 'double', Player>>;
  readonly cast: Cast;
  /** A gateway that is up, another one each time. */
  url(): string;
  file(by: Player, size: 'one' | 'two'): Promise<Filed>;
  /** Lets a request's time run out in so many milliseconds. */
  expireIn(id: string, milliseconds: number): Promise<void>;
  /** Keeps every act on credit from being done while work runs. */
  holdUp(work: () => Promise<void>): Promise<void>;
  /** The clock's own work. */
  endLapsed(): Promise<void>;
  acknowledged(id: string): void;
  /** A right was used after the call that took it away had returned. */
  usedAfterRevocation(id: string): void;
}

/** Answers that were cut off tell nothing. */
const answered = async (sent: Promise<WireAnswer>): Promise<WireAnswer | null> => sent.catch(() => null);
const now = (): Promise<void> => wait(randomInt(0, 12));
/** Rows change faster than a gateway answers: at some instant while it decides. */
const meanwhile = (): Promise<void> => wait(randomInt(0, 120));

type Decision = (request: Filed) => Promise<() => Promise<WireAnswer | null>>;

const approving =
  (course: Course, player: Player): Decision =>
  async (request) => {
    const input = { ...request, justification: { reason: 'Race' } };
    player.client.at(course.url());
    const proof = await player.prove(APPROVE, input).catch(() => null);
    return async () => {
      player.client.at(course.url());
      await now();
      return answered(player.client.mutate(APPROVE, input, proof === null ? {} : { 'step-up-proof': proof }));
    };
  };

const denying =
  (course: Course, player: Player): Decision =>
  async ({ id }) => {
    const input = { id, justification: { reason: 'Race' } };
    player.client.at(course.url());
    const proof = await player.prove(DENY, input).catch(() => null);
    return async () => {
      player.client.at(course.url());
      await now();
      return answered(player.client.mutate(DENY, input, proof === null ? {} : { 'step-up-proof': proof }));
    };
  };

const cancelling =
  (course: Course, player: Player): Decision =>
  async ({ id }) =>
  async () => {
    player.client.at(course.url());
    await meanwhile();
    return answered(player.client.mutate(CANCEL, { id }));
  };

const isDone = (answer: WireAnswer | null): boolean => answer !== null && answer.code === null && answer.body.data?.['approveRequest']?.status === 'EXECUTED';

/** Sends decisions at once; an approval that was answered as done is remembered, where one of them is enough. */
async function race(course: Course, request: Filed, approvals: readonly (() => Promise<WireAnswer | null>)[], others: readonly (() => Promise<unknown>)[]): Promise<void> {
  const [answers] = await Promise.all([Promise.all(approvals.map((send) => send())), Promise.all(others.map((send) => send()))]);
  if (answers.some(isDone)) course.acknowledged(request.id);
}

/** Long enough that an approval has come as far as its effect by then. */
const HELD_UP_MS = 900;

export type Race = (course: Course) => Promise<void>;

/** The races by name. Each files a request of its own. */
export const RACES: Readonly<Record<string, Race>> = {
  'approve beside approve': async (course) => {
    const { first, second, requester } = course.players;
    const request = await course.file(requester, 'one');
    await race(course, request, [await approving(course, first)(request), await approving(course, second)(request)], []);
  },
  'approve beside deny': async (course) => {
    const { first, second, requester } = course.players;
    const request = await course.file(requester, 'one');
    await race(course, request, [await approving(course, first)(request)], [await denying(course, second)(request)]);
  },
  'approve beside cancel': async (course) => {
    const { first, requester } = course.players;
    const request = await course.file(requester, 'one');
    await race(course, request, [await approving(course, first)(request)], [await cancelling(course, requester)(request)]);
  },
  'approve beside expire': async (course) => {
    const { first, requester } = course.players;
    const request = await course.file(requester, 'one');
    const approve = await approving(course, first)(request);
    await course.expireIn(request.id, randomInt(5, 150));
    await race(course, request, [approve], [() => meanwhile().then(course.endLapsed), () => wait(160).then(course.endLapsed)]);
  },
  'approve held up until its time is over': (course) =>
    course.cast.alone('second', async () => {
      const { second, requester } = course.players;
      const request = await course.file(requester, 'one');
      const approve = await approving(course, second)(request);
      await course.expireIn(request.id, HELD_UP_MS);
      let sent: Promise<WireAnswer | null> = Promise.resolve(null);
      await course.holdUp(async () => {
        sent = approve();
        await wait(HELD_UP_MS + 100);
        await course.endLapsed();
      });
      if (isDone(await sent)) course.acknowledged(request.id);
    }),
  'approve beside losing the right to approve': (course) =>
    course.cast.alone('fading', async () => {
      const { fading, requester } = course.players;
      const granted = await course.cast.grant('fading', 'platform-admin');
      const request = await course.file(requester, 'one');
      const approve = await approving(course, fading)(request);
      await race(course, request, [approve], [() => meanwhile().then(() => course.cast.revoke(granted))]);
    }),
  'approve after losing the right to approve': (course) =>
    course.cast.alone('fading', async () => {
      const { fading, requester } = course.players;
      const granted = await course.cast.grant('fading', 'platform-admin');
      const request = await course.file(requester, 'one');
      const approve = await approving(course, fading)(request);
      await course.cast.revoke(granted);
      if (isDone(await approve())) course.usedAfterRevocation(request.id);
    }),
  'approve beside the requester losing theirs': (course) =>
    course.cast.alone('passing', async () => {
      const { first, passing } = course.players;
      const granted = await course.cast.grant('passing', 'billing-operator');
      const request = await course.file(passing, 'one');
      const approve = await approving(course, first)(request);
      await race(course, request, [approve], [() => meanwhile().then(() => course.cast.revoke(granted))]);
    }),
  'approve after the requester lost theirs': (course) =>
    course.cast.alone('passing', async () => {
      const { first, passing } = course.players;
      const granted = await course.cast.grant('passing', 'billing-operator');
      const request = await course.file(passing, 'one');
      const approve = await approving(course, first)(request);
      await course.cast.revoke(granted);
      if (isDone(await approve())) course.usedAfterRevocation(request.id);
    }),
  'deny beside cancel': async (course) => {
    const { second, requester } = course.players;
    const request = await course.file(requester, 'one');
    await race(course, request, [], [await denying(course, second)(request), await cancelling(course, requester)(request)]);
  },
  'approve beside approving one’s own': async (course) => {
    const { first, requester } = course.players;
    const request = await course.file(requester, 'one');
    const own = await approving(course, requester)(request);
    await race(course, request, [await approving(course, first)(request), own], []);
  },
  'two of two, where two are one person': async (course) => {
    const { first, double, second, requester } = course.players;
    const request = await course.file(requester, 'two');
    const [one, same] = [await approving(course, first)(request), await approving(course, double)(request)];
    await Promise.all([one(), same()]);
    if (randomInt(0, 2) === 0) await (await approving(course, second)(request))();
  },
};
