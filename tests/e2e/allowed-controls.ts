import type { Catalogue, CatalogueAction, CatalogueInput, CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import type { TestClient } from '../helpers/gateway.ts';

/** What the gateway itself says and does about one record for one person, asked by hand. */
export interface AllowedOnRecord {
  readonly actions: readonly { readonly name: string; readonly enabled: boolean }[];
  /** Names of fields and relations that were refused. */
  readonly refused: ReadonlySet<string>;
  /** Names of fields of which the record says nothing. */
  readonly unsaid: ReadonlySet<string>;
}

/** Asks for everything that the record declares: each refusal stands at its own path. Null where the record isn't there for this person. */
export async function readAllowed(client: TestClient, resource: CatalogueResource, id: string): Promise<AllowedOnRecord | null> {
  const relations = resource.relations.map((relation) =>
    relation.kind === 'count' ? relation.name : relation.kind === 'one' ? `${relation.name} { id }` : `${relation.name}(first: 1) { id }`,
  );
  const selection = ['id', 'actions { name enabled }', ...resource.fields.map((field) => field.name), ...relations].join(' ');
  const answer = await client.query(`query ($id: ID!) { record: ${resource.name}(id: $id) { ${selection} } }`, { id });
  const record = answer.data?.['record'] as ({ actions: { name: string; enabled: boolean }[] } & Readonly<Record<string, unknown>>) | null | undefined;
  if (!record) return null;
  const refused = answer.errors.filter((error) => error.extensions.code === 'FORBIDDEN').map((error) => String(error.path?.[1]));
  const strange = answer.errors.filter((error) => error.extensions.code !== 'FORBIDDEN');
  if (strange.length > 0) throw new Error(`${resource.name}: ${strange.map((error) => error.extensions.code).join(', ')}`);
  const unsaid = resource.fields.flatMap(({ name }) => {
    const value = record[name] ?? [];
    return Array.isArray(value) && value.length === 0 && !refused.includes(name) ? [name] : [];
  });
  return { actions: record.actions.map(({ name, enabled }) => ({ name, enabled })), refused: new Set(refused), unsaid: new Set(unsaid) };
}

/** Records that this person may see, one for each state that there is. Null where the list is refused. */
export async function sampleRecords(client: TestClient, resource: CatalogueResource, most: number): Promise<readonly string[] | null> {
  const state = resource.state === null ? '' : ` ${resource.state}`;
  const answer = await client.query(`{ list: ${resource.plural}(first: 100) { nodes { id${state} } } }`);
  const list = answer.data?.['list'] as { nodes: Record<string, string>[] } | null | undefined;
  if (!list) return null;
  const byState = Map.groupBy(list.nodes, (node) => (resource.state === null ? '' : node[resource.state]));
  return [...byState.values()].flatMap(([first]) => (first?.['id'] === undefined ? [] : [first['id']])).slice(0, most);
}

/** A value that the input takes; whether it fits the record is the effect's business. */
function plainValue(input: CatalogueInput): unknown {
  switch (input.type) {
    case 'integer':
      return Number(input.min ?? 1);
    case 'money':
      return '1.00';
    case 'boolean':
      return true;
    case 'enum':
      return input.values?.[0]?.value;
    case 'reference':
      return '00000000-0000-4000-8000-000000000000';
    case 'tenants':
    case 'permissions':
      return ['sent-by-hand'];
    case 'email':
      return 'by-hand@customer.example';
    case 'url':
      return 'https://by-hand.example/one';
    default:
      return 'Written by hand'.padEnd(input.minLength ?? 0, '.').slice(0, input.maxLength ?? 100);
  }
}

/** Answer of an act that its effect turned down: the state allows it, the record holds nothing to do it to. */
export const NOTHING_TO_DO = 'CONFLICT of the effect';

/** Sends an action past every button. @returns the code of the refusal, or the status. */
export async function sendByHand(client: TestClient, action: CatalogueAction, id: string, preview: boolean): Promise<string> {
  const values = Object.fromEntries(action.input.filter((input) => input.required).map((input) => [input.name, plainValue(input)]));
  const justification = action.justification === 'none' ? {} : { justification: { reason: 'Sent by hand', ticket: 'TEST-9' } };
  const answer = await client.query(
    `mutation ($input: ${action.inputType}!) { outcome: ${action.name}(input: $input) { status } }`,
    { input: { id, ...values, ...justification, ...(preview ? { preview } : {}) } },
    { headers: { 'x-request-surface': 'api' } },
  );
  if (answer.codes[0] === 'CONFLICT' && answer.errors[0]?.message !== action.allowedIn?.otherwise.en) return NOTHING_TO_DO;
  return answer.codes[0] ?? String((answer.data?.['outcome'] as { status?: string } | null)?.status);
}

/** What may be done with a record; what makes one stands at the list. */
export const actionsOn = (catalogue: Catalogue, resource: CatalogueResource): readonly CatalogueAction[] =>
  catalogue.actions.filter((action) => action.resource === resource.name && !action.creates);
