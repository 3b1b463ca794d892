import type { TestClient } from './gateway.ts';

/** One server-sent event as a browser would see it. */
export interface SeenEvent {
  readonly name: string;
  readonly data: unknown;
}

/** A reader of `GET /live` within the process. */
export interface TestStream {
  readonly status: number;
  readonly headers: Headers;
  /** Everything seen so far, in order. */
  readonly seen: readonly SeenEvent[];
  /** Topics seen so far, in order. */
  topics(): readonly string[];
  /** Comments seen: heartbeats. */
  heartbeats(): number;
  /** When the stream ended, by the monotonic clock in milliseconds; null while it is open. */
  endedAt(): number | null;
  /** Leaves, as a browser does that closes the page. */
  leave(): Promise<void>;
}

/** Opens a stream and reads it until it ends. */
export async function openStream(client: Pick<TestClient, 'get'>, headers: Readonly<Record<string, string>> = {}): Promise<TestStream> {
  return readStream(await client.get('/live', headers));
}

export function readStream(response: Response): TestStream {
  const seen: SeenEvent[] = [];
  let heartbeats = 0;
  let endedAt: number | null = response.body === null ? performance.now() : null;
  const reader = response.body?.getReader();
  const take = (block: string): void => {
    const lines = block.split('\n').map((line) => line.split(/: ?(.*)/s, 2));
    const valueOf = (name: string): string | undefined => lines.find(([found]) => found === name)?.[1];
    const data = valueOf('data');
    if (data !== undefined) seen.push({ name: valueOf('event') ?? 'message', data: JSON.parse(data) });
    else if (block.startsWith(':')) heartbeats += 1;
  };
  void (async () => {
    const decoder = new TextDecoder();
    let text = '';
    try {
      for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
        text += decoder.decode(part.value, { stream: true });
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) take(block);
      }
    } catch {
      // A stream that is cut off ends here too.
    }
    endedAt = performance.now();
  })();
  return {
    status: response.status,
    headers: response.headers,
    seen,
    topics: () => seen.filter(({ name }) => name === 'message').map(({ data }) => String((data as { topic?: unknown }).topic)),
    heartbeats: () => heartbeats,
    endedAt: () => endedAt,
    leave: async () => reader?.cancel(),
  };
}
