import type { Text } from '@sallyport/schema/vocabulary/axes.ts';
import type { CatalogueAction, CatalogueRelation, CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { fieldOf, isPersonal, type ConsoleModel } from './console-model.ts';

/** A record as the gateway sends it; field values keep their exact form (decimals as text). */
export interface GatewayRecord {
  readonly id: string;
  readonly tenantId?: string | null;
  readonly version?: string | null;
  readonly actions?: readonly RecordAction[];
  readonly [field: string]: unknown;
}

export interface RecordAction {
  readonly name: string;
  readonly enabled: boolean;
  readonly because: Text | null;
  readonly stepUp: 'NEVER' | 'ALWAYS' | 'CONDITIONAL';
}

/** Names of fields that came back refused, by record: their place says so instead of staying blank. */
export const REFUSED = '__refused';

export interface SelectionOptions {
  /** Names of personal fields to read as well; each read is recorded. */
  readonly personal?: readonly string[] | 'all';
  /** Only these fields (with what they need); all readable ones when absent. */
  readonly fields?: readonly string[];
  readonly actions?: boolean;
  /** Leave out what is too large for a list. */
  readonly compact?: boolean;
}

const wanted = (name: string, list: readonly string[] | 'all' | undefined): boolean => list === 'all' || (list?.includes(name) ?? false);

/** The title of a related record, where it can be shown without reading anything personal. */
function relationSelection(model: ConsoleModel, relation: CatalogueRelation): string | null {
  if (!model.holds(relation.permission)) return null;
  if (relation.kind === 'count') return relation.name;
  if (relation.kind === 'many') return null;
  const related = model.resource(relation.resource);
  const title = related && fieldOf(related, related.title);
  const plain = title && !isPersonal(title) && model.holds(title.permission) ? ` ${title.name}` : '';
  return `${relation.name} { id${plain} }`;
}

/** GraphQL selection of one record: only what the viewer may read, personal fields only when asked for. */
export function selectionOf(model: ConsoleModel, resource: CatalogueResource, options: SelectionOptions = {}): string {
  const parts = ['id'];
  if (resource.tenanted) parts.push('tenantId');
  if (resource.versioned) parts.push('version');
  if (options.actions) parts.push('actions { name enabled because { en id } stepUp }');
  for (const field of resource.fields) {
    if (!model.holds(field.permission)) continue;
    if (options.fields && !options.fields.includes(field.name)) continue;
    if (isPersonal(field) && !wanted(field.name, options.personal)) continue;
    if (options.compact && field.type === 'json' && !field.inList) continue;
    parts.push(field.name);
  }
  for (const relation of resource.relations) {
    if (options.fields && !options.fields.includes(relation.name)) continue;
    const selection = relationSelection(model, relation);
    if (selection) parts.push(selection);
  }
  return parts.join(' ');
}

export function listDocument(resource: CatalogueResource, selection: string): string {
  const type = resource.typeName;
  return `query List_${resource.plural}($filter: ${type}Filter, $orderBy: [${type}Order!], $first: Int, $offset: Int) {
  list: ${resource.plural}(filter: $filter, orderBy: $orderBy, first: $first, offset: $offset) { nodes { ${selection} } totalCount totalIsExact }
}`;
}

export const recordDocument = (resource: CatalogueResource, selection: string): string =>
  `query Show_${resource.name}($id: ID!) { record: ${resource.name}(id: $id) { ${selection} } }`;

/** What an act answers; of an act that makes a record also which, where the viewer may read it. */
export function mutationDocument(model: ConsoleModel, action: CatalogueAction, resource: CatalogueResource): string {
  const made = action.creates && model.holds(resource.permission) ? `\n    made: ${resource.name} { ${selectionOf(model, resource, { fields: [resource.title] })} }` : '';
  // A gateway without approvals files no requests, and shows none to whom they are not.
  const requests = model.resource('approvalRequest');
  const filed = requests && model.holds(requests.permission) ? ' approvalRequest { id }' : '';
  return `mutation Act_${action.name}($input: ${action.inputType}!) {
  outcome: ${action.name}(input: $input) {
    status correlationId auditEventId changes { resource id field before after masked }${filed}
    approvalPlan { when { en id } alternatives { approver quorum } expiresAfterMinutes approvers { id displayName } }${made}${action.reveals.map((reveal) => ` ${reveal.name}`).join('')}
  }
}`;
}
