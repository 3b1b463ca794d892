import { access } from './modules/access/index.ts';
import { accounts } from './modules/accounts/index.ts';
import { approvals } from './modules/approvals/index.ts';
import { assurance } from './modules/assurance/index.ts';
import { audit } from './modules/audit/index.ts';
import { billing } from './modules/billing/index.ts';
import { dataExports } from './modules/data-exports/index.ts';
import { emergency } from './modules/emergency/index.ts';
import { flows } from './modules/flows/index.ts';
import { gatewayModule } from './modules/gateway/index.ts';
import { log } from './modules/log/index.ts';
import { mailbox } from './modules/mailbox/index.ts';
import { people } from './modules/people/index.ts';
import { reviews } from './modules/reviews/index.ts';
import { securitySettings } from './modules/security-settings/index.ts';
import { tokens } from './modules/tokens/index.ts';
import type { ModuleDeclaration } from './vocabulary/define-module.ts';

export { buildGatewaySchema, type GatewaySchema } from './build-schema.ts';

/** What every gateway has, whatever product stands behind it. */
export const coreModules: readonly ModuleDeclaration[] = [gatewayModule, access, approvals, tokens, emergency, reviews, mailbox, audit, flows, log, assurance];

/** The demo product's modules, a line each. A gateway for another product names its own in `MODULES`. */
// biome-ignore format: a line each, so that a module comes and goes as one
export const productModules: readonly ModuleDeclaration[] = [
  accounts,
  people,
  billing,
  securitySettings,
  dataExports,
];

export const modules: readonly ModuleDeclaration[] = [...coreModules, ...productModules];
