import { open, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PACK_FILES } from '../evidence/pack/pack-contents.ts';
import type { TreeHead } from '../transparency/consistency-proof.ts';
import { LogFault } from '../transparency/log-fault.ts';
import { openCheckpoint, type OpenedCheckpoint, type TrustPolicy } from '../transparency/open-checkpoint.ts';
import { parseRetentionStatement } from '../transparency/retention-statement.ts';
import type { Framing } from './fold-entries.ts';
import { openHeads, openStatement, trustedCheckpoint, untrustedFault } from './trust.ts';
import { type EntriesVerified, verifyFile } from './verify-file.ts';
import { verifyFolder } from './verify-folder.ts';
import type { VerifyFault, VerifyKind, VerifyReport } from './verify-report.ts';

/** What is verified, and whom the caller believes. Nothing else is read: no configuration, no network, no database. */
export interface VerifyRequest {
  /** An evidence pack, a folder in the layout of C2SP tlog-tiles, or a file of entries from index 0. */
  readonly path: string;
  readonly policy: TrustPolicy;
  /** Checkpoints that the caller kept, or got from a witness, with the name of each one's file. */
  readonly checkpoints: readonly { readonly file: string; readonly note: Uint8Array }[];
  /** Threads that hash; 1 hashes on this one. */
  readonly threads: number;
  /** Of a file of entries; told from its first bytes when not given. */
  readonly framing?: Framing;
  /** Of a file of entries: a folder with the log's tiles, with which the first bad entry is named. */
  readonly tiles?: string;
  /** A signed statement of what may be absent; a folder's own stands in it as `retention.note`. */
  readonly retention?: Uint8Array;
  /** A consistency proof between a pack's checkpoint and the caller's. */
  readonly consistency?: readonly Buffer[];
}

/** The file or folder cannot be opened at all: nothing is said about what is in it. */
export class VerifyTargetFault extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'VerifyTargetFault';
  }
}

const ZIP_START = Buffer.from('504b', 'hex');

