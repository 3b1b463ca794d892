import { kyselyOn, openPool } from '@sallyport/server/db/connect.ts';
import { startIntegrator } from '@sallyport/server/integrity/integrator.ts';
import { createLogSigner } from '@sallyport/server/integrity/log-keys.ts';
import { createStandingBook } from '@sallyport/server/integrity/standing.ts';
import { createLog } from '@sallyport/server/kernel/log.ts';
import { BENCH_SECRETS } from './log-databases.ts';

/** Seals and signs as a gateway does, by the gateway's own integrator, until it is stopped; by then everything is sealed and signed. */
export async function keepSealing(appUrl: string): Promise<{ stop(): Promise<void> }> {
  const pool = openPool({ connectionString: appUrl, max: 1, applicationName: 'bench-integrator' });
  const db = kyselyOn(pool);
  const integrator = startIntegrator({ db, signer: createLogSigner(BENCH_SECRETS), standing: createStandingBook({ state: 'sound' }), log: createLog('warn') });
  await integrator.sealNow();
  return {
    stop: async () => {
      await integrator.sealNow();
      await integrator.stop();
      await pool.end();
    },
  };
}
