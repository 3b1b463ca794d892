import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbedded } from '@sallyport/server/db/embedded.ts';
import { runKillScenario } from './kill-scenario.ts';

// `node tests/harness/kill.ts [--kills 20] [--fault event-outside-transaction]`: the full figures of K01, on a database server of its own.
const { values } = parseArgs({ options: { kills: { type: 'string', default: '20' }, fault: { type: 'string' } } });
const folder = await mkdtemp(join(tmpdir(), 'sallyport-kill-'));
const embedded = await startEmbedded(folder);
try {
  const report = await runKillScenario({
    adminUrl: embedded.urlOf('postgres'),
    kills: Number(values.kills),
    ...(values.fault === undefined ? {} : { fault: new URL(`./faults/${values.fault}.ts`, import.meta.url) }),
    onKill: (kill, found) => console.log(`kill ${kill}: ${JSON.stringify(found)}`),
  });
  console.log(JSON.stringify(report, null, 2));
  const { imbalance, acknowledgedButLost, notOnce, unexpected } = report;
  console.log(
    `${report.kills} kills, ${report.orders} orders (${report.repeated} repeated): changes without event ${imbalance.changesWithoutEvent}, events without change ${imbalance.eventsWithoutChange}, acknowledged but lost ${acknowledgedButLost}, not exactly once ${notOnce}`,
  );
  process.exitCode = Object.values(imbalance).every((count) => count === 0) && acknowledgedButLost + notOnce + unexpected.length === 0 ? 0 : 1;
} finally {
  await embedded.stop();
  await rm(folder, { recursive: true, force: true });
}
