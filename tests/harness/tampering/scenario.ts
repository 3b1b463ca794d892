import { randomInt } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createAuditLog } from '@sallyport/server/audit/audit-log.ts';
import { findDiscrepancies } from '@sallyport/server/audit/read-records.ts';
import { kyselyOn, openPool } from '@sallyport/server/db/connect.ts';
import { verifyLogDaily } from '@sallyport/server/integrity/verify-whole-log.ts';
import type pg from 'pg';
import { checkExport, type Verdict } from './check-export.ts';
import { exportLog } from './export-log.ts';
import { switchOffTriggers } from './forge.ts';
import { addressOf, administer, type GrownLog, growLog } from './grow-log.ts';
import type { Expectation, Kind } from './kind.ts';
import { KINDS_OF_ROWS } from './kinds-of-rows.ts';
import { KINDS_OF_TREE } from './kinds-of-tree.ts';

/** THREATS H09, twelve kinds; and the edit of columns alone. */
export const KINDS: readonly Kind[] = [...KINDS_OF_ROWS, ...KINDS_OF_TREE];

export interface KindReport {
  readonly attacks: number;
  /** With origin, key and the checkpoints kept outside. */
  found: number;
  /** Of those, how many entries were named exactly, and how many by a range. */
  named: number;
  narrowed: number;
  /** With the export alone, in the hands of somebody who kept nothing. */
  foundWithoutOutside: number;
  /** By the gateway's own verification of the whole log, in the tampered database. */
  foundInside: number;
}

export interface TamperingReport {
  readonly events: number;
  readonly kinds: Readonly<Record<string, KindReport>>;
  /** What was not as it should be: an attack that got through, a wrong place, an alarm over a log that nobody touched. */
  readonly faults: readonly string[];
}

export interface TamperingOptions {
  readonly adminUrl: string;
  readonly template: string;
  readonly events: number;
  /** Attacks of each kind, at places of their own. */
  readonly places: number;
  readonly kinds?: readonly Kind[];
  readonly onKind?: (name: string, report: KindReport) => void;
}

/**
 * Meddles with copies of a log as a superuser would, exports what is there afterwards and checks the export offline: with what stands
 * outside the database, and without it. A rewriting that is signed with the stolen key, and a restored backup, must get through without it: that
 * shows that the check with it is what finds them.
 */
export async function runTampering({ adminUrl, template, events, places, kinds = KINDS, onKind }: TamperingOptions): Promise<TamperingReport> {
  const log = await growLog({ adminUrl, template, events, backups: Math.min(places, 20) });
  const report: Record<string, KindReport> = {};
  const faults: string[] = [];
  try {
    const untouched = await judge(adminUrl, log, log.database, { name: 'untouched', tamper: async () => ({ onlyColumns: [] }) }, 0, 0);
    faults.push(...untouched.faults);
    for (const kind of kinds) {
      const counts: KindReport = { attacks: places, found: 0, named: 0, narrowed: 0, foundWithoutOutside: 0, foundInside: 0 };
      report[kind.name] = counts;
      for (const [turn, place] of choosePlaces(log, places).entries()) {
        const judged = await judge(adminUrl, log, kind.source?.(log, turn) ?? log.database, kind, place, turn);
        counts.found += judged.isFound ? 1 : 0;
        counts.foundWithoutOutside += judged.without.found === null ? 0 : 1;
        counts.foundInside += judged.inside === null ? 0 : 1;
        const range = judged.verdict.firstBad;
        if (range !== null) counts[range.end - range.begin === 1 ? 'named' : 'narrowed'] += 1;
        faults.push(...judged.faults);
      }
      onKind?.(kind.name, counts);
    }
    return { events: log.size, kinds: report, faults };
  } finally {
    for (const database of [log.database, ...log.backups.map((backup) => backup.database)]) await administer(adminUrl, `drop database if exists ${database} with (force)`);
  }
}

/** Ends of the log and of its tiles first, then anywhere. */
function choosePlaces({ witnessedSize }: GrownLog, count: number): readonly number[] {
  const edges = [0, 255, 256, witnessedSize - 1, 511, 1].filter((place) => place < witnessedSize);
  return Array.from({ length: count }, (_, turn) => edges[turn] ?? randomInt(1, witnessedSize - 1));
}

