import { fieldColumn, isKey, keyColumn, table, within } from '@sallyport/schema/resources/columns.ts';
import type { Registry } from '@sallyport/schema/resources/registry.ts';
import type { Db } from '@sallyport/schema/ports.ts';
import { intersect, reachOf, type Viewer } from '@sallyport/schema/viewer.ts';
import { sql } from 'kysely';

/**
 * What tenants are called today, by their IDs: those that exist within the viewer's reach, where the viewer reads the title too. A title
 * that is personal names nobody here: reading it would be an event of its own.
 */
export async function tenantNames(db: Db, registry: Registry, viewer: Viewer, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const resource = registry.tenantResource;
  const title = resource?.fields[resource.title];
  const known = resource ? [...new Set(ids)].filter((id) => isKey(resource.key.type, id)) : [];
  if (!resource || !title || (title.class !== 'public' && title.class !== 'internal') || known.length === 0) return new Map();
  const reach = intersect(reachOf(viewer, resource.read), reachOf(viewer, title.access));
  const { rows } = await sql<{ id: string; name: string | null }>`
    select ${keyColumn(resource, 'r')}::text as id, ${fieldColumn(resource, resource.title, 'r')}::text as name from ${table(resource, 'r')}
    where ${keyColumn(resource, 'r')} = any(${known}::${sql.raw(resource.key.type)}[]) and ${within(registry, resource, 'r', reach, viewer)}`.execute(db);
  return new Map(rows.flatMap(({ id, name }) => (name === null ? [] : [[id, name]])));
}
