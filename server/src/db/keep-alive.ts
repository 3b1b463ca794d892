import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/** Time between tries to bring a fallen server back; its remaining processes need a moment to notice. */
const RETRY_MS = 250;

/**
 * Watches a server of ours over a connection that does nothing, and starts it again when it falls (K02). A server that was asked to
 * stop must be let go first, by the function that is returned.
 * @param restart starts the server; may fail while remains of the old one are about.
 */
export async function keepAlive(url: string, restart: () => Promise<void>): Promise<() => Promise<void>> {
  let stopped = false;
  let watcher = await connect(url);
  let repair: Promise<void> = Promise.resolve();
  const watch = (): void => {
    watcher.once('end', () => {
      if (!stopped) repair = bringBack();
    });
  };
  const bringBack = async (): Promise<void> => {
    while (!stopped) {
      try {
        // The watching connection alone may have been cut: then the server answers, and nothing is started.
        watcher = await connect(url).catch(async () => {
          await restart();
          return connect(url);
        });
        return watch();
      } catch {
        await pause(RETRY_MS);
      }
    }
  };
  watch();
  return async () => {
    stopped = true;
    await repair;
    await watcher.end().catch(() => undefined);
  };
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'sallyport-watch', keepAlive: true, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
