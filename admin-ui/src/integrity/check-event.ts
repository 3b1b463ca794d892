import { fromBase64, hashFrom, isSignedBy, MalformedProof, parseCheckpoint, parseNote, type Checkpoint, type SignedNote, type VerifierKey } from './signed-note.ts';
import { leafHash, rootOf, sameBytes } from './tree-path.ts';

/** What the gateway answers at `/log/proof/inclusion` as JSON. */
export interface InclusionProof {
  readonly index: number;
  readonly leafHash: string;
  readonly hashes: readonly string[];
  readonly checkpoint: string;
  /** The event's canonical bytes as text; null where not every part of it is this viewer's to read. */
  readonly entry: string | null;
}

/** What a page shows of an event, by the names of the canonical form; null where it shows none. */
export type ShownFacts = Readonly<Record<string, string | null>>;

/** `open`: could not be looked at, and nothing was found wrong. */
export type Verdict = 'good' | 'bad' | 'open';

export interface EventCheck {
  /** Bad if anything is; good only where the path and a signature were checked. */
  readonly verdict: Verdict;
  readonly index: number;
  readonly checkpoint: Checkpoint | null;
  /** The bytes give the hash that stands in the tree. */
  readonly bytes: Verdict;
  /** What the page shows is what the bytes say. */
  readonly facts: Verdict;
  /** Names of facts that differ. */
  readonly differing: readonly string[];
  /** The path leads from the hash to the signed root. */
  readonly path: Verdict;
  readonly signature: Verdict;
  /** Whether the key came from elsewhere than the gateway. */
  readonly pinned: boolean;
  /** Name of the key that signed. */
  readonly signedBy: string | null;
  /** Witnesses whose signature was checked against a pinned key, and others that say to have signed. */
  readonly witnesses: { readonly checked: readonly string[]; readonly unchecked: readonly string[] };
}

export interface KnownKeys {
  /** From the gateway itself. */
  readonly served: readonly VerifierKey[];
  /** That this person got by another way, of the log or of witnesses. */
  readonly pinned: readonly VerifierKey[];
}

const sameTime = (one: string, other: string): boolean => one === other || Math.floor(Date.parse(one)) === Math.floor(Date.parse(other));

/** Whether two JSON values are the same; the order of members means nothing. */
function sameJson(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return one === other;
  const [mine, yours] = [one as Readonly<Record<string, unknown>>, other as Readonly<Record<string, unknown>>];
  const names = Object.keys(mine);
  return (
    Array.isArray(one) === Array.isArray(other) &&
    names.length === Object.keys(yours).length &&
    names.every((name) => Object.hasOwn(yours, name) && sameJson(mine[name], yours[name]))
  );
}

/** Whether a fact is the same thing in the spelling of the page and of the canonical form. */
function isSame(name: string, shown: string, stated: unknown): boolean {
  if (typeof stated === 'string') {
    if (name === 'time') return sameTime(shown, stated);
    if (name === 'id' || name === 'correlationId') return shown.toLowerCase() === stated.toLowerCase();
    // As GraphQL spells the values of a closed set: `public-api` is PUBLIC_API there.
    if (name === 'outcome' || name === 'surface') return shown.toLowerCase().replaceAll('_', '-') === stated;
    return shown === stated;
  }
  if (stated === undefined || stated === null) return false;
  try {
    return sameJson(JSON.parse(shown), stated);
  } catch {
    return false;
  }
}

type Members = Readonly<Record<string, unknown>>;

/** `before.x` and `after.x` are members of a member; the rest stands at the top. */
function statedBy(entry: Members, name: string): unknown {
  const [side, field] = name.startsWith('before.') ? ['before', name.slice(7)] : name.startsWith('after.') ? ['after', name.slice(6)] : [null, name];
  return side === null ? entry[field] : (entry[side] as Members | undefined)?.[field];
}

