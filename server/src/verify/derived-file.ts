import type { Derivation } from '../evidence/pack/derivations.ts';
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
    await this.#compare(this.derivation.head);
  }

  /** Compares what was derived from the next event. */
  async append(text: string): Promise<void> {
    await this.#compare(text);
    this.#count += 1;
  }

  async finish(): Promise<void> {
    if (this.#differsAt === undefined && (await this.#reader.take(1)).length > 0) this.#differsAt = this.#count;
    await this.#reader.close();
  }

  async #compare(text: string): Promise<void> {
    if (this.#differsAt !== undefined) return;
    const expected = Buffer.from(text);
    if (!(await this.#reader.take(expected.length)).equals(expected)) this.#differsAt = this.#count;
  }
}
