import type pg from 'pg';
import type { WireClient } from '../wire-client.ts';
import { lostConnection, post } from './callers.ts';
import type { Access, Victim } from './victims.ts';

/** Where a revocation is done: at one of the gateways, by whoever may. */
export interface Revoking {
  readonly url: string;
  readonly superuser: pg.Pool;
  /** People with global roles, signed in at this gateway. */
  readonly securityOperator: WireClient;
  readonly platformAdmin: WireClient;
}

export interface Kind {
  readonly name: string;
  readonly access: Access;
  /** What an open console hears of it: its stream ends, or is told that the viewer changed. Null: a token has no stream. */
  readonly stream: 'ends' | 'told' | null;
  /** Answers when the access is taken away, as far as whoever took it can know. */
  revoke(revoking: Revoking, victim: Victim): Promise<void>;
}

const WHY = { justification: { reason: 'Revocation harness', ticket: 'TEST-6' } };

/** Sends an act, confirming it with a code where that is asked. @throws {Error} naming the refusal. */
async function act(client: WireClient, superuser: pg.Pool, name: string, input: Readonly<Record<string, unknown>>): Promise<void> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const document = `mutation Act($input: ${type}!) { ${name}(input: $input) { status } }`;
  const send = (headers?: Readonly<Record<string, string>>) => repeatedly(() => client.mutate(document, input, headers));
  let answer = await send();
  const challenge = answer.code === 'STEP_UP_REQUIRED' ? answer.body.errors?.[0]?.extensions.challenge : undefined;
  if (challenge !== undefined) {
    // People confirm a few acts a day; one person who confirms hundreds would run out of attempts.
    await superuser.query('delete from gateway.attempt_budget');
    answer = await send({ 'step-up-proof': await client.stepUp(challenge) });
  }
  if (answer.code !== null || answer.body.data?.[name]?.status !== 'EXECUTED') throw new Error(`${name}: ${answer.code ?? answer.body.data?.[name]?.status}`);
}

/** Sends once more what got no answer. @throws {Error} where that is lost too. */
async function repeatedly<T>(send: () => Promise<T>): Promise<T> {
  const answer = (await send().catch(lostConnection)) ?? (await send().catch(lostConnection));
  if (answer === null) throw new Error('two connections were lost in a row');
  return answer;
}

/** An act by which the victims give their own access back. */
async function actAlone(url: string, victim: Victim, name: string, input: Readonly<Record<string, unknown>>): Promise<void> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const query = `mutation Act($input: ${type}!) { ${name}(input: $input) { status } }`;
  const { data, errors } = await repeatedly(() => post(url, '/graphql', victim.headers, { query, variables: { input } }));
  if (!data?.[name]) throw new Error(`${name}: ${errors?.[0]?.extensions.code}`);
}

/** Every way in which access ends before its time. */
export const KINDS: readonly Kind[] = [
  {
    name: 'grant revoked',
    access: 'grant',
    stream: 'told',
    revoke: ({ securityOperator, superuser }, { accessId }) => act(securityOperator, superuser, 'revokeGrant', { id: accessId, ...WHY }),
  },
  {
    name: 'elevation dropped',
    access: 'elevation',
    stream: 'told',
    revoke: ({ url }, victim) => actAlone(url, victim, 'dropElevation', { id: victim.accessId }),
  },
  {
    name: 'elevation run out',
    access: 'elevation',
    stream: 'told',
    async revoke({ superuser }, { accessId }) {
      await superuser.query('update gateway.access_grant set expires_at = clock_timestamp() where id = $1', [accessId]);
    },
  },
  {
    name: 'token revoked by its maker',
    access: 'token',
    stream: null,
    revoke: ({ url }, victim) => actAlone(url, victim, 'revokeToken', { id: victim.accessId }),
  },
  {
    name: 'token revoked by somebody else',
    access: 'token',
    stream: null,
    revoke: ({ securityOperator, superuser }, { accessId }) => act(securityOperator, superuser, 'revokeAnyToken', { id: accessId, ...WHY }),
  },
  {
    name: 'token behind a signed one revoked',
    access: 'signed-token',
    stream: null,
    revoke: ({ url }, victim) => actAlone(url, victim, 'revokeToken', { id: victim.accessId }),
  },
  {
    name: 'session of the token ended',
    access: 'token',
    stream: 'ends',
    revoke: signOut,
  },
  { name: 'session ended', access: 'grant', stream: 'ends', revoke: signOut },
  {
    name: 'person disabled',
    access: 'grant',
    stream: 'ends',
    revoke: ({ platformAdmin, superuser }, { staffId }) => act(platformAdmin, superuser, 'disableStaff', { id: staffId, ...WHY }),
  },
  {
    name: 'person with a token disabled',
    access: 'token',
    stream: 'ends',
    revoke: ({ platformAdmin, superuser }, { staffId }) => act(platformAdmin, superuser, 'disableStaff', { id: staffId, ...WHY }),
  },
  {
    name: 'emergency ended',
    access: 'break-glass',
    stream: 'told',
    revoke: ({ url }, victim) => actAlone(url, victim, 'endBreakGlass', { id: victim.accessId }),
  },
];

async function signOut({ url }: Revoking, victim: Victim): Promise<void> {
  const { status } = await repeatedly(() => post(url, '/auth/sign-out', victim.headers, {}));
  if (status !== 200 && status !== 204) throw new Error(`sign-out: ${status}`);
}
