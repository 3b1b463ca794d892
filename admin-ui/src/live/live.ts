/** What may have changed: `approvals`, `viewer`, `mailbox`, … as the gateway names it. */
export type Topic = string;

/** Says that anything may have changed: news may have been missed. */
export const EVERYTHING: Topic = 'everything';

/** Milliseconds. */
const ASK_EVERY = 30_000;
const AWAKE_FOR = 120_000;
const RECONNECT_AFTER = 60_000;
const SIGNS_OF_LIFE = ['pointerdown', 'keydown'] as const;

const listeners = new Set<(topics: ReadonlySet<Topic>) => void>();

/** Hears names of what may have changed. The listener asks the gateway again, with the rights of that moment. */
export function onNews(listener: (topics: ReadonlySet<Topic>) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Tells what this page has changed itself, without waiting for the gateway's word. */
export function announceHere(topic: Topic): void {
  for (const listener of listeners) listener(new Set([topic]));
}

/**
 * Keeps one stream of news open while the page is in view; without one it takes everything for changed every half minute.
 * News is told only to a person who is there: asking again counts as use of the session, and must not keep an idle one alive.
 * What was heard meanwhile is told at the next sign of life.
 * @returns what ends it.
 */
export function hearNews(): () => void {
  let source: EventSource | null = null;
  let seen = Date.now();
  let triedAt = 0;
  let waiting = new Set<Topic>();

  const tell = (): void => {
    if (waiting.size === 0 || document.visibilityState !== 'visible' || Date.now() - seen > AWAKE_FOR) return;
    const topics = waiting;
    waiting = new Set();
    for (const listener of listeners) listener(topics);
  };
  const note = (topic: Topic): void => {
    waiting.add(topic);
    tell();
  };
  const leave = (): void => {
    source?.close();
    source = null;
  };
  const connect = (): void => {
    if (source || document.visibilityState !== 'visible') return;
    triedAt = Date.now();
    const opened = new EventSource('/live');
    source = opened;
    opened.addEventListener('message', (event: MessageEvent<string>) => {
      const topic = readTopic(event.data);
      if (topic !== null) note(topic);
    });
    // Whatever ended it, who this is and what they may do is asked anew; a session that is over shows there.
    opened.addEventListener('ended', () => note('viewer'));
    opened.addEventListener('error', () => {
      // The browser tries again by itself unless it was refused: too many pages, no session, no such path.
      if (opened.readyState === EventSource.CLOSED && source === opened) source = null;
    });
  };
  const live = (): void => {
    seen = Date.now();
    tell();
    if (!source && Date.now() - triedAt > RECONNECT_AFTER) connect();
  };
  const turn = (): void => {
    // A page out of view gives its place to others: browsers and gateway allow a few streams only.
    if (document.visibilityState !== 'visible') return leave();
    seen = Date.now();
    connect();
    note(EVERYTHING);
  };
  const timer = setInterval(() => {
    if (source?.readyState !== EventSource.OPEN) note(EVERYTHING);
  }, ASK_EVERY);
  for (const sign of SIGNS_OF_LIFE) document.addEventListener(sign, live, { passive: true });
  document.addEventListener('visibilitychange', turn);
  connect();
  return () => {
    clearInterval(timer);
    for (const sign of SIGNS_OF_LIFE) document.removeEventListener(sign, live);
    document.removeEventListener('visibilitychange', turn);
    leave();
  };
}

function readTopic(data: string): Topic | null {
  try {
    const said = JSON.parse(data) as { topic?: unknown } | null;
    return typeof said?.topic === 'string' ? said.topic : null;
  } catch {
    return null;
  }
}

/** Whether news of this topic is in what was heard. */
export const concerns = (topics: ReadonlySet<Topic>, topic: Topic): boolean => topics.has(topic) || topics.has(EVERYTHING);
