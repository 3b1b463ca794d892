import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { personOf } from '../gateway-process.ts';
import { openWireScene, type WireSceneOptions } from '../wire-scene.ts';
import { type Call, CONNECTION_LOST, hammer, type Listening, listen } from './callers.ts';
import { type Kind, KINDS, type Revoking } from './kinds.ts';
import { makeVictim } from './victims.ts';

export interface RevocationOptions extends WireSceneOptions {
  /** Of all kinds together, in turn. */
  readonly revocations: number;
  /** Victims at a time, each with callers of their own at both gateways. */
  readonly atOnce?: number;
  /** Names of kinds; all where absent. */
  readonly only?: readonly string[];
  /** Milliseconds to wait for streams after the last revocation. Default 8,000: beyond the five seconds that one may take, so that the longest is seen. */
  readonly streamPatienceMs?: number;
}

export interface KindReport {
  readonly kind: string;
  readonly revocations: number;
  /** Calls that were let in before. */
  readonly letIn: number;
  /** Calls begun after the revoking call had answered. */
  readonly begunAfter: number;
  /** Of these, those that were let in all the same. */
  readonly successesAfter: number;
}

/** Milliseconds from the answer of the revoking call. */
export interface Delays {
  readonly streams: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface RevocationReport {
  readonly kinds: readonly KindReport[];
  readonly revocations: number;
  readonly calls: number;
  /** Calls without an answer: on a busy machine an idle connection may close as it is used again. */
  readonly unanswered: number;
  readonly successesAfter: number;
  /** Longest that a call let in after the revoking call had answered began behind it, in milliseconds. */
  readonly latestSuccess: number;
  /** Of streams whose session is over: when they ended. */
  readonly ended: Delays;
  /** Of streams whose viewer lost something: when they were told. */
  readonly told: Delays;
  /** Streams that had not ended, or been told, when the harness gave up waiting. */
  readonly deaf: number;
  /** Answers after the revocation that were neither success nor one of the refusals that fit. */
  readonly unexpected: readonly string[];
}

const FITTING = new Set(['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'RATE_LIMITED', CONNECTION_LOST]);
const STREAM_PATIENCE_MS = 8_000;

interface Round {
  readonly kind: Kind;
  readonly revokedAt: number;
  readonly calls: readonly Call[];
  readonly streams: readonly Listening[];
}

/**
 * Takes access away, in every way there is, from people who use it at that moment at two gateway processes on one database; nothing
 * that begins after the revoking call has answered may succeed, and open streams hear of it (THREATS A18, G06, E16, Inv12).
 */
export async function runRevocationScenario(options: RevocationOptions): Promise<RevocationReport> {
  const scene = await openWireScene({ ...options, environment: { TRUSTED_PROXIES: '127.0.0.1', ...options.environment } });
  try {
    await scene.start();
    const { superuser } = scene;
    const urls = scene.processes.map(({ url }) => url);
    const invoices = (await superuser.query<{ id: string }>(`select id from product.invoice where status = 'open' order by number limit 60`)).rows.map(({ id }) => id);
    const kinds = KINDS.filter(({ name }) => options.only?.includes(name) ?? true);
    const desks = await Promise.all(
      Array.from({ length: options.atOnce ?? 4 }, async (_, at): Promise<Revoking> => {
        const process = scene.processes[at % urls.length];
        const people = [personOf(scene.people, 'security-operator'), personOf(scene.people, 'platform-admin')].map((person) => scene.client(person, process));
        const [securityOperator, platformAdmin] = people;
        if (!process || !securityOperator || !platformAdmin) throw new Error('nobody is there to revoke');
        return { url: process.url, superuser, securityOperator, platformAdmin };
      }),
    );
    await Promise.all(desks.flatMap(({ securityOperator, platformAdmin }) => [securityOperator.signIn(), platformAdmin.signIn()]));

    const rounds: Round[] = [];
    let begun = 0;
    const work = async (desk: Revoking): Promise<void> => {
      while (begun < options.revocations) {
        const kind = kinds[begun % kinds.length];
        begun += 1;
        if (kind) rounds.push(await runRound(desk, kind, urls, invoices));
      }
    };
    await Promise.all(desks.map(work));
    const until = performance.now() + (options.streamPatienceMs ?? STREAM_PATIENCE_MS);
    const heard = ({ kind, streams }: Round): boolean => streams.every((stream) => (kind.stream === 'ends' ? stream.endedAt() : stream.toldAt()) !== null);
    while (performance.now() < until && !rounds.every(heard)) await wait(20);
    const report = summarise(kinds, rounds);
    for (const { streams } of rounds) for (const stream of streams) stream.leave();
    return report;
  } finally {
    await scene.close();
  }
}

async function runRound(desk: Revoking, kind: Kind, urls: readonly string[], invoices: readonly string[]): Promise<Round> {
  const victim = await makeVictim(desk.superuser, kind.access, urls);
  const streams = kind.stream === null ? [] : await Promise.all(urls.map((url) => listen(url, victim)));
  const hammering = hammer([...urls, ...urls], victim, invoices);
  await hammering.untilLetIn(2);
  await wait(randomInt(0, 30));
  await kind.revoke(desk, victim);
  const revokedAt = performance.now();
  await hammering.finish(3);
  return { kind, revokedAt, calls: hammering.calls, streams };
}

function summarise(kinds: readonly Kind[], rounds: readonly Round[]): RevocationReport {
  const after = ({ calls, revokedAt }: Round): readonly Call[] => calls.filter(({ begunAt }) => begunAt > revokedAt);
  const latest = rounds.flatMap((round) => after(round).flatMap(({ success, begunAt }) => (success ? [begunAt - round.revokedAt] : [])));
  const perKind = kinds.map(({ name }): KindReport => {
    const own = rounds.filter(({ kind }) => kind.name === name);
    const late = own.flatMap(after);
    return {
      kind: name,
      revocations: own.length,
      letIn: own.flatMap(({ calls, revokedAt }) => calls.filter(({ begunAt, success }) => success && begunAt <= revokedAt)).length,
      begunAfter: late.length,
      successesAfter: late.filter(({ success }) => success).length,
    };
  });
  const times = (what: Kind['stream'], read: (stream: Listening) => number | null) =>
    rounds.filter(({ kind }) => kind.stream === what).flatMap((round) => round.streams.map((stream) => ({ at: read(stream), since: round.revokedAt })));
  const [ended, told] = [times('ends', (stream) => stream.endedAt()), times('told', (stream) => stream.toldAt())];
  return {
    kinds: perKind,
    revocations: rounds.length,
    calls: rounds.reduce((sum, { calls }) => sum + calls.length, 0),
    unanswered: rounds.reduce((sum, { calls }) => sum + calls.filter(({ code }) => code === CONNECTION_LOST).length, 0),
    successesAfter: perKind.reduce((sum, { successesAfter }) => sum + successesAfter, 0),
    latestSuccess: Math.max(0, ...latest),
    ended: delaysOf(ended),
    told: delaysOf(told),
    deaf: [...ended, ...told].filter(({ at }) => at === null).length,
    unexpected: [...new Set(rounds.flatMap((round) => after(round).flatMap(({ success, code }) => (success || FITTING.has(code ?? '') ? [] : [`${round.kind.name}: ${code}`]))))],
  };
}

/** A stream may hear before the revoking call has answered: that counts as at once. */
function delaysOf(times: readonly { readonly at: number | null; readonly since: number }[]): Delays {
  const delays = times.flatMap(({ at, since }) => (at === null ? [] : [Math.max(0, at - since)])).sort((a, b) => a - b);
  const at = (part: number): number => Math.round(delays[Math.min(delays.length - 1, Math.floor(delays.length * part))] ?? 0);
  return { streams: times.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}
