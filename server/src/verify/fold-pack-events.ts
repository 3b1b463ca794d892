import { type Derivation, recordOfBytes } from '../evidence/pack/derivations.ts';
import { PACK_FILES } from '../evidence/pack/pack-contents.ts';
import type { OpenPack } from '../evidence/pack/read-pack.ts';
import { readLines } from '../transparency/entry-stream.ts';
import { LogFault } from '../transparency/log-fault.ts';
import { leafHash } from '../transparency/merkle-hash.ts';
import { type RangeProof, RangeProofFold } from '../transparency/range-proof.ts';
import { DerivedFile } from './derived-file.ts';
import type { VerifyFault } from './verify-report.ts';
import type { WatchedHeads } from './watched-heads.ts';

export interface PackEventsFolded {
  readonly entries: number;
  /** Undefined where entries and proof do not even fit each other. */
  readonly root?: Buffer;
  readonly faults: readonly VerifyFault[];
  /** Hashes of the policies that events name. */
  readonly policies: ReadonlySet<string>;
  readonly derived: readonly { readonly file: string; readonly differsAt: number | undefined }[];
}

/** Reads the events of a pack once: hashes them under the proof, and derives again what was derived from them. */
export async function foldPackEvents(pack: OpenPack, proof: RangeProof, heads: WatchedHeads, derivations: readonly Derivation[]): Promise<PackEventsFolded> {
  const files = derivations.map((derivation) => new DerivedFile(pack, derivation));
  const policies = new Set<string>();
  const faults: VerifyFault[] = [];
  let entries = 0;
  let root: Buffer | undefined;
  const bad = (fault: VerifyFault['fault'], message: string, place?: number): void => {
    const index = place === undefined ? undefined : proof.indexes[place];
    faults.push({ fault, file: PACK_FILES.events, message, ...(index !== undefined && { firstBad: { begin: index, end: index + 1 } }) });
  };
  try {
    const fold = new RangeProofFold(proof);
    for (const file of files) await file.begin();
    for await (const batch of readLines(pack.read(PACK_FILES.events)))
      for (const entry of batch) {
        if (entries === proof.indexes.length) throw new SurplusEvent();
        fold.disclose(leafHash(entry), (tree) => heads.pass(tree));
        await derive(entry, files, policies, () => bad('unreadable', 'An event is not in its format.', entries));
        entries += 1;
      }
    if (entries < proof.indexes.length) bad('missing', 'There are fewer events than the proof names.');
    else root = fold.finish((tree) => heads.pass(tree));
  } catch (error) {
    if (error instanceof SurplusEvent) bad('surplus', 'There are more events than the proof names.');
    else if (error instanceof LogFault && (error.reason === 'malformed-entries' || error.reason === 'entry-too-large'))
      bad('unreadable', 'The file breaks off within an event, or one is too large.', entries);
    else if (error instanceof LogFault) faults.push({ fault: 'altered', file: PACK_FILES.proof, message: 'The proof has not the hashes that its selection asks for.' });
    else throw error;
  }
  for (const file of files) await file.finish();
  return { entries, ...(root && { root }), faults, policies, derived: files.map(({ derivation, differsAt }) => ({ file: derivation.file, differsAt })) };
}

class SurplusEvent extends Error {}

async function derive(entry: Uint8Array, files: readonly DerivedFile[], policies: Set<string>, unreadable: () => void): Promise<void> {
  const texts: string[] = [];
  try {
    const record = recordOfBytes(entry);
    for (const { derivation } of files) texts.push(derivation.of(record));
    if (typeof record.policyVersion === 'string') policies.add(record.policyVersion);
  } catch {
    // Whatever a forged event breaks in here, it is the event that cannot be read.
    unreadable();
    return;
  }
  for (const [place, file] of files.entries()) await file.append(texts[place] ?? '');
}
