/** One open answer of server-sent events (HTML Standard, section 9.2). */
export interface EventStream {
  readonly body: ReadableStream<Uint8Array>;
  /** False when the reader is gone or too slow; the stream has ended then. */
  send(text: string): boolean;
  /** Says a last thing, where the reader still takes it, and ends. */
  end(text: string): void;
}

/** Bytes that may wait for a reader. Beyond, it is dropped: it will ask for a new stream, and for the present state. */
export const MOST_WAITING = 8 * 1024;

export const EVENT_STREAM_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  // Asks a proxy in between not to gather events.
  'x-accel-buffering': 'no',
};

/** @param gone called once, when the reader leaves or is dropped; not after `end`. */
export function openEventStream(gone: () => void): EventStream {
  const encoder = new TextEncoder();
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  const body = new ReadableStream<Uint8Array>(
    {
      start(made) {
        controller = made;
      },
      cancel() {
        controller = null;
        gone();
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: MOST_WAITING }),
  );
  const send = (text: string): boolean => {
    if (controller === null) return false;
    const chunk = encoder.encode(text);
    if ((controller.desiredSize ?? 0) < chunk.byteLength) {
      const dropped = controller;
      controller = null;
      dropped.error(new Error('The reader of a stream is too slow'));
      gone();
      return false;
    }
    controller.enqueue(chunk);
    return true;
  };
  return {
    body,
    send,
    end(text) {
      if (!send(text) || controller === null) return;
      const ended = controller;
      controller = null;
      ended.close();
    },
  };
}
