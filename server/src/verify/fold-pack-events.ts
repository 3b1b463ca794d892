import { type Derivation, type DisclosedEvent, recordOfBytes } from '../evidence/pack/derivations.ts';
import { PACK_FILES } from '../evidence/pack/pack-contents.ts';
import type { OpenPack } from '../evidence/pack/read-pack.ts';
import { readLines } from '../transparency/entry-stream.ts';
import { LogFault } from '../transparency/log-fault.ts';
import { leafHash } from '../transparency/merkle-hash.ts';
import { type RangeProof, RangeProofFold } from '../transparency/range-proof.ts';
import { DerivedFile } from './derived-file.ts';
import { EntryTimes } from './entry-times.ts';
import type { VerifyFault } from './verify-report.ts';
import type { WatchedHeads } from './watched-heads.ts';

export interface PackEventsFolded {
  readonly entries: number;
  /** Undefined where entries and proof do not even fit each other. */
  readonly root?: Buffer;
  readonly faults: readonly VerifyFault[];
  /** Hashes of the policies that events name. */
  readonly policies: ReadonlySet<string>;
  readonly times: EntryTimes;
  readonly derived: readonly { readonly file: string; readonly differsAt: number | undefined }[];
}

/** Reads the events of a pack once: hashes them under the proof, and derives again what was derived from them. */
export async function foldPackEvents(pack: OpenPack, proof: RangeProof, heads: WatchedHeads, derivations: readonly Derivation[]): Promise<PackEventsFolded> {
  const files = derivations.map((derivation) => new DerivedFile(pack, derivation));
  const policies = new Set<string>();
  const faults: VerifyFault[] = [];
  const times = new EntryTimes();
  let entries = 0;
  let root: Buffer | undefined;
  const bad = (fault: VerifyFault['fault'], message: string, place?: number): void => {
    const index = place === undefined ? undefined : proof.indexes[place];
    faults.push({ fault, file: PACK_FILES.events, message, ...(index !== undefined && { firstBad: { begin: index, end: index + 1 } }) });
  };
  try {
    const fold = new RangeProofFold(proof);
    for (const file of files) await file.begin();
    for await (const batch of readLines(pack.read(PACK_FILES.events))) {
      const first = entries;
      let end: unknown;
      try {
        for (const entry of batch) {
          if (entries === proof.indexes.length) throw new SurplusEvent();
          fold.disclose(leafHash(entry), (tree) => heads.pass(tree));
          times.pass(proof.indexes[entries] ?? entries, Buffer.from(entry.buffer, entry.byteOffset, entry.length));
          entries += 1;
        }
      } catch (error) {
        end = error;
      }
      await derive(batch.slice(0, entries - first), files, policies, (place) => bad('unreadable', 'An event is not in its format.', first + place));
      if (end !== undefined) throw end;
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
  return { entries, ...(root && { root }), faults, policies, times, derived: files.map(({ derivation, differsAt }) => ({ file: derivation.file, differsAt })) };
}

class SurplusEvent extends Error {}

/** Derives again what the files say of these events, all at once; one by one where one of them cannot be read. */
async function derive(entries: readonly Uint8Array[], files: readonly DerivedFile[], policies: Set<string>, unreadable: (place: number) => void): Promise<void> {
  const tell = async ({ events, texts }: Derived): Promise<void> => {
    for (const { record } of events) if (typeof record.policyVersion === 'string') policies.add(record.policyVersion);
    for (const [file, text] of texts) await file.append(events, text);
  };
  const whole = derivedOf(entries, files);
  if (whole !== null) return tell(whole);
  for (const [place, entry] of entries.entries()) {
    const derived = derivedOf([entry], files);
    if (derived === null) unreadable(place);
    else await tell(derived);
  }
}

interface Derived {
  readonly events: readonly DisclosedEvent[];
  readonly texts: ReadonlyMap<DerivedFile, string>;
}

/** Null where an event is in no format: whatever a forged one breaks in here, it is the event that cannot be read. */
function derivedOf(entries: readonly Uint8Array[], files: readonly DerivedFile[]): Derived | null {
  try {
    const events = entries.map((bytes): DisclosedEvent => ({ record: recordOfBytes(bytes), bytes }));
    return { events, texts: new Map(files.map((file) => [file, file.derivation.of(events)])) };
  } catch {
    return null;
  }
}