interface Judged {
  readonly isFound: boolean;
  readonly verdict: Verdict;
  readonly without: Verdict;
  readonly inside: string | null;
  readonly faults: readonly string[];
}

async function judge(adminUrl: string, log: GrownLog, source: string, kind: Kind, place: number, turn: number): Promise<Judged> {
  const copy = `${log.database}_copy`;
  await administer(adminUrl, `create database ${copy} template ${source}`);
  const address = addressOf(adminUrl, copy);
  const attacker = openPool({ connectionString: address, max: 2, applicationName: 'harness-attacker', statementTimeoutMs: 60_000 });
  try {
    await switchOffTriggers(attacker);
    const expected = await kind.tamper({ log, attacker, place, turn, form: turn % 2 === 0 ? 0 : 1 });
    const exported = await exportLog(address);
    const verdict = await checkExport(exported, log.trust, log.witnessed);
    const without = await checkExport(exported, log.trust, []);
    await rm(exported.folder, { recursive: true });
    const discrepancies = expected.onlyColumns ? await discrepanciesOf(attacker) : [];
    const found = expected.onlyColumns && expected.onlyColumns.length > 0 ? discrepancies.length > 0 : verdict.found !== null;
    const inside = await verifyInside(attacker);
    const faults = [...compare(expected, verdict, without, discrepancies), ...compareInside(kind, expected, inside)].map((fault) => `${kind.name} at ${place} (${turn}): ${fault}`);
    return { isFound: found, verdict, without, inside, faults };
  } finally {
    await attacker.end();
    await administer(adminUrl, `drop database ${copy} with (force)`);
  }
}

function compare(expected: Expectation, verdict: Verdict, without: Verdict, discrepancies: readonly string[]): readonly string[] {
  const faults: string[] = [];
  const said = JSON.stringify(verdict);
  if (expected.onlyColumns) {
    if (verdict.found !== null || without.found !== null) faults.push(`an alarm over true entries: ${said}`);
    if (discrepancies.join() !== expected.onlyColumns.join()) faults.push(`columns compared: ${discrepancies.join() || 'nothing found'}`);
    return faults;
  }
  const { firstBad } = verdict;
  if (verdict.found === null) faults.push('not found');
  if (expected.firstBad !== undefined && !(firstBad && firstBad.begin <= expected.firstBad && expected.firstBad < firstBad.end))
    faults.push(`expected at ${expected.firstBad}, said ${said}`);
  if (expected.isExact === true && firstBad && firstBad.end - firstBad.begin !== 1) faults.push(`not named exactly: ${said}`);
  // The bite: what only the outside can know is not found without it, and everything else is.
  if ((without.found === null) !== (expected.needsOutside === true)) faults.push(`without the outside: ${JSON.stringify(without)}`);
  return faults;
}

/** The gateway's daily verification finds what does not fit within the database; what fits together there, only the outside can tell. */
function compareInside(kind: Kind, expected: Expectation, inside: string | null): readonly string[] {
  const isSeen = expected.onlyColumns ? expected.onlyColumns.length > 0 : expected.needsOutside !== true;
  // Signatures are for those outside to check: within, only roots are compared.
  if (kind.isOfSignatures === true || (inside !== null) === isSeen) return [];
  return [`from the inside: ${inside ?? 'not found'}`];
}

async function verifyInside(attacker: pg.Pool): Promise<string | null> {
  const db = kyselyOn(attacker);
  await verifyLogDaily(db, createAuditLog({ db, policy: { hash: 'a'.repeat(64) }, environment: 'test', roles: new Map() }));
  const { rows } = await attacker.query<{ intact: boolean; problem: string | null }>('select intact, problem from gateway.log_verification order by started_at desc limit 1');
  return rows[0]?.intact === true ? null : (rows[0]?.problem ?? 'no result');
}

async function discrepanciesOf(pool: pg.Pool): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { id } of findDiscrepancies(kyselyOn(pool))) ids.push(id);
  return ids;
}
