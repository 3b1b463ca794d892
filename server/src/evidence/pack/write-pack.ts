import { createHash, hash } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { canonicalJson } from '../../audit/canonical-json.ts';
import { parseCheckpoint } from '../../transparency/checkpoint.ts';
import type { EntryStream } from '../../transparency/entry-stream.ts';
import { leafHash, sameHash } from '../../transparency/merkle-hash.ts';
import { parseNote } from '../../transparency/note.ts';
import { RangeProofFold } from '../../transparency/range-proof.ts';
import { DERIVATIONS, type Derivation, type DisclosedEvent, recordOfBytes } from './derivations.ts';
import { evidenceText, printManifest } from './manifest.ts';
import { PACK_FILES, PACK_FORMAT, type PackContents, policyFile, type Rows, type SignNote } from './pack-contents.ts';
import { printRangeProof } from './proof-file.ts';
import { readmeText } from './readme-text.ts';

/** The contents do not fit together: a fault of whoever made them, so no pack comes of it. */
export class PackContentsFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PackContentsFault';
  }
}

type Pieces = AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;

/** Bytes that are gathered before they are handed on: small pieces cost more than they hold. */
const GATHERED = 64 * 1024;

/**
 * Writes an evidence pack as a zip file, in one pass and in memory that does not grow with the events (the proof apart). The
 * events are hashed against the checkpoint before anything is signed.
 * @param sign called once, after every other file, with the text over the manifest
 * @returns the zip file's bytes; it fails with `PackContentsFault` when the contents do not fit together, and with whatever their sources
 *   throw. A reader who lets go of it ends the sources too.
 */
export function writePack(contents: PackContents, sign: SignNote): Readable {
  const zip = new ZipFile();
  const output = new PassThrough();
  zip.on('error', (error: Error) => output.destroy(error));
  zip.outputStream.on('error', (error: Error) => output.destroy(error));
  zip.outputStream.pipe(output);
  const writer = new PackWriter(zip, contents);
  output.once('close', () => writer.stop());
  writer.write(sign).catch((error: unknown) => output.destroy(error instanceof Error ? error : new Error(String(error))));
  return output;
}

class PackWriter {
  readonly #zip: ZipFile;
  readonly #contents: PackContents;
  /** SHA-256 of the files so far, in the order written. */
  readonly #files: Record<string, string> = {};
  readonly #modified: Date;
  #source: Readable | undefined;
  #summary: Readable | undefined;
  #isStopped = false;

  constructor(zip: ZipFile, contents: PackContents) {
    this.#zip = zip;
    this.#contents = contents;
    this.#modified = new Date(contents.madeAt);
  }

  /** Ends the sources that are being read. */
  stop(): void {
    this.#isStopped = true;
    this.#source?.destroy();
    this.#summary?.destroy();
  }