/** Names of the facts in which a page and the canonical text differ: another value, or one where the other has none. */
function differences(shown: ShownFacts, entry: string): readonly string[] {
  const stated = JSON.parse(entry) as Members;
  return Object.entries(shown).flatMap(([name, value]) => {
    const other = statedBy(stated, name);
    return (value === null ? other === undefined || other === null : isSame(name, value, other)) ? [] : [name];
  });
}

export interface Signatures {
  readonly signature: Verdict;
  readonly pinned: boolean;
  readonly signedBy: string | null;
  readonly witnesses: EventCheck['witnesses'];
}

/** A pinned key of the log takes the place of the gateway's own: it alone decides. One bad signature of a key that is believed spoils all. */
export async function checkSignatures({ text, signatures }: SignedNote, { served, pinned }: KnownKeys): Promise<Signatures> {
  const pinnedLog = pinned.filter((key) => key.type === 'ed25519');
  const believed = pinnedLog.length > 0 ? pinnedLog : served.filter((key) => key.type === 'ed25519');
  const witnessKeys = pinned.filter((key) => key.type === 'cosignature');
  const own = new Set(served.map(({ name }) => name));
  const [signedBy, checked, unchecked]: [string[], string[], string[]] = [[], [], []];
  let [isBad, isUnsupported] = [false, false];
  for (const line of signatures) {
    const key = [...believed, ...witnessKeys].find(({ name, keyId }) => name === line.name && keyId === line.keyId);
    if (!key) {
      if (!own.has(line.name)) unchecked.push(line.name);
      continue;
    }
    const result = await isSignedBy(key, text, line);
    if (result === null) isUnsupported = true;
    else if (!result) isBad = true;
    else (key.type === 'cosignature' ? checked : signedBy).push(key.name);
  }
  const signature = isBad || (signedBy.length === 0 && !isUnsupported) ? 'bad' : isUnsupported ? 'open' : 'good';
  return { signature, pinned: pinnedLog.length > 0, signedBy: signedBy[0] ?? null, witnesses: { checked, unchecked } };
}

const NOTHING: Signatures = { signature: 'bad', pinned: false, signedBy: null, witnesses: { checked: [], unchecked: [] } };

/**
 * Checks in this browser that an event is what the log holds: its bytes give the leaf, the leaf leads to the root, the root is signed.
 * The gateway computes nothing of it. It never throws for a proof that is wrong: that is what it is there to say.
 */
export async function checkEvent(proof: InclusionProof, shown: ShownFacts, keys: KnownKeys): Promise<EventCheck> {
  let bytes: Verdict = 'open';
  let facts: Verdict = 'open';
  let path: Verdict = 'bad';
  let differing: readonly string[] = [];
  let checkpoint: Checkpoint | null = null;
  let signatures = NOTHING;
  try {
    const claimed = hashFrom(proof.leafHash);
    if (proof.entry !== null) {
      bytes = sameBytes(await leafHash(new TextEncoder().encode(proof.entry)), claimed) ? 'good' : 'bad';
      differing = differences(shown, proof.entry);
      facts = differing.length === 0 ? 'good' : 'bad';
    }
    const note = parseNote(proof.checkpoint);
    checkpoint = parseCheckpoint(note.text);
    signatures = await checkSignatures(note, keys);
    const root = await rootOf(claimed, proof.index, checkpoint.size, proof.hashes.map(hashFrom));
    path = sameBytes(root, checkpoint.root) ? 'good' : 'bad';
  } catch (fault) {
    if (!(fault instanceof MalformedProof) && !(fault instanceof SyntaxError)) throw fault;
  }
  const all = [bytes, facts, path, signatures.signature];
  const verdict: Verdict = all.includes('bad') ? 'bad' : path === 'good' && signatures.signature === 'good' ? 'good' : 'open';
  return { verdict, index: proof.index, checkpoint, bytes, facts, differing, path, ...signatures };
}

/** The proof as a file that other tools read (C2SP tlog-proof). @throws {MalformedProof} */
export function proofText({ index, hashes, checkpoint }: InclusionProof): string {
  for (const hash of hashes) fromBase64(hash);
  return ['c2sp.org/tlog-proof@v1', `index ${index}`, ...hashes, '', checkpoint].join('\n');
}
