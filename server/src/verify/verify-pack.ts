import { createHash, hash } from 'node:crypto';
import { DERIVATIONS } from '../evidence/pack/derivations.ts';
import { evidenceText, type Manifest, parseManifest } from '../evidence/pack/manifest.ts';
import { PACK_FILES, policyFile } from '../evidence/pack/pack-contents.ts';
import { parseRangeProof } from '../evidence/pack/proof-file.ts';
import { openPack, type OpenPack, PackFault } from '../evidence/pack/read-pack.ts';
import { checkConsistency, type TreeHead } from '../transparency/consistency-proof.ts';
import { LogFault } from '../transparency/log-fault.ts';
import { openCheckpoint, type OpenedCheckpoint, type TrustPolicy } from '../transparency/open-checkpoint.ts';
import { type RangeProof, withheldRuns } from '../transparency/range-proof.ts';
import { parseRetentionStatement } from '../transparency/retention-statement.ts';
import { foldPackEvents, type PackEventsFolded } from './fold-pack-events.ts';
import { openStatement, trustedCheckpoint, untrustedFault } from './trust.ts';
import { rangeText, type VerifyFault, type VerifyReport } from './verify-report.ts';
import { WatchedHeads } from './watched-heads.ts';

export interface PackToVerify {
  readonly path: string;
  readonly policy: TrustPolicy;
  /** Heads that the caller trusts, ascending by size, no size twice. */
  readonly heads: readonly TreeHead[];
  /** A consistency proof between the pack's checkpoint and the one head of the caller. */
  readonly consistency?: readonly Buffer[] | undefined;
}

/** Verifies an evidence pack against pinned keys: its checkpoint, its manifest, every file, every event. */
export async function verifyPack({ path, policy, heads, consistency }: PackToVerify): Promise<VerifyReport> {
  const base = { kind: 'pack', origin: policy.origin, comparedWith: [], entries: 0, absent: 0, notes: [] } as const;
  try {
    const pack = await openPack(path);
    try {
      return await new PackCheck(pack, policy, heads, consistency).run();
    } finally {
      pack.close();
    }
  } catch (error) {
    if (!(error instanceof PackFault)) throw error;
    return { ...base, intact: false, faults: [{ fault: 'unreadable', ...(error.file !== undefined && { file: error.file }), message: `${error.message}.` }] };
  }
}

class PackCheck {
  readonly #pack: OpenPack;
  readonly #policy: TrustPolicy;
  readonly #heads: readonly TreeHead[];
  readonly #consistency: readonly Buffer[] | undefined;
  readonly #faults: VerifyFault[] = [];
  readonly #notes: string[] = [];

  constructor(pack: OpenPack, policy: TrustPolicy, heads: readonly TreeHead[], consistency: readonly Buffer[] | undefined) {
    this.#pack = pack;
    this.#policy = policy;
    this.#heads = heads;
    this.#consistency = consistency;
  }

  async run(): Promise<VerifyReport> {
    const opened = await this.#openCheckpoint();
    const manifest = await this.#openManifest(opened);
    if (manifest !== undefined) await this.#compareFiles(manifest);
    await this.#openRetention(opened);
    const proof = await this.#openProof(opened, manifest);
    const folded = proof && (await this.#compareEvents(proof, opened, manifest));
    const withheld = proof ? withheldRuns(proof) : [];
    return {
      intact: this.#faults.length === 0,
      kind: 'pack',
      origin: this.#policy.origin,
      ...(opened && { checkpoint: trustedCheckpoint(opened) }),
      comparedWith: folded?.compared ?? [],
      entries: folded?.entries ?? 0,
      absent: 0,
      ...(proof && { selection: { begin: proof.begin, end: proof.end, disclosed: proof.indexes.length, withheld } }),
      faults: this.#faults,
      notes: this.#notes,
    };
  }

  async #openCheckpoint(): Promise<OpenedCheckpoint | undefined> {
    try {
      return openCheckpoint(await this.#pack.readWhole(PACK_FILES.checkpoint), this.#policy);
    } catch (error) {
      this.#faults.push(untrustedFault(error, 'The checkpoint', PACK_FILES.checkpoint));
      this.#notes.push(
        'A log that lost events, as when an old backup was put back, goes on under a longer name that ends in /gap/1 and so on, with a key of its own. Ask whether that happened.',
      );
      return undefined;
    }
  }

