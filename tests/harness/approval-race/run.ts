import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbedded } from '@sallyport/server/db/embedded.ts';
import { runApprovalRace } from './scenario.ts';

// `node tests/harness/approval-race/run.ts [--requests 1000] [--kills 10] [--fault approvals-count-accounts]`: the full figures, on a database server of its own.
const { values } = parseArgs({ options: { requests: { type: 'string', default: '1000' }, kills: { type: 'string', default: '10' }, fault: { type: 'string' } } });
const folder = await mkdtemp(join(tmpdir(), 'sallyport-race-'));
const embedded = await startEmbedded(folder);
const started = performance.now();
try {
  const report = await runApprovalRace({
    adminUrl: embedded.urlOf('postgres'),
    requests: Number(values.requests),
    kills: Number(values.kills),
    ...(values.fault === undefined ? {} : { fault: new URL(`../faults/${values.fault}.ts`, import.meta.url) }),
    onProgress: (raced) => raced % 100 === 0 && console.log(`${raced} raced`),
  });
  console.log(JSON.stringify(report, null, 2));
  const { discrepancies, faults } = report;
  const found = Object.values(discrepancies).reduce((sum, count) => sum + count, 0);
  console.log(`${report.requests} requests, ${report.kills} kills, ${Math.round((performance.now() - started) / 1000)} s: ${found} discrepancies, ${faults.length} faults`);
  process.exitCode = found + faults.length === 0 ? 0 : 1;
} finally {
  await embedded.stop();
  await rm(folder, { recursive: true, force: true });
}
