import pg from 'pg';
import { z } from 'zod';
import { describeError, type Log } from '../../kernel/log.ts';

/** That something changed, as `gateway.announce` says it: a name, and whom it concerns. Never data. */
export interface Announcement {
  readonly topic: string;
  /** The member of staff that it concerns; null for everybody. */
  readonly person: string | null;
  /** The tenant that it concerns; null where it is of none. */
  readonly tenant: string | null;
}

export interface AnnouncementHandlers {
  readonly announce: (announcement: Announcement) => void;
  /** Announcements may have been missed: the connection was made, or made again. */
  readonly announceGap: () => void;
}

export interface Announcements {
  close(): Promise<void>;
}

export const CHANNEL = 'sallyport_live';
const APPLICATION = 'sallyport-live';
/** Times in milliseconds. The wait between two tries doubles from the first to the last. */
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;
const PROBE_EVERY_MS = 15_000;
const PROBE_TIMEOUT_MS = 5_000;
const END_TIMEOUT_MS = 1_000;

const shape = z.strictObject({
  topic: z.string().regex(/^[a-z][a-zA-Z-]{0,39}$/),
  person: z.uuid().nullable().default(null),
  tenant: z.string().max(200).nullable().default(null),
});

/** Null for what is no announcement: every login of the database may write to the channel. */
export function readAnnouncement(payload: string | undefined): Announcement | null {
  try {
    const read = shape.safeParse(JSON.parse(payload ?? ''));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}

/**
 * Listens on a connection of its own, for as long as the process lives: a connection that breaks, or no longer answers, is made
 * again with growing pauses, and the gap is told. Announcements only hasten what the streams check by themselves anyway.
 * @param options of the gateway's pool: the same database and login.
 */
export function listenForAnnouncements(options: pg.PoolConfig, handlers: AnnouncementHandlers, log: Log): Announcements {
  let current: pg.Client | null = null;
  let closed = false;
  let tries = 0;
  let again: NodeJS.Timeout | undefined;

  const connect = async (): Promise<void> => {
    const client = new pg.Client({ ...options, application_name: APPLICATION, query_timeout: PROBE_TIMEOUT_MS });
    current = client;
    // A broken connection says 'error', then 'end'; one that could not be made rejects, and may say either.
    client.once('end', () => lose(client));
    client.on('error', () => lose(client));
    client.on('notification', ({ channel, payload }) => {
      const announcement = channel === CHANNEL ? readAnnouncement(payload) : null;
      if (announcement) handlers.announce(announcement);
    });
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
    } catch (error) {
      log.debug({ failure: describeError(error) }, 'announcements can not be heard yet');
      return lose(client);
    }
    if (client !== current) return;
    tries = 0;
    handlers.announceGap();
  };

  /** Whatever reports the loss first; the others find another client, or none. */
  const lose = (client: pg.Client): void => {
    if (client !== current) return;
    current = null;
    void endQuickly(client);
    if (closed) return;
    if (tries === 0) log.warn('The connection that hears announcements broke; it is made again.');
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries);
    tries += 1;
    // Several gateways don't come back in one moment.
    again = setTimeout(() => void connect(), longest * (0.5 + Math.random() / 2));
    again.unref();
  };

  // A connection that a firewall dropped in silence breaks nothing; asking finds out.
  const probe = setInterval(() => {
    const client = current;
    client?.query('select 1').catch(() => lose(client));
  }, PROBE_EVERY_MS);
  probe.unref();
  void connect();

  return {
    async close() {
      closed = true;
      clearInterval(probe);
      clearTimeout(again);
      const client = current;
      current = null;
      if (client) await endQuickly(client);
    },
  };
}

async function endQuickly(client: pg.Client): Promise<void> {
  const late = new Promise<void>((resolve) => {
    setTimeout(resolve, END_TIMEOUT_MS).unref();
  });
  await Promise.race([client.end().catch(() => undefined), late]);
}
