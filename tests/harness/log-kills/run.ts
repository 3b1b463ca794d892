import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbedded } from '@sallyport/server/db/embedded.ts';
import { countDiscrepancies } from '../log-checks/check-books.ts';
import { runLogKills } from './scenario.ts';

// `node tests/harness/log-kills/run.ts [--gateway 100] [--database 20] [--fault signs-before-commit] [--minutes 60]`: the full figures, on a database server of its own.
const { values } = parseArgs({
  options: { gateway: { type: 'string', default: '100' }, database: { type: 'string', default: '20' }, fault: { type: 'string' }, minutes: { type: 'string' } },
});
const folder = await mkdtemp(join(tmpdir(), 'sallyport-log-kill-'));
const embedded = await startEmbedded(folder);
process.exitCode = 0;
try {
  for (const [victim, kills] of [
    ['gateway', Number(values.gateway)],
    ['database', Number(values.database)],
  ] as const) {
    if (kills === 0) continue;
    const started = performance.now();
    const report = await runLogKills({
      adminUrl: embedded.urlOf('postgres'),
      victim,
      kills,
      ...(values.fault === undefined ? {} : { fault: new URL(`../faults/${values.fault}.ts`, import.meta.url) }),
      ...(values.minutes === undefined ? {} : { mostSeconds: Number(values.minutes) * 60 }),
      onKill: (kill, written) => kill % 10 === 0 && console.log(`${victim}: kill ${kill}, ${written} acts`),
    });
    console.log(JSON.stringify(report, null, 2));
    const found = countDiscrepancies(report.discrepancies);
    console.log(
      `${report.kills} kills of the ${victim}, ${Math.round((performance.now() - started) / 1000)} s: ${report.acknowledged} acts acknowledged, ${report.cutOff} cut off, ${report.size} leaves, ${report.checkpoints} checkpoints, ${report.signatures} signatures, ${report.witnessed} witnessed: ${found} discrepancies`,
    );
    if (found > 0) process.exitCode = 1;
  }
} finally {
  await embedded.stop();
  await rm(folder, { recursive: true, force: true });
}
