import { buildGatewaySchema } from '@sallyport/schema/index.ts';
import type { Db } from '@sallyport/schema/ports.ts';
import type { ModuleDeclaration } from '@sallyport/schema/vocabulary/define-module.ts';
import { createAuditLog } from '../audit/audit-log.ts';
import { ensurePolicyVersion } from '../audit/policy-version.ts';
import type { AuditLog } from '../kernel/seams.ts';

/** The log for a command of the command line: the same as the gateway's, under the same policy. */
export async function openAuditLog(db: Db, modules: readonly ModuleDeclaration[], environment: string): Promise<AuditLog> {
  const { registry, catalogue } = buildGatewaySchema(modules);
  return createAuditLog({ db, policy: await ensurePolicyVersion(db, catalogue), environment, roles: registry.roles });
}
