import { fileURLToPath } from 'node:url';
import { coreModules } from '@sallyport/schema/index.ts';
import { describe } from 'vitest';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from '../../helpers/gateway.ts';
import { modules } from './index.ts';
import { CHINOOK_SQL, hasChinook } from './load-chinook.ts';

/** Everything that a gateway of this database serves. */
export const servedModules = [...coreModules, ...modules];

/** A whole gateway on a fresh copy of the database, with the demo people as its staff. */
export const startChinookGateway = (options: Omit<TestGatewayOptions, 'modules'> = {}): Promise<TestGateway> => startTestGateway({ ...options, modules: servedModules });

/** Groups tests that need the sample database. Without it they are skipped and say so; in CI they fail. */
export async function describeWithChinook(name: string, tests: () => void): Promise<void> {
  if ((await hasChinook()) || process.env['CI'] === 'true') return void describe(name, tests);
  console.warn(`Skipped, for want of the sample database at ${fileURLToPath(CHINOOK_SQL)} (set CHINOOK_SQL): ${name}`);
  describe.skip(name, tests);
}