async function kindOf(path: string): Promise<VerifyKind> {
  try {
    if ((await stat(path)).isDirectory()) return 'folder';
    const file = await open(path, 'r');
    try {
      const start = Buffer.alloc(ZIP_START.length);
      await file.read(start, 0, start.length, 0);
      return start.equals(ZIP_START) ? 'pack' : 'entries';
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new VerifyTargetFault(`${path}: there is no such file or folder, or it cannot be read.`, { cause: error });
  }
}

/**
 * Verifies offline what a log or its keeper handed out.
 * @throws {VerifyTargetFault} when the path cannot be opened, or nothing was given to compare it with
 */
export async function verify(request: VerifyRequest): Promise<VerifyReport> {
  const kind = await kindOf(request.path);
  const given = openHeads(request.checkpoints, request.policy);
  if (given.faults.length > 0) return refused(request, kind, given.faults);
  if (kind === 'folder') return await verifyTiles(request, given.opened);
  if (kind === 'entries') return await verifyEntryFile(request, given.heads, given.opened);
  // The formats of the pack, and what is derived from events, are read only where there is a pack.
  const { verifyPack } = await import('./verify-pack.ts');
  return await verifyPack({ path: request.path, policy: request.policy, heads: given.heads, consistency: request.consistency });
}

const refused = ({ policy }: VerifyRequest, kind: VerifyKind, faults: readonly VerifyFault[]): VerifyReport => ({
  intact: false,
  kind,
  origin: policy.origin,
  comparedWith: [],
  entries: 0,
  absent: 0,
  faults,
  notes: [],
});

const reported = ({ policy }: VerifyRequest, kind: VerifyKind, claim: OpenedCheckpoint, { entries, absent, compared, faults, notes }: EntriesVerified): VerifyReport => ({
  intact: faults.length === 0,
  kind,
  origin: policy.origin,
  checkpoint: trustedCheckpoint(claim),
  comparedWith: compared.map(({ size }) => size),
  entries,
  absent,
  faults,
  notes,
});

interface Excused {
  /** Index below which entries may be absent. */
  readonly below: number;
  /** How many of them at most. */
  readonly most: number;
}

/**
 * What may be absent, by a statement that the log signed. The class of an entry that is gone is not known any more, so the largest index
 * counts; that nothing of a class with a smaller one is missing too, shows in how many there are.
 * @throws {LogFault}
 */
function readRetention(note: Uint8Array | undefined, policy: TrustPolicy, size: number): Excused {
  if (note === undefined) return { below: 0, most: 0 };
  const { classes } = parseRetentionStatement(openStatement(note, policy, size), policy.origin);
  return { below: Math.max(0, ...classes.map(({ minimumIndex }) => minimumIndex)), most: classes.reduce((sum, { entries }) => sum + entries, 0) };
}

function withinExcuse(outcome: EntriesVerified, { most }: Excused): EntriesVerified {
  if (outcome.absent <= most) return outcome;
  const message = `${outcome.absent} entries are absent, and the log has signed that ${most} were pruned: others were taken with them.`;
  return { ...outcome, faults: [...outcome.faults, { fault: 'missing', message }] };
}

async function verifyEntryFile(request: VerifyRequest, heads: readonly TreeHead[], opened: readonly OpenedCheckpoint[]): Promise<VerifyReport> {
  const claim = opened.at(-1);
  if (claim === undefined)
    throw new VerifyTargetFault(
      `${basename(request.path)} is no evidence pack, which would be a zip file. As a file of entries it is compared with checkpoints: give at least one with --checkpoint.`,
    );
  if (claim.cosignatures.length < request.policy.leastCosignatures)
    return refused(request, 'entries', [untrustedFault(new LogFault('too-few-cosignatures', 'Too few'), 'The newest checkpoint')]);
  let excused: Excused;
  try {
    excused = readRetention(request.retention, request.policy, claim.checkpoint.size);
  } catch (error) {
    return refused(request, 'entries', [untrustedFault(error, 'The statement of retention')]);
  }
  const { path, framing, threads, tiles } = request;
  return reported(request, 'entries', claim, withinExcuse(await verifyFile({ path, framing, heads, threads, tiles, absentBelow: excused.below }), excused));
}

async function verifyTiles(request: VerifyRequest, opened: readonly OpenedCheckpoint[]): Promise<VerifyReport> {
  const at = (name: string): Promise<Buffer | undefined> => readFile(join(request.path, name)).catch(() => undefined);
  const note = await at(PACK_FILES.checkpoint);
  if (note === undefined) throw new VerifyTargetFault(`There is no file ${PACK_FILES.checkpoint} in ${basename(request.path)}: this is no log in the layout of tlog-tiles.`);
  let own: OpenedCheckpoint;
  let excused: Excused;
  try {
    own = openCheckpoint(note, request.policy);
  } catch (error) {
    return refused(request, 'folder', [untrustedFault(error, 'The checkpoint of the folder', PACK_FILES.checkpoint)]);
  }
  try {
    excused = readRetention(request.retention ?? (await at(PACK_FILES.retention)), request.policy, own.checkpoint.size);
  } catch (error) {
    return refused(request, 'folder', [untrustedFault(error, 'The statement of retention', PACK_FILES.retention)]);
  }
  // Opened once more together: so that one of the same size is the same, or a split is seen.
  const all = openHeads([...request.checkpoints, { file: PACK_FILES.checkpoint, note }], request.policy);
  if (all.faults.length > 0) return refused(request, 'folder', all.faults);
  const { size } = own.checkpoint;
  const outcome = withinExcuse(await verifyFolder({ folder: request.path, size, heads: all.heads, threads: request.threads, absentBelow: excused.below }), excused);
  return reported(request, 'folder', own, {
    ...outcome,
    compared: outcome.compared.filter((head) => head.size !== size || opened.some(({ checkpoint }) => checkpoint.size === size)),
  });
}
