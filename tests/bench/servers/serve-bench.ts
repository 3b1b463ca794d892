import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a server process is told when it starts. */
export interface ServerTask {
  readonly appUrl: string;
  /** Key of the gateway's sealed secrets, base64. */
  readonly key: string;
}

/** What it answers when it listens. */
export interface ServerReady {
  readonly url: string;
}

/** Takes the task from the parent, says where it can be reached, ends when the parent asks or is gone. */
export async function runBench(start: (task: ServerTask) => Promise<{ readonly url: string; readonly close: () => Promise<void> }>): Promise<void> {
  const [task] = (await once(process, 'message')) as [ServerTask];
  const { url, close } = await start(task);
  process.once('disconnect', () => void close().finally(() => process.exit(0)));
  process.send?.({ url } satisfies ServerReady);
}

/** The same for a plain server of node:http. */
export async function serveBench(build: (task: ServerTask) => Promise<Server>): Promise<void> {
  await runBench(async (task) => {
    const server = await build(task);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return {
      url: `http://127.0.0.1:${port}`,
      close: async () => {
        server.closeAllConnections();
        server.close();
      },
    };
  });
}
