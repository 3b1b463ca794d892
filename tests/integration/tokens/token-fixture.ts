import type { DemoPerson } from '@sallyport/server/auth/seed-demo-staff.ts';
import { sql } from 'kysely';
import type { Answered, TestClient, TestGateway } from '../../helpers/gateway.ts';

export const CREATE_TOKEN = `mutation($input: CreateTokenInput!) {
  createToken(input: $input) { status auditEventId token accessToken { id name hint state permissions everywhere tenantIds expiresAt } }
}`;

export interface TokenWishes {
  readonly name?: string;
  readonly permissions: readonly string[];
  readonly tenants?: readonly string[];
  readonly everywhere?: boolean;
  readonly minutes?: number;
}

export interface MadeToken {
  readonly id: string;
  readonly token: string;
  readonly expiresAt: string;
}

/** The input of `createToken` for a wish. */
export const tokenInput = ({ name = 'nightly report', ...wishes }: TokenWishes) => ({ name, ...wishes, justification: { reason: 'Nightly report of open invoices' } });

export const askForToken = (client: TestClient, wishes: TokenWishes): Promise<Answered> => client.act(CREATE_TOKEN, { input: tokenInput(wishes) });

/** Makes a token as a person does: through the door, with a code. */
export async function makeToken(client: TestClient, wishes: TokenWishes): Promise<MadeToken> {
  const answered = await askForToken(client, wishes);
  const made = answered.data?.['createToken'];
  if (!made?.token) throw new Error(`no token: ${answered.codes.join()} ${JSON.stringify(answered.errors)}`);
  return { id: made.accessToken.id, token: made.token, expiresAt: made.accessToken.expiresAt };
}

/** Tooling with a token: no cookies, no origin. */
export interface Tool {
  query(document: string, variables?: Readonly<Record<string, unknown>>, headers?: Readonly<Record<string, string>>): Promise<Answered>;
  send(method: string, path: string, headers?: Readonly<Record<string, string>>, body?: string): Promise<Response>;
}

const ORIGIN = 'http://127.0.0.1:4000';

export function toolWith(gateway: TestGateway, token: string | null): Tool {
  const send: Tool['send'] = (method, path, headers = {}, body) =>
    gateway.gateway.fetch(
      new Request(`${ORIGIN}${path}`, {
        method,
        headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers },
        ...(body === undefined ? {} : { body }),
      }),
      { ip: '127.0.0.1' },
    );
  return {
    send,
    async query(document, variables = {}, headers = {}) {
      const response = await send('POST', '/graphql', { 'content-type': 'application/json', ...headers }, JSON.stringify({ query: document, variables }));
      const { data, errors = [] } = (await response.json()) as Pick<Answered, 'data'> & { errors?: Answered['errors'] };
      return { status: response.status, headers: response.headers, data, errors, codes: errors.map((error) => error.extensions.code) };
    },
  };
}

export interface Exchanged {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, string | number>>;
  /** The signed token, or nothing where it was refused. */
  readonly signed: string;
}

export const EXCHANGE = { grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange', subject_token_type: 'urn:ietf:params:oauth:token-type:access_token' } as const;

/** Asks the token endpoint, with whatever parameters. */
export async function exchange(gateway: TestGateway, parameters: Readonly<Record<string, string>> | string, headers: Readonly<Record<string, string>> = {}): Promise<Exchanged> {
  const form = typeof parameters === 'string' ? parameters : new URLSearchParams({ ...EXCHANGE, ...parameters }).toString();
  const response = await toolWith(gateway, null).send('POST', '/auth/token', { 'content-type': 'application/x-www-form-urlencoded', ...headers }, form);
  const body = (await response.json()) as Exchanged['body'];
  return { status: response.status, headers: response.headers, body, signed: String(body['access_token'] ?? '') };
}

/** IDs of the demo's tenants, in a stable order. */
export async function tenantIds(gateway: TestGateway): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`select id::text as id from product.tenant order by id`.execute(gateway.database.owner);
  return rows.map(({ id }) => id);
}

export async function staffIdOf(gateway: TestGateway, person: DemoPerson): Promise<string> {
  const { rows } = await sql<{ id: string }>`select id from gateway.staff where email = ${person.email}`.execute(gateway.database.owner);
  return rows[0]?.id ?? '';
}

export const TENANTS = '{ tenants { nodes { id } } }';
