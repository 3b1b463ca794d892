import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbedded } from '@sallyport/server/db/embedded.ts';
import { runRevocationScenario } from './scenario.ts';

// `node tests/harness/revocation/run.ts [--revocations 1000] [--at-once 4] [--only <kind>] [--fault remembered-viewer]`: the full figures
// of issue 3, two gateway processes on a database server of their own.
const { values } = parseArgs({
  options: {
    revocations: { type: 'string', default: '1000' },
    'at-once': { type: 'string', default: '4' },
    only: { type: 'string', multiple: true },
    fault: { type: 'string' },
  },
});
const folder = await mkdtemp(join(tmpdir(), 'sallyport-revocation-'));
const embedded = await startEmbedded(folder);
try {
  const report = await runRevocationScenario({
    adminUrl: embedded.urlOf('postgres'),
    revocations: Number(values.revocations),
    atOnce: Number(values['at-once']),
    ...(values.only === undefined ? {} : { only: values.only }),
    ...(values.fault === undefined ? {} : { fault: new URL(`../faults/${values.fault}.ts`, import.meta.url) }),
  });
  const { kinds, ...figures } = report;
  console.table(kinds);
  console.log(JSON.stringify(figures, null, 2));
  const late = Math.max(report.ended.max, report.told.max) > 5_000;
  process.exitCode = report.successesAfter + report.deaf + report.unexpected.length === 0 && !late ? 0 : 1;
} finally {
  await embedded.stop();
  await rm(folder, { recursive: true, force: true });
}
