import { randomUUID } from 'node:crypto';
import { makeToken } from '@sallyport/server/auth/opaque-token.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readStream, type TestStream } from '../../helpers/event-source.ts';
import { startTestGateway, type TestGateway } from '../../helpers/gateway.ts';

/** Milliseconds within which a stream has to end after the revoking commit (THREATS Inv12). */
const BOUND_MS = 5_000;
const PEOPLE = 20;
const SESSIONS_EACH = 10;
const STREAMS_EACH = 5;

interface Reader {
  readonly personId: string;
  readonly sessionId: string;
  readonly stream: TestStream;
}

let gateway: TestGateway;
const readers: Reader[] = [];
const cookies: string[] = [];
const open = (cookie: string): Promise<Response> =>
  gateway.gateway.fetch(new Request('http://127.0.0.1:4000/live', { headers: { cookie, 'sec-fetch-site': 'same-origin' } }), { ip: '127.0.0.1' });

beforeAll(async () => {
  gateway = await startTestGateway();
  const { owner } = gateway.database;
  for (let person = 0; person < PEOPLE; person += 1) {
    const personId = randomUUID();
    await sql`insert into gateway.staff (id, email, display_name, state, password_hash, totp_ciphertext, totp_key_id)
      values (${personId}, ${`reader-${person}@sallyport.example`}, ${`Reader ${person}`}, 'active', 'x', ${Buffer.alloc(1)}, 'test')`.execute(owner);
    await sql`insert into gateway.access_grant (id, staff_id, role, is_global, reason) values (${randomUUID()}, ${personId}, 'support-viewer', true, 'test')`.execute(owner);
    for (let session = 0; session < SESSIONS_EACH; session += 1) {
      const { token, hash } = makeToken();
      const sessionId = randomUUID();
      await sql`insert into gateway.session (id, staff_id, token_hash, stage, second_factor, expires_at, ip, user_agent)
        values (${sessionId}, ${personId}, ${hash}, 'full', 'totp', clock_timestamp() + interval '1 hour', '127.0.0.1', 'test')`.execute(owner);
      const cookie = `sallyport_session=${token}`;
      cookies.push(cookie);
      for (let at = 0; at < STREAMS_EACH; at += 1) readers.push({ personId, sessionId, stream: readStream(await open(cookie)) });
    }
  }
}, 120_000);
afterAll(() => gateway.close());

test('I14 a thousand streams are open in one process, and not one more', async () => {
  expect(readers.filter(({ stream }) => stream.status !== 200)).toEqual([]);
  expect(readers).toHaveLength(1_000);
  const { status, headers } = await open((await gateway.asRole('support-viewer')).cookie());
  expect([status, Number(headers.get('retry-after')) > 0]).toEqual([429, true]);
});

test('I14 each of a thousand hears an announcement, and a revoked grant is told to its person alone', async () => {
  await sql`select gateway.announce('approvals')`.execute(gateway.database.app);
  await vi.waitFor(() => expect(readers.filter(({ stream }) => !stream.topics().includes('approvals'))).toEqual([]), { timeout: 10_000, interval: 50 });
  const revoked = readers[0]?.personId ?? '';
  // Their grants of the beginning may have been announced to some when they had just come.
  const heard = (stream: Reader['stream']): number => stream.topics().filter((topic) => topic === 'viewer').length;
  const before = new Map(readers.map(({ stream }) => [stream, heard(stream)]));
  await sql`update gateway.access_grant set revoked_at = clock_timestamp() where staff_id = ${revoked}`.execute(gateway.database.owner);
  const told = () => readers.filter(({ stream }) => heard(stream) > (before.get(stream) ?? 0));
  await vi.waitFor(() => expect(told()).toHaveLength(SESSIONS_EACH * STREAMS_EACH), { timeout: 10_000, interval: 50 });
  expect(new Set(told().map(({ personId }) => personId))).toEqual(new Set([revoked]));
});

test('Inv12 A04 E07 a thousand streams end within five seconds of what ends their sessions, whatever it is, while announcements go on', { timeout: 60_000 }, async () => {
  const { owner, app } = gateway.database;
  const people = [...new Set(readers.map(({ personId }) => personId))];
  // To one person alone: each announcement has its hearers read anew, and would find the others' end early.
  const lasting = people.pop();
  let announcing = true;
  const noise = (async () => {
    while (announcing) await sql`select gateway.announce('approvals', ${lasting}::uuid)`.execute(app);
  })();
  const since = new Map<string, number>();
  const end = async (personId: string, at: number): Promise<void> => {
    const ways = [
      sql`update gateway.session set ended_at = clock_timestamp(), end_reason = 'ended-by-owner' where staff_id = ${personId}`,
      sql`update gateway.session set expires_at = clock_timestamp() where staff_id = ${personId}`,
      sql`update gateway.session set last_seen_at = clock_timestamp() - interval '31 minutes' where staff_id = ${personId}`,
      sql`update gateway.staff set state = 'disabled', disabled_at = clock_timestamp() where id = ${personId}`,
    ];
    await ways[at % ways.length]?.execute(owner);
    since.set(personId, performance.now());
  };
  await Promise.all(people.map(end));
  const ending = readers.filter(({ personId }) => personId !== lasting);
  await vi.waitFor(() => expect(ending.filter(({ stream }) => stream.endedAt() === null)).toEqual([]), { timeout: 20_000, interval: 20 });
  announcing = false;
  await noise;
  const late = ending.map(({ personId, stream }) => (stream.endedAt() ?? Number.POSITIVE_INFINITY) - (since.get(personId) ?? 0));
  expect(Math.max(...late)).toBeLessThan(BOUND_MS);
  for (const { stream } of ending) expect(stream.seen.at(-1)).toEqual({ name: 'ended', data: { reason: 'session-over' } });
  // The one person whose sessions live goes on undisturbed.
  const others = readers.filter(({ personId }) => personId === lasting);
  expect(others.filter(({ stream }) => stream.endedAt() !== null)).toEqual([]);
  for (const cookie of cookies.slice(0, 10)) expect((await open(cookie)).status).toBe(401);
});
