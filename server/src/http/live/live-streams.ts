import { GatewayError } from '@sallyport/schema/errors.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import { describeError, type Log } from '../../kernel/log.ts';
import type { Authentication } from '../../kernel/seams.ts';
import type { Announcement, AnnouncementHandlers } from './announcements.ts';
import { type EventStream, openEventStream } from './event-stream.ts';

/** Open consoles of this process. */
export interface LiveStreams extends AnnouncementHandlers {
  /** @throws {GatewayError} RATE_LIMITED beyond the bounds, UNAVAILABLE while the gateway ends. */
  open(viewer: Viewer): ReadableStream<Uint8Array>;
  /** How many are open. */
  count(): number;
  /** Tells every reader that the gateway ends, and ends the streams. */
  close(): void;
}

export interface LiveOptions {
  readonly readViewers: Authentication['readViewers'];
  readonly log: Log;
  /** Streams of one process, at most. Default 1,000. */
  readonly most?: number;
}

/** What the console should ask again for. */
export const VIEWER_TOPIC = 'viewer';
/** Stands for every topic: announcements may have been missed. */
export const EVERYTHING_TOPIC = 'everything';

export const STREAMS_PER_SESSION = 5;
const STREAMS_PER_PROCESS = 1_000;
/** Topics that wait for one stream; beyond, it is told that everything may have changed. */
const TOPICS_WAITING = 20;

/*
 * Times in milliseconds, of the monotonic clock: they say when to ask. Whether a session is over is judged by the
 * database's clock. What was revoked in the database is seen at the next reading, within CHECK_AFTER_MS + TICK_MS; where
 * reading fails the stream ends within UNVERIFIED_AFTER_MS + TICK_MS: 5 seconds at the latest either way (THREATS Inv12).
 */
const TICK_MS = 500;
const CHECK_AFTER_MS = 2_000;
const UNVERIFIED_AFTER_MS = 4_000;
/** Announcements that come this close together are checked in one reading. */
const GATHER_MS = 50;
const HEARTBEAT_MS = 15_000;
/** After which a browser connects again by itself. */
const RETRY_MS = 2_000;

type EndReason = 'session-over' | 'unverified' | 'shutting-down';

interface OpenStream {
  readonly stream: EventStream;
  readonly sessionId: string;
  readonly personId: string;
  viewer: Viewer;
  /** When the reading began that last found the session alive. */
  verifiedAt: number;
  sentAt: number;
  /** Announced since that reading, and not told yet. */
  waiting: Set<string>;
}

/**
 * Streams that carry names of what changed. Nothing is said on a stream but after its session and grants were read anew: each event
 * is authorised like a request (THREATS I14), in one statement for all streams, and without counting as use of the session.
 */
export function createLiveStreams({ readViewers, log, most = STREAMS_PER_PROCESS }: LiveOptions): LiveStreams {
  const open = new Set<OpenStream>();
  const due = new Set<OpenStream>();
  let reading = false;
  let closed = false;
  let ticking: NodeJS.Timeout | undefined;

  const forget = (one: OpenStream): void => {
    open.delete(one);
    due.delete(one);
    if (open.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };
  const end = (one: OpenStream, reason: EndReason): void => {
    forget(one);
    one.stream.end(`event: ended\ndata: ${JSON.stringify({ reason })}\n\n`);
  };
  const say = (one: OpenStream, text: string): void => {
    if (one.stream.send(text)) one.sentAt = performance.now();
  };
  const note = (one: OpenStream, topic: string): void => {
    if (one.waiting.size >= TOPICS_WAITING) one.waiting = new Set([EVERYTHING_TOPIC]);
    else one.waiting.add(topic);
    due.add(one);
  };

  /** Reads the viewers of these streams, ends those whose session is over, tells the others what waited when the reading began. */
  const check = async (streams: readonly OpenStream[]): Promise<void> => {
    const startedAt = performance.now();
    // What is announced while the statement runs may be younger than what it sees, and waits for the next.
    const told = new Map(streams.map((one) => [one, one.waiting]));
    for (const one of streams) one.waiting = new Set();
    let viewers: ReadonlyMap<string, Viewer>;
    try {
      viewers = await readViewers([...new Set(streams.map(({ sessionId }) => sessionId))]);
    } catch (error) {
      for (const [one, topics] of told) one.waiting = new Set([...topics, ...one.waiting]);
      log.warn({ failure: describeError(error), streams: streams.length }, 'open streams could not be verified');
      return;
    }
    for (const [one, topics] of told) {
      if (!open.has(one)) continue;
      const viewer = viewers.get(one.sessionId);
      if (viewer?.actor.id !== one.personId) {
        end(one, 'session-over');
        continue;
      }
      if (rightsText(viewer) !== rightsText(one.viewer)) topics.add(VIEWER_TOPIC);
      one.viewer = viewer;
      one.verifiedAt = startedAt;
      for (const topic of topics) say(one, `data: ${JSON.stringify({ topic })}\n\n`);
    }
  };
  const checkDue = async (): Promise<void> => {
    if (reading) return;
    reading = true;
    try {
      while (due.size > 0) {
        await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
        const streams = [...due];
        due.clear();
        if (streams.length > 0) await check(streams);
      }
    } finally {
      reading = false;
    }
  };
  const tick = (): void => {
    const now = performance.now();
    for (const one of open) {
      if (now - one.verifiedAt >= UNVERIFIED_AFTER_MS) end(one, 'unverified');
      else if (now - one.verifiedAt >= CHECK_AFTER_MS) due.add(one);
      if (now - one.sentAt >= HEARTBEAT_MS && open.has(one)) say(one, ':\n\n');
    }
    void checkDue();
  };

  return {
    open(viewer) {
      if (closed) throw new GatewayError('UNAVAILABLE');
      const own = [...open].filter(({ sessionId }) => sessionId === viewer.session.id).length;
      if (own >= STREAMS_PER_SESSION || open.size >= most) throw new GatewayError('RATE_LIMITED', undefined, { retryAfterSeconds: RETRY_MS / 1000 });
      const now = performance.now();
      const one: OpenStream = {
        stream: openEventStream(() => forget(one)),
        sessionId: viewer.session.id,
        personId: viewer.actor.id,
        viewer,
        verifiedAt: now,
        sentAt: now,
        waiting: new Set(),
      };
      open.add(one);
      // The viewer was read before the stream could hear: what was announced in between is found by reading once more.
      due.add(one);
      ticking ??= setInterval(tick, TICK_MS);
      say(one, `retry: ${RETRY_MS}\n\n`);
      void checkDue();
      return one.stream.body;
    },
    announce(announcement) {
      for (const one of open) if (concerns(announcement, one)) note(one, announcement.topic);
      void checkDue();
    },
    announceGap() {
      for (const one of open) note(one, EVERYTHING_TOPIC);
      void checkDue();
    },
    count: () => open.size,
    close() {
      closed = true;
      for (const one of open) end(one, 'shutting-down');
    },
  };
}

/** A person hears what is said to them; of a tenant hears who holds a grant there (THREATS I15). */
function concerns({ person, tenant }: Announcement, { personId, viewer }: OpenStream): boolean {
  if (person !== null && person !== personId) return false;
  return tenant === null || viewer.grants.some(({ reach }) => reach === 'global' || reach.has(tenant));
}

/** All that the console shows of a viewer, as text to compare. */
const rightsText = ({ actor, session, breakGlass, grants }: Viewer): string =>
  JSON.stringify([actor, session, breakGlass, grants], (_name, value: unknown) => (value instanceof Set ? [...value] : value));
