import type { TenantReach } from '../../viewer.ts';
import { badInput } from './bad-input.ts';

/** Where an act is to give something, as its input says it. */
export interface ReachInput {
  readonly tenants?: readonly string[] | null;
  readonly everywhere?: boolean | null;
}

/** Absent is no. */
export const isEverywhere = ({ everywhere }: { readonly everywhere?: boolean | null | undefined }): boolean => everywhere ?? false;

/** Where an act is to give something. @throws {GatewayError} BAD_INPUT unless either tenants are named or everywhere is said. */
export function reachAsked({ tenants, everywhere }: ReachInput): TenantReach {
  const named = tenants ?? [];
  if (isEverywhere({ everywhere }) === named.length > 0) throw badInput('tenants', 'name tenants, or say that it holds everywhere');
  return isEverywhere({ everywhere }) ? 'global' : new Set(named);
}

export const tenantIdsOf = (reach: TenantReach): string[] => (reach === 'global' ? [] : [...reach].sort());
