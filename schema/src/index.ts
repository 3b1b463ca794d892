import { access } from './modules/access/index.ts';
import { accounts } from './modules/accounts/index.ts';
import { audit } from './modules/audit/index.ts';
import { billing } from './modules/billing/index.ts';
import { gatewayModule } from './modules/gateway/index.ts';
import { people } from './modules/people/index.ts';
import { securitySettings } from './modules/security-settings/index.ts';
import type { ModuleDeclaration } from './vocabulary/define-module.ts';

export { buildGatewaySchema, type GatewaySchema } from './build-schema.ts';

/** What every gateway has, whatever product stands behind it. */
export const coreModules: readonly ModuleDeclaration[] = [gatewayModule, access, audit];

/** The demo product's modules, a line each. A gateway for another product names its own in `MODULES`. */
// biome-ignore format: a line each, so that a module comes and goes as one
export const productModules: readonly ModuleDeclaration[] = [
  accounts,
  people,
  billing,
  securitySettings,
];

export const modules: readonly ModuleDeclaration[] = [...coreModules, ...productModules];
