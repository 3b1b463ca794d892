import { kyselyOn } from '@sallyport/server/db/connect.ts';
import { createLogSigner } from '@sallyport/server/integrity/log-keys.ts';
import { signHead } from '@sallyport/server/integrity/sign-checkpoint.ts';
import { generateSignerKey } from '@sallyport/server/transparency/note-key.ts';
import { parseNote, signNote } from '@sallyport/server/transparency/note.ts';
import { cutTail, forgeCanonical, rebuildTree, rehashLeaves } from './forge.ts';
import { sealAndSign, writeRound } from './grow-log.ts';
import type { Expectation, Kind, Tampering } from './kind.ts';

/** Signs whatever stands in the database, with the log's own key. */
async function signAsThief({ attacker, log }: Tampering): Promise<void> {
  const signed = await signHead(kyselyOn(attacker), createLogSigner(log.stolen));
  if (signed === null) throw new Error('The thief found nothing to sign');
}

const deleteTail = async ({ attacker, place, form }: Tampering): Promise<Expectation> => {
  await cutTail(attacker, place);
  if (form === 1) await rebuildTree(attacker);
  return { firstBad: place };
};

/** Back to a state that was signed: the database fits together, with every signature its own. */
const deleteAfterCheckpoint = async ({ attacker, log, place }: Tampering): Promise<Expectation> => {
  const [smallest = 0] = log.signedSizes;
  const size = log.signedSizes.findLast((signed) => signed <= place) ?? smallest;
  await cutTail(attacker, size);
  await attacker.query('delete from audit.checkpoint where size > $1', [size]);
  await rebuildTree(attacker);
  return { firstBad: size, needsOutside: true };
};

/** Another history from here on, every hash correct, signed with the stolen key; in the careful form of the very size that was witnessed. */
const rewriteTail = async (tampering: Tampering): Promise<Expectation> => {
  const { attacker, log, place, form } = tampering;
  if (form === 1) await cutTail(attacker, log.witnessedSize);
  const { rows } = await attacker.query<{ id: string; canonical: Buffer }>(
    'select event.id, event.canonical from audit.leaf leaf join audit.event event on event.id = leaf.event_id and event.time = leaf.time where leaf.log_index >= $1',
    [place],
  );
  await attacker.query(
    `update audit.event set actor_name = 'Somebody else', canonical = forged.canonical from unnest($1::uuid[], $2::bytea[]) as forged(id, canonical) where event.id = forged.id`,
    [rows.map(({ id }) => id), rows.map(({ canonical }) => forgeCanonical(canonical, { actorName: 'Somebody else' }))],
  );
  await rehashLeaves(attacker, place);
  await rebuildTree(attacker);
  await attacker.query('delete from audit.checkpoint where size > $1', [place]);
  await signAsThief(tampering);
  // Two roots for one size say that somebody lied, and of which entry they need not.
  return { ...(form === 0 ? { firstBad: place } : {}), needsOutside: true };
};

/** Yesterday's copy as it was; in the careful form the log goes on from there, and outgrows what was witnessed, under the log's own key. */
const restoreBackup = async ({ attacker, log, turn, form }: Tampering): Promise<Expectation> => {
  const backup = log.backups[turn % log.backups.length];
  if (form === 1) {
    const db = kyselyOn(attacker);
    for (let size = backup?.size ?? 0, round = 10_000; size <= log.witnessedSize; round += 1) {
      await writeRound(db, round);
      size = (await sealAndSign(db, createLogSigner(log.stolen))).size;
    }
  }
  return { ...(backup ? { firstBad: backup.size } : {}), needsOutside: true };
};

const blankHead = async ({ attacker, form }: Tampering): Promise<Expectation> => {
  if (form === 0) await attacker.query("update audit.log_head set size = 0, root = sha256(''::bytea), edge = ''::bytea");
  else await attacker.query('delete from audit.log_head');
  return {};
};

const NEWEST = 'size = (select max(size) from audit.checkpoint)';

/** An older checkpoint, truly signed, in the place of the newest. */
const bringBackOldest = ({ attacker, log }: Tampering): Promise<unknown> =>
  attacker.query(`update audit.checkpoint set note = older.note from audit.checkpoint older where older.size = $1 and checkpoint.${NEWEST}`, [log.signedSizes[0]]);

const CHECKPOINT_CHANGES: readonly ((tampering: Tampering) => Promise<unknown>)[] = [
  ({ attacker }) => attacker.query('delete from audit.checkpoint'),
  ({ attacker, log }) => attacker.query(`update audit.checkpoint set size = size - 9, note = replace(note, $1, $2) where ${NEWEST}`, [`\n${log.size}\n`, `\n${log.size - 9}\n`]),
  ({ attacker }) => attacker.query(`update audit.checkpoint set root = sha256(root), note = replace(note, encode(root, 'base64'), encode(sha256(root), 'base64')) where ${NEWEST}`),
  ({ attacker, log }) => attacker.query(`update audit.checkpoint set note = replace(note, $1, $1 || '/other') where ${NEWEST}`, [log.trust.origin]),
  bringBackOldest,
  // Signed by somebody who calls himself like the log.
  async ({ attacker, log }) => {
    const { rows } = await attacker.query<{ note: string }>(`select note from audit.checkpoint where ${NEWEST}`);
    const { text } = parseNote(rows[0]?.note ?? '');
    await attacker.query(`update audit.checkpoint set note = $1 where ${NEWEST}`, [signNote({ text, signatures: [] }, [generateSignerKey(log.trust.origin)], 0)]);
  },
];

const changeCheckpoints = async (tampering: Tampering): Promise<Expectation> => {
  const change = CHECKPOINT_CHANGES[tampering.turn % CHECKPOINT_CHANGES.length];
  await change?.(tampering);
  // To somebody who kept nothing, an older checkpoint that was truly signed is simply an earlier export.
  return change === bringBackOldest ? { needsOutside: true } : {};
};

/** Attacks on the tree and on what was signed of it. */
export const KINDS_OF_TREE: readonly Kind[] = [
  { name: 'delete tail', tamper: deleteTail },
  { name: 'delete all after a checkpoint', tamper: deleteAfterCheckpoint },
  { name: 'rewrite whole tail', tamper: rewriteTail },
  { name: 'restore old backup', source: (log, turn) => log.backups[turn % log.backups.length]?.database ?? log.database, tamper: restoreBackup },
  { name: 'blank the head', tamper: blankHead },
  { name: 'change the checkpoint table', isOfSignatures: true, tamper: changeCheckpoints },
];
