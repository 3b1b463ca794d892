import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbedded } from '@sallyport/server/db/embedded.ts';
import { makeTemplate } from '../log-checks/make-template.ts';
import { administer } from './grow-log.ts';
import { KINDS, runTampering } from './scenario.ts';

// `node tests/harness/tampering/run.ts [--events 3000] [--places 20] [--only 'swap two']`: the full figures of H09, on a database server of its own.
const { values } = parseArgs({ options: { events: { type: 'string', default: '3000' }, places: { type: 'string', default: '20' }, only: { type: 'string' } } });
const folder = await mkdtemp(join(tmpdir(), 'sallyport-tampering-'));
const embedded = await startEmbedded(folder);
const started = performance.now();
try {
  // Some hundreds of databases, each thrown away after a second: nothing here has to outlive a crash.
  for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit']) await administer(embedded.urlOf('postgres'), `alter system set ${setting} = off`);
  await administer(embedded.urlOf('postgres'), 'select pg_reload_conf()');
  const report = await runTampering({
    adminUrl: embedded.urlOf('postgres'),
    template: await makeTemplate(embedded),
    events: Number(values.events),
    places: Number(values.places),
    kinds: KINDS.filter(({ name }) => values.only === undefined || name === values.only),
    onKind: (name, counts) => console.log(`${name}: ${JSON.stringify(counts)}`),
  });
  for (const fault of report.faults) console.log(fault);
  const counts = Object.values(report.kinds);
  const sum = (of: 'attacks' | 'found' | 'named' | 'narrowed' | 'foundWithoutOutside' | 'foundInside'): number => counts.reduce((total, kind) => total + kind[of], 0);
  console.log(
    `${report.events} events, ${counts.length} kinds, ${sum('attacks')} attacks, ${Math.round((performance.now() - started) / 1000)} s: found ${sum('found')} (entry named ${sum('named')}, range ${sum('narrowed')}), without the outside ${sum('foundWithoutOutside')}, from the inside ${sum('foundInside')}; ${report.faults.length} faults`,
  );
  process.exitCode = report.faults.length === 0 ? 0 : 1;
} finally {
  await embedded.stop();
  await rm(folder, { recursive: true, force: true });
}
