import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbedded } from '@sallyport/server/db/embedded.ts';
import { countDiscrepancies } from '../log-checks/check-books.ts';
import { makeTemplate } from '../log-checks/make-template.ts';
import type { Defence } from '../log-checks/weaken.ts';
import { runWriters } from './scenario.ts';

// `node tests/harness/log-writers/run.ts [--writers 8] [--events 10000] [--processes 2] [--without 'row lock' …]`: the full figures of H07, on a database server of its own.
const { values } = parseArgs({
  options: {
    writers: { type: 'string', default: '8' },
    events: { type: 'string', default: '10000' },
    processes: { type: 'string', default: '2' },
    without: { type: 'string', multiple: true, default: [] },
  },
});
const folder = await mkdtemp(join(tmpdir(), 'sallyport-writers-'));
const embedded = await startEmbedded(folder);
try {
  const report = await runWriters({
    adminUrl: embedded.urlOf('postgres'),
    template: await makeTemplate(embedded),
    writers: Number(values.writers),
    events: Number(values.events),
    processes: Number(values.processes),
    without: values.without as Defence[],
  });
  console.log(JSON.stringify(report, null, 2));
  const found = countDiscrepancies(report.discrepancies);
  console.log(
    `${report.told} events told, ${report.size} leaves, ${report.checkpoints} checkpoints (${report.signedBy.join(' + ')} by process, ${report.signatures} signatures), ${Math.round(report.seconds)} s (${Math.round(report.told / report.seconds)} a second): ${found} discrepancies`,
  );
  process.exitCode = found === 0 && report.told === report.size ? 0 : 1;
} finally {
  await embedded.stop();
  await rm(folder, { recursive: true, force: true });
}
