import { modules } from '@sallyport/schema/index.ts';
import { createGateway } from '@sallyport/server/app.ts';
import { kyselyOn, openPool } from '@sallyport/server/db/connect.ts';
import { createLog } from '@sallyport/server/kernel/log.ts';
import { POOL_SIZE } from './hand-written.ts';
import { runBench } from './serve-bench.ts';

const UNLIMITED = { address: { burst: 1e9, perSecond: 1e9 }, session: { burst: 1e9, perSecond: 1e9 }, refusalsPerMinute: 300 };

// The gateway as it is served, with every check on; only the ceilings on requests are moved away, and the outbox is left to wait.
await runBench(async ({ appUrl, key }) => {
  const pool = openPool({ connectionString: appUrl, max: POOL_SIZE, applicationName: 'bench' });
  const gateway = await createGateway({
    config: { host: '127.0.0.1', port: 0, publicUrl: null, secureCookies: false, environment: 'bench', development: false, trustedProxies: [], metricsReaders: [] },
    pool,
    db: kyselyOn(pool),
    modules,
    keys: { currentKeyId: 'bench', keys: { bench: Buffer.from(key, 'base64') } },
    log: createLog('warn'),
    staticDirectory: null,
    limits: UNLIMITED,
    worker: false,
  });
  const { url } = await gateway.listen();
  return {
    url,
    close: async () => {
      await gateway.close();
      await pool.end();
    },
  };
});
