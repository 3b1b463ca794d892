import type { Derivation, DisclosedEvent } from '../evidence/pack/derivations.ts';
import type { OpenPack } from '../evidence/pack/read-pack.ts';
import { ByteReader } from './byte-reader.ts';

/** Derives a file of a pack again while its events are read, and compares byte by byte. */
export class DerivedFile {
  readonly derivation: Derivation;
  readonly #reader: ByteReader;
  /** The first event for which file and events differ: how many come before it. */
  #differsAt: number | undefined;
  #count = 0;

  constructor(pack: OpenPack, derivation: Derivation) {
    this.derivation = derivation;
    this.#reader = new ByteReader(pack.read(derivation.file));
  }

  /** Place, among the disclosed events, of the first that the file tells otherwise; undefined while there is none. */
  get differsAt(): number | undefined {
    return this.#differsAt;
  }

  async begin(): Promise<void> {
    if ((await this.#misread(this.derivation.head)) !== null) this.#differsAt = 0;
  }

  /** Compares what was derived from the next events. */
  async append(events: readonly DisclosedEvent[], text: string): Promise<void> {
    if (this.#differsAt !== undefined) return;
    const misread = await this.#misread(text);
    if (misread !== null) this.#differsAt = this.#count + this.#firstWrong(events, misread);
    this.#count += events.length;
  }

  async finish(): Promise<void> {
    if (this.#differsAt === undefined && (await this.#reader.take(1)).length > 0) this.#differsAt = this.#count;
    await this.#reader.close();
  }

  /** What stands there in place of the text; null where it is the text. */
  async #misread(text: string): Promise<Buffer | null> {
    const expected = Buffer.from(text);
    const read = await this.#reader.take(expected.length);
    return read.equals(expected) ? null : read;
  }

  #firstWrong(events: readonly DisclosedEvent[], read: Buffer): number {
    let at = 0;
    return events.findIndex((event) => {
      const expected = Buffer.from(this.derivation.of([event]));
      at += expected.length;
      return !read.subarray(at - expected.length, at).equals(expected);
    });
  }
}
