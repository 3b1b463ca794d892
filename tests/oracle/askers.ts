import { randomUUID } from 'node:crypto';
import { decideDocument } from '@sallyport/schema/policy/decide-document.ts';
import type { RoleName } from '@sallyport/schema/policy/roles.ts';
import type { Registry } from '@sallyport/schema/resources/registry.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import { MAX_RECORDS } from '@sallyport/server/http/graphql/cost.ts';
import { createDocuments } from '@sallyport/server/http/graphql/documents.ts';
import { type DocumentNode, execute, type GraphQLSchema, parse, validate } from 'graphql';
import { type Kysely, sql } from 'kysely';
import type { Answered, TestGateway } from '../helpers/gateway.ts';
import { contextOf, viewerHolding } from '../helpers/viewers.ts';
import type { ActualAnswer } from './compare.ts';
import type { Person } from './fixture.ts';
import type { GeneratedQuery } from './generate.ts';
import type { Asker } from './harness.ts';
import { replaceGrants } from './people.ts';

interface Schemas {
  readonly schema: GraphQLSchema;
  readonly fastSchema: GraphQLSchema;
  readonly registry: Registry;
}

const viewerOf = (registry: Registry, person: Person): Viewer =>
  viewerHolding(registry, ...person.grants.map((grant) => [grant.role as RoleName, grant.global ? 'global' : new Set(grant.tenantIds)] as const));

/** Whether the gateway accepts a document of this size. @throws {Error} where it is not valid at all. */
export function sizeCheck(schema: GraphQLSchema): (query: GeneratedQuery) => boolean {
  const documents = createDocuments(schema, { introspection: false });
  return ({ text, variables }) => {
    const [invalid] = validate(schema, parse(text));
    if (invalid) throw new Error(`The generator wrote an invalid document: ${invalid.message}\n${text}`);
    try {
      return documents.prepare(text, null, true).cost(variables) <= MAX_RECORDS;
    } catch {
      return false;
    }
  };
}

/** How many answers came by the compiled documents' fast schema, and how many field by field. */
export interface PathCount {
  fast: number;
  careful: number;
}

/** People signed in with password and TOTP, asking over the gateway's own request handler. */
export async function askersThroughGateway(gateway: TestGateway, schemas: Schemas, people: readonly Person[], paths: PathCount): Promise<Asker[]> {
  const askers: Asker[] = [];
  for (const [index, person] of people.entries()) {
    const member = gateway.people[index];
    if (!member) throw new Error('There are fewer demo people than planned');
    await replaceGrants(gateway.database.owner, member.email, person);
    const client = await gateway.as(member);
    const viewer = viewerOf(schemas.registry, person);
    const { rows } = await sql<{ id: string }>`select id from gateway.staff where email = ${member.email}`.execute(gateway.database.owner);
    const id = rows[0]?.id ?? '';
    askers.push({
      person: { ...person, staffId: id },
      ask: async (text, variables) => {
        paths[decideDocument(schemas.schema, parsed(text), null, viewer) ? 'fast' : 'careful'] += 1;
        return answerOf(await client.query(text, variables));
      },
      askConfirmed: async (text, variables) => {
        const { rows: seen } = await sql<{ at: string }>`select max(last_seen_at)::text as at from gateway.session where staff_id = ${id}`.execute(gateway.database.owner);
        const answer = answerOf(await client.act(text, variables));
        // A confirmation is use of the session: when it was last seen is part of the fixture.
        await sql`update gateway.session set last_seen_at = ${seen[0]?.at}::timestamptz where staff_id = ${id}`.execute(gateway.database.owner);
        return answer;
      },
    });
  }
  return askers;
}

const answerOf = ({ data, errors }: Answered): ActualAnswer => ({ data, errors: errors.map(({ path, extensions }) => ({ path, code: extensions.code })) });

/** The same people asking a schema directly: for copies of it that no gateway serves. */
export function askersOfSchema(db: Kysely<unknown>, schemas: Schemas, people: readonly Person[]): Asker[] {
  return people.map((person) => {
    const holding = viewerOf(schemas.registry, person);
    // Cursors are bound to who asks.
    const id = person.staffId ?? randomUUID();
    const self = { ...holding.subject, id, personId: id };
    const viewer: Viewer = { ...holding, actor: self, subject: self };
    const refuse = (): never => {
      throw Object.assign(new Error('step-up'), { code: 'STEP_UP_REQUIRED' });
    };
    return {
      person,
      ask: async (text, variables) => {
        const document = parsed(text);
        const schema = decideDocument(schemas.schema, document, null, viewer) ? schemas.fastSchema : schemas.schema;
        const contextValue = contextOf(db, viewer, { passSensitiveRead: refuse });
        const { data, errors = [] } = await execute({ schema, document, variableValues: variables, contextValue });
        return {
          data: JSON.parse(JSON.stringify(data ?? null)) as ActualAnswer['data'],
          errors: errors.map((error) => ({ path: error.path, code: (error.originalError as { code?: string } | undefined)?.code ?? `unmasked: ${error.message}` })),
        };
      },
    };
  });
}

let lately: { readonly text: string; readonly document: DocumentNode } | null = null;

/** Everybody asks the same document in turn. */
function parsed(text: string): DocumentNode {
  if (lately?.text !== text) lately = { text, document: parse(text) };
  return lately.document;
}
