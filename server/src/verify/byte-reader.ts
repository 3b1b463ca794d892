/** Reads a stream of pieces in lengths of the caller's choosing. */
export class ByteReader {
  readonly #pieces: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(pieces: AsyncIterable<Buffer>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** The next `length` bytes, or as many as there are. */
  async take(length: number): Promise<Buffer> {
    while (this.#rest.length < length) {
      const piece = await this.#pieces.next();
      if (piece.done === true) break;
      this.#rest = Buffer.concat([this.#rest, piece.value]);
    }
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return taken;
  }

  /** Lets go of where the pieces come from. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }
}
