import { GatewayError } from '@sallyport/schema/errors.ts';
import type { Tx } from '@sallyport/schema/ports.ts';
import { canonicalKey, fieldColumn, isKey, keyColumn, table } from '@sallyport/schema/resources/columns.ts';
import type { Registry } from '@sallyport/schema/resources/registry.ts';
import type { ActionDeclaration, TenantFacts } from '@sallyport/schema/vocabulary/define-action.ts';
import { sql } from 'kysely';
import type { ParsedInput } from './parse-input.ts';

/** Tenants that an act without a record names, as the database prints their keys. */
export function tenantsNamed(registry: Registry, action: ActionDeclaration, input: ParsedInput): readonly string[] {
  const named = action.tenantsFrom === undefined ? undefined : input.values[action.tenantsFrom];
  return Array.isArray(named) ? named.map((id) => canonicalKey(registry.tenantKeyType, String(id))) : [];
}

/**
 * The tenants that an act concerns, with their risk, as rows say it inside the transaction.
 * @throws {GatewayError} BAD_INPUT where one that the input names is not there.
 */
export async function tenantFacts(tx: Tx, registry: Registry, action: ActionDeclaration, input: ParsedInput, tenantId: string | null): Promise<readonly TenantFacts[]> {
  const resource = registry.tenantResource;
  const named = tenantsNamed(registry, action, input);
  const wanted = new Set([...named, ...(tenantId === null ? [] : [tenantId])]);
  if (wanted.size === 0 || (!action.approval && named.length === 0)) return [];
  const known = resource ? [...wanted].filter((id) => isKey(resource.key.type, id)) : [];
  const found = resource && known.length > 0 ? await readTenants(tx, resource, known) : [];
  if (named.some((id) => !found.some((tenant) => tenant.id === id)))
    throw new GatewayError('BAD_INPUT', undefined, { issues: [{ path: `input.${action.tenantsFrom}`, message: 'names a tenant that is not there' }] });
  return found;
}

async function readTenants(tx: Tx, resource: NonNullable<Registry['tenantResource']>, ids: readonly string[]): Promise<readonly TenantFacts[]> {
  const risk = resource.risk ? sql`coalesce((${fieldColumn(resource, resource.risk.field, 'r')})::text = any(${[...resource.risk.high]}::text[]), false)` : sql`false`;
  const { rows } = await sql<TenantFacts>`
    select ${keyColumn(resource, 'r')}::text as id, ${risk} as "highRisk" from ${table(resource, 'r')}
    where ${keyColumn(resource, 'r')} = any(${[...ids]}::${sql.raw(resource.key.type)}[]) order by 1`.execute(tx);
  return rows;
}