  async #openManifest(opened: OpenedCheckpoint | undefined): Promise<Manifest | undefined> {
    const bytes = await this.#pack.readWhole(PACK_FILES.manifest);
    const manifest = parseManifest(bytes);
    if (manifest === null) {
      this.#faults.push({ fault: 'unreadable', file: PACK_FILES.manifest, message: 'The manifest is not in its format, or of a later one.' });
      return undefined;
    }
    try {
      const text = openStatement(await this.#pack.readWhole(PACK_FILES.manifestNote), this.#policy, manifest.size);
      if (text !== evidenceText(this.#policy.origin, bytes))
        this.#faults.push({ fault: 'altered', file: PACK_FILES.manifest, message: 'The signature is over another manifest than this one, or in the name of another log.' });
    } catch (error) {
      this.#faults.push(untrustedFault(error, 'The note over the manifest', PACK_FILES.manifestNote));
    }
    if (manifest.origin !== this.#policy.origin || (opened && opened.checkpoint.size !== manifest.size))
      this.#faults.push({ fault: 'altered', file: PACK_FILES.manifest, message: 'The manifest is about another log than the one you named, or another checkpoint.' });
    return manifest;
  }

  /** Every file is named in the manifest, with the SHA-256 that it has, and every name has its file. */
  async #compareFiles({ files }: Manifest): Promise<void> {
    const present = this.#pack.names.filter((name) => name !== PACK_FILES.manifest && name !== PACK_FILES.manifestNote);
    for (const file of Object.keys(files)) if (!present.includes(file)) this.#faults.push({ fault: 'missing', file, message: 'The manifest names a file that is not there.' });
    for (const file of present) {
      const digest = createHash('sha256');
      for await (const piece of this.#pack.read(file)) digest.update(piece);
      if (!Object.hasOwn(files, file)) this.#faults.push({ fault: 'surplus', file, message: 'The manifest does not name the file.' });
      else if (files[file] !== digest.digest('hex'))
        this.#faults.push({ fault: 'altered', file, message: 'The file was changed: its SHA-256 is not the one that the signed manifest names.' });
    }
  }

  async #openRetention(opened: OpenedCheckpoint | undefined): Promise<void> {
    if (!this.#pack.names.includes(PACK_FILES.retention)) return;
    try {
      const text = openStatement(await this.#pack.readWhole(PACK_FILES.retention), this.#policy, opened?.checkpoint.size ?? 0);
      for (const { retention, minimumIndex, prunedBefore, entries } of parseRetentionStatement(text, this.#policy.origin).classes)
        this.#notes.push(
          `${entries} events of class ${retention} below index ${minimumIndex} that were made before ${prunedBefore} have been deleted by the log's rules of retention.`,
        );
    } catch (error) {
      this.#faults.push(untrustedFault(error, 'The statement of retention', PACK_FILES.retention));
    }
  }

  async #openProof(opened: OpenedCheckpoint | undefined, manifest: Manifest | undefined): Promise<RangeProof | undefined> {
    try {
      const proof = parseRangeProof(await this.#pack.readWhole(PACK_FILES.proof));
      withheldRuns(proof);
      const differs =
        (manifest && (manifest.begin !== proof.begin || manifest.end !== proof.end || manifest.disclosed !== proof.indexes.length)) ||
        (opened && opened.checkpoint.size !== proof.size);
      if (differs) this.#faults.push({ fault: 'altered', file: PACK_FILES.proof, message: 'The proof is about another selection or another checkpoint.' });
      return proof;
    } catch (error) {
      if (!(error instanceof LogFault)) throw error;
      this.#faults.push({ fault: 'unreadable', file: PACK_FILES.proof, message: 'The proof is not in its format.' });
      return undefined;
    }
  }

  async #compareEvents(
    proof: RangeProof,
    opened: OpenedCheckpoint | undefined,
    manifest: Manifest | undefined,
  ): Promise<{ readonly entries: number; readonly compared: readonly number[] }> {
    const derivations = DERIVATIONS.filter(({ file, version }) => {
      const isOurs = manifest === undefined || manifest.derived[file] === version;
      if (!isOurs) this.#notes.push(`${file} was made by other rules than this program's and was not derived again; only the signature speaks for it.`);
      return isOurs;
    });
    const watched = new WatchedHeads(this.#heads.filter(({ size }) => size <= proof.size));
    const folded = await foldPackEvents(this.#pack, proof, watched, derivations);
    const isRight = opened !== undefined && folded.root?.equals(opened.checkpoint.root) === true;
    this.#faults.push(...folded.faults);
    this.#notes.push(...folded.times.notes());
    for (const { file, differsAt } of folded.derived) if (differsAt !== undefined) this.#derivedFault(file, differsAt, proof, isRight);
    if (folded.root !== undefined && opened !== undefined && !isRight) this.#eventsFault(folded, proof);
    await this.#comparePolicies(folded.policies);
    const compared = opened === undefined ? [] : isRight ? this.#compareHeads(opened.checkpoint, watched) : [];
    return { entries: folded.entries, compared };
  }

  #derivedFault(file: string, place: number, { indexes }: RangeProof, isRight: boolean): void {
    const index = indexes[place];
    const at = index === undefined ? {} : { firstBad: { begin: index, end: index + 1 } };
    const where = index === undefined ? 'behind the last event' : `first for ${rangeText({ begin: index, end: index + 1 })}`;
    this.#faults.push({ fault: 'altered', file, ...at, message: `The file does not say what the events say, ${where}${isRight ? '; the events are as they were signed' : ''}.` });
  }

  #eventsFault({ derived }: PackEventsFolded, { begin, end, indexes }: RangeProof): void {
    const places = derived.flatMap(({ differsAt }) => (differsAt === undefined ? [] : [differsAt]));
    const hint = indexes[Math.min(...places)];
    const firstBad = indexes.length === 0 ? { begin, end } : { begin: indexes[0] ?? begin, end: (indexes.at(-1) ?? end - 1) + 1 };
    const guess = hint === undefined ? '' : ` The derived files differ from it first at entry ${hint}.`;
    this.#faults.push({
      fault: 'altered',
      file: PACK_FILES.events,
      firstBad,
      message: `Events and proof do not lead to the root of the checkpoint: an event was changed, moved, inserted or dropped, or the proof was. The first bad one is one of ${rangeText(firstBad)}.${guess}`,
    });
  }

  /** The policy in force is shown for every event, by its own hash. */
  async #comparePolicies(named: ReadonlySet<string>): Promise<void> {
    for (const policy of named)
      if (!this.#pack.names.includes(policyFile(policy)))
        this.#faults.push({ fault: 'missing', file: PACK_FILES.events, message: 'An event names a policy that is not in the pack.' });
    for (const file of this.#pack.names.filter((name) => name.startsWith('policies/')))
      if (policyFile(hash('sha256', await this.#pack.readWhole(file))) !== file)
        this.#faults.push({ fault: 'altered', file, message: 'The policy is not the one that its name says.' });
  }

  /** Whether the pack's checkpoint continues the caller's earlier ones, and is continued by later ones. */
  #compareHeads(own: TreeHead, watched: WatchedHeads): readonly number[] {
    const compared: number[] = [];
    for (const head of this.#heads) {
      const [older, newer] = head.size <= own.size ? [head, own] : [own, head];
      try {
        if (watched.agreed.includes(head) || older.size === 0) {
          compared.push(head.size);
        } else if (head.size === own.size) {
          this.#faults.push({ fault: 'split', message: `Two checkpoints of ${own.size} entries, both signed, have different roots: the log showed two histories.` });
        } else if (watched.denied.includes(head)) {
          throw new LogFault('root-mismatch', 'The trees differ');
        } else if (this.#consistency !== undefined) {
          checkConsistency(older, newer, this.#consistency);
          compared.push(head.size);
        } else {
          this.#faults.push({
            fault: 'undecided',
            message: `The pack does not show whether its log continues the checkpoint of ${head.size} entries. Ask the log for the consistency proof from ${older.size} to ${newer.size} and give it with --consistency.`,
          });
        }
      } catch (error) {
        if (!(error instanceof LogFault)) throw error;
        this.#faults.push({
          fault: 'rewritten',
          message: `It is not shown that the log of ${newer.size} entries begins with the one of ${older.size}: the log was rewritten, or the proof is a wrong one.`,
        });
      }
    }
    return compared;
  }
}
