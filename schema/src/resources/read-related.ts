import DataLoader from 'dataloader';
import type { FieldNode } from 'graphql';
import { sql } from 'kysely';
import type { RequestContext } from '../ports.ts';
import { isNowhere, reachOf } from '../viewer.ts';
import type { AnyResource } from '../vocabulary/define-module.ts';
import { fieldColumn, isKey, keyColumn, table, within } from './columns.ts';
import { relatedOrder } from './order.ts';
import { LARGEST_PAGE, requireViewer } from './read-records.ts';
import { noteFetched, project, type ResourceRow } from './projection.ts';
import type { Registry } from './registry.ts';
import type { Selection } from './selection.ts';
import { GatewayError } from '../errors.ts';

/** Records of a `many` relation where nobody says how many. */
export const RELATED_PAGE = 10;

interface Related {
  readonly registry: Registry;
  readonly resource: AnyResource;
  readonly selection: Selection;
  readonly context: RequestContext;
  /** The document's nodes that are answered together here: all parents under the same ones are asked at once. */
  readonly nodes: readonly FieldNode[];
}

const nodeNumbers = new WeakMap<FieldNode, number>();
let nodesNumbered = 0;

function numberOf(node: FieldNode): number {
  const known = nodeNumbers.get(node);
  if (known !== undefined) return known;
  nodesNumbered += 1;
  nodeNumbers.set(node, nodesNumbered);
  return nodesNumbered;
}

/**
 * Names the place of a selection by all its nodes. A fragment's node can stand in several places and be merged
 * with other nodes in one of them: the first node alone would give that place the narrower selection of another.
 */
function placeOf(nodes: readonly FieldNode[]): unknown {
  return nodes.length === 1 ? nodes[0] : `related ${nodes.map(numberOf).join(' ')}`;
}

function loaderOf<V>(related: Related, load: (keys: readonly string[]) => Promise<ReadonlyMap<string, V>>): DataLoader<string, V | undefined> {
  const place = placeOf(related.nodes);
  const known = related.context.memory.get(place) as DataLoader<string, V | undefined> | undefined;
  if (known) return known;
  const loader = new DataLoader<string, V | undefined>(async (keys) => {
    const found = await load(keys);
    return keys.map((key) => found.get(key));
  });
  related.context.memory.set(place, loader);
  return loader;
}

/** @throws {GatewayError} FORBIDDEN where the related resource does not exist for the viewer at all. */
function reachOfRelated({ context, resource }: Related) {
  const reach = reachOf(requireViewer(context), resource.read);
  if (!isNowhere(reach)) return reach;
  context.reads.refuse(resource.read.name, resource.name);
  throw new GatewayError('FORBIDDEN', undefined, { permission: resource.read.name });
}

/** The one record that a row names; null where absent or hidden. One statement for all parents. */
export function readLinked(related: Related, key: string | null): Promise<ResourceRow | null> {
  const { registry, resource, selection, context } = related;
  const reach = reachOfRelated(related);
  if (key === null) return Promise.resolve(null);
  const loader = loaderOf<ResourceRow>(related, async (keys) => {
    const projection = project(registry, resource, 'r', selection, requireViewer(context), reach);
    const ids = keys.filter((id) => isKey(resource.key.type, id));
    const found =
      await sql<ResourceRow>`select ${projection.columns} from ${table(resource, 'r')} where ${keyColumn(resource, 'r')} = any(${ids}::${sql.raw(resource.key.type)}[]) and ${within(registry, resource, 'r', reach, requireViewer(context))}`.execute(
        context.db,
      );
    noteFetched(context.reads, resource, projection, found.rows);
    return new Map(found.rows.map((row) => [row.id, row]));
  });
  return loader.load(key).then((row) => row ?? null);
}

/** The records that name a row in `foreign`, newest or as ordered first. One statement for all parents. */
export function readNaming(related: Related, foreign: string, orderBy: string | undefined, first: number, parentType: AnyResource, key: string): Promise<readonly ResourceRow[]> {
  const { registry, resource, selection, context } = related;
  const reach = reachOfRelated(related);
  if (!Number.isInteger(first) || first < 1 || first > LARGEST_PAGE)
    throw new GatewayError('BAD_INPUT', undefined, { issues: [{ path: 'first', message: `a whole number from 1 to ${LARGEST_PAGE}` }] });
  const { field, direction } = relatedOrder(resource, orderBy);
  const loader = loaderOf<ResourceRow[]>(related, async (keys) => {
    const projection = project(registry, resource, 'r', selection, requireViewer(context), reach);
    const ordered = sql`${fieldColumn(resource, field, 'r')} ${sql.raw(direction)}, ${keyColumn(resource, 'r')} ${sql.raw(direction)}`;
    const found = await sql<ResourceRow & { parent: string }>`
      select parent.key::text as parent, related.* from unnest(${keys}::${sql.raw(parentType.key.type)}[]) as parent(key)
      cross join lateral (
        select ${projection.columns} from ${table(resource, 'r')}
        where ${sql.id('r', foreign)} = parent.key and ${within(registry, resource, 'r', reach, requireViewer(context))}
        order by ${ordered} limit ${sql.lit(first)}
      ) as related`.execute(context.db);
    noteFetched(context.reads, resource, projection, found.rows);
    const grouped = new Map<string, ResourceRow[]>(keys.map((parent) => [parent, []]));
    for (const row of found.rows) grouped.get(row.parent)?.push(row);
    return grouped;
  });
  return loader.load(key).then((rows) => rows ?? []);
}

/** How many records visible to the viewer name a row in `foreign`. */
export function countNaming(related: Related, foreign: string, parentType: AnyResource, key: string): Promise<number> {
  const { registry, resource, context } = related;
  const reach = reachOfRelated(related);
  const loader = loaderOf<number>(related, async (keys) => {
    const found = await sql<{ parent: string; total: number }>`
      select ${sql.id('r', foreign)}::text as parent, count(*)::int as total from ${table(resource, 'r')}
      where ${sql.id('r', foreign)} = any(${keys}::${sql.raw(parentType.key.type)}[]) and ${within(registry, resource, 'r', reach, requireViewer(context))}
      group by ${sql.id('r', foreign)}`.execute(context.db);
    return new Map(found.rows.map((row) => [row.parent, row.total]));
  });
  return loader.load(key).then((total) => total ?? 0);
}