  async write(sign: SignNote): Promise<void> {
    const { origin, selection, madeAt, madeBy, proof, checkpoint, policies, approvals, reviews, controls, summary, answers, retentionNote, keys } = this.#contents;
    const head = parseCheckpoint(parseNote(checkpoint).text);
    if (head.origin !== origin || head.size !== proof.size) throw new PackContentsFault('The checkpoint is not the one of the proof');
    this.#summary = readAhead(summary);
    await this.#add(PACK_FILES.readme, [readmeText(this.#contents)]);
    await this.#add(PACK_FILES.checkpoint, [checkpoint]);
    await this.#add(PACK_FILES.proof, printRangeProof(proof));
    await this.#add(PACK_FILES.events, this.#eventLines(head.root));
    for (const derivation of DERIVATIONS) await this.#add(derivation.file, this.#derived(derivation));
    for await (const policy of policies) {
      if (hash('sha256', policy.body) !== policy.hash) throw new PackContentsFault('A policy is not the one that its hash names');
      await this.#add(policyFile(policy.hash), [policy.body]);
    }
    await this.#add(PACK_FILES.approvals, linesOf(approvals));
    await this.#add(PACK_FILES.reviews, linesOf(reviews));
    await this.#add(PACK_FILES.controls, [controls]);
    await this.#add(PACK_FILES.summary, this.#summary);
    if (answers !== undefined) {
      await this.#add(PACK_FILES.answers, [answers.markdown]);
      await this.#add(PACK_FILES.answersData, [answers.json]);
    }
    if (retentionNote !== undefined) await this.#add(PACK_FILES.retention, [retentionNote]);
    await this.#add(PACK_FILES.keys, [keys.map((key) => `${key}\n`).join('')]);
    const { begin, end, indexes } = proof;
    const derived = Object.fromEntries(DERIVATIONS.map(({ file, version }) => [file, version]));
    const manifest = printManifest({
      format: PACK_FORMAT,
      origin,
      selection,
      madeAt,
      madeBy,
      size: head.size,
      begin,
      end,
      disclosed: indexes.length,
      derived,
      files: { ...this.#files },
    });
    const note = await sign(evidenceText(origin, Buffer.from(manifest)));
    await this.#add(PACK_FILES.manifest, [manifest]);
    await this.#add(PACK_FILES.manifestNote, [note]);
    this.#zip.end();
  }

  /** Adds a file and waits until it has been read to its end, so that one source is open at a time. */
  async #add(name: string, pieces: Pieces): Promise<void> {
    if (Object.hasOwn(this.#files, name)) throw new PackContentsFault('A file is there twice');
    if (this.#isStopped) throw new PackContentsFault('Nobody reads the pack any more');
    const digest = createHash('sha256');
    const source = Readable.from(hashed(pieces, digest), { objectMode: false });
    this.#source = source;
    this.#zip.addReadStream(source, name, { mtime: this.#modified, mode: 0o100644 });
    await finished(source);
    this.#files[name] = digest.digest('hex');
  }

  async *#eventLines(root: Uint8Array): AsyncGenerator<Uint8Array> {
    const fold = new RangeProofFold(this.#contents.proof);
    for await (const entries of fewAtOnce(this.#contents.openEvents())) {
      for (const entry of entries) fold.disclose(leafHash(entry));
      yield joinLines(entries);
    }
    if (!sameHash(fold.finish(), root)) throw new PackContentsFault('The events are not those of the checkpoint');
  }

  /** The same events once more. */
  async *#derived({ head, of }: Derivation): AsyncGenerator<string> {
    yield head;
    const digest = createHash('sha256');
    for await (const entries of fewAtOnce(this.#contents.openEvents())) {
      digest.update(joinLines(entries));
      yield of(entries.map((bytes): DisclosedEvent => ({ record: recordOfBytes(bytes), bytes })));
    }
    if (digest.digest('hex') !== this.#files[PACK_FILES.events]) throw new PackContentsFault('The events are not the same each time');
  }
}

/** Bytes that are read before their turn. */
const MOST_AHEAD = 4 * 2 ** 20;

/** Reads from now on, while other files are written: the database sums up for the page while this thread is at the events. */
function readAhead(pieces: PackContents['summary']): Readable {
  const ahead = Readable.from(pieces, { objectMode: false, highWaterMark: MOST_AHEAD });
  // A fault comes out where the pieces are read; until then nobody listens.
  ahead.on('error', () => undefined);
  ahead.read(0);
  return ahead;
}

/** Entries dealt with in one go: a few milliseconds, so that whoever else is served by this thread waits no longer. */
const AT_ONCE = 64;

async function* fewAtOnce(batches: EntryStream): EntryStream {
  for await (const batch of batches) for (let from = 0; from < batch.length; from += AT_ONCE) yield batch.slice(from, from + AT_ONCE);
}

const LINE_FEED = 0x0a;

/** The entries' bytes, each with a line end. A copy. */
function joinLines(entries: readonly Uint8Array[]): Buffer {
  const lines = Buffer.allocUnsafe(entries.reduce((length, entry) => length + entry.length + 1, 0));
  let at = 0;
  for (const entry of entries) {
    lines.set(entry, at);
    at += entry.length;
    lines[at++] = LINE_FEED;
  }
  return lines;
}

async function* linesOf(rows: Rows): AsyncGenerator<string> {
  for await (const row of rows) yield `${canonicalJson(row)}\n`;
}

async function* hashed(pieces: Pieces, digest: ReturnType<typeof createHash>): AsyncGenerator<Buffer> {
  let gathered: Buffer[] = [];
  let length = 0;
  const flush = (): Buffer => {
    const whole = gathered.length === 1 ? (gathered[0] ?? Buffer.alloc(0)) : Buffer.concat(gathered);
    gathered = [];
    length = 0;
    digest.update(whole);
    return whole;
  };
  for await (const piece of pieces) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    gathered.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    length += bytes.length;
    if (length >= GATHERED) yield flush();
  }
  if (length > 0) yield flush();
}
