import { reportQuery } from '@sallyport/schema/modules/audit/report/matched-events.ts';
import type { Registry } from '@sallyport/schema/resources/registry.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import type { Language } from '@sallyport/schema/vocabulary/axes.ts';
import { sql } from 'kysely';
import { plainJson } from '../../audit/plain-json.ts';
import { latestRetentionNote } from '../../integrity/keeping/retention-statements.ts';
import { listLogKeys } from '../../integrity/log-keys.ts';
import type { LogReader, StoredCheckpoint } from '../../integrity/log-reader.ts';
import { makeRangeProof } from '../../transparency/range-proof.ts';
import { controlsCsv } from '../controls/controls-csv.ts';
import { type AnswersSetting, answersFiles } from '../answers/answers-files.ts';
import type { PackContents } from '../pack/pack-contents.ts';
import { summaryPage } from '../report/summary-page.ts';
import { openEntries } from './open-entries.ts';
import { readApprovals, readReviews } from './read-decisions.ts';
import { readPolicies } from './read-policies.ts';
import { disclosedEvents, type EvidenceQuery, type SelectedEntries } from './select-entries.ts';

export interface PackSource {
  readonly reader: LogReader;
  readonly registry: Registry;
  /** Verifier keys of witnesses, in their text form. */
  readonly witnessKeys: readonly string[];
  readonly setting: AnswersSetting;
}

export interface PackOrder {
  readonly query: EvidenceQuery;
  readonly entries: SelectedEntries;
  readonly checkpoint: StoredCheckpoint;
  readonly viewer: Viewer;
  readonly language: Language;
  /** Asked again and again while the pack goes out; what it throws ends it. */
  readonly stillAllowed: () => Promise<void>;
}

/** An evidence pack out of the database. Only the proof is held in memory; everything else is read as it is written. */
export async function packContents({ reader, registry, witnessKeys, setting }: PackSource, order: PackOrder): Promise<PackContents> {
  const { query, entries, checkpoint, viewer, language, stillAllowed } = order;
  const { db, selection, reach, size } = query;
  const { origin } = checkpoint;
  const { begin, end, indexes } = entries;
  const [proof, keys, kinds, retention, madeAt, answers] = await Promise.all([
    makeRangeProof(reader.nodes(size), { size, begin, end, indexes }),
    listLogKeys(db),
    sql<{ kind: string }>`select distinct event.kind ${disclosedEvents(query)} order by 1`.execute(db),
    latestRetentionNote(db),
    sql<{ now: string }>`select clock_timestamp() as now`.execute(db),
    answersFiles(db, registry, viewer, selection, { ...setting, language }),
  ]);
  const now = madeAt.rows[0]?.now ?? checkpoint.signedAt;
  const report = reportQuery(db, viewer, reach, selection, now);
  const disclosed = {
    ...report,
    matches: (row: string) => sql`(${report.matches(row)} and exists (select from audit.leaf leaf where leaf.event_id = ${sql.id(row, 'id')} and leaf.log_index < ${size}))`,
  };
  return {
    origin,
    selection: Object.fromEntries(Object.entries(selection).flatMap(([name, value]) => (value === null || value === undefined ? [] : [[name, plainJson(value)]]))),
    madeAt: now,
    madeBy: { id: viewer.actor.id, name: viewer.actor.displayName },
    checkpoint: checkpoint.note,
    proof,
    openEvents: () => openEntries(db, indexes, stillAllowed),
    policies: readPolicies(query),
    approvals: readApprovals(query, viewer),
    reviews: readReviews(query, viewer),
    controls: controlsCsv(
      kinds.rows.map(({ kind }) => kind),
      language,
    ),
    summary: summaryPage(disclosed, {
      registry,
      language,
      origin,
      size,
      begin,
      end,
      disclosed: indexes.length,
      madeAt: now,
      madeBy: viewer.actor.displayName,
      signedAt: checkpoint.signedAt,
    }),
    ...(answers === null ? {} : { answers }),
    ...(retention === null ? {} : { retentionNote: retention }),
    keys: [...keys.map(({ verifier }) => verifier).filter((verifier) => verifier.startsWith(`${origin}+`)), ...witnessKeys],
  };
}
