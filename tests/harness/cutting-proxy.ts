import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A proxy before the database that can lose an answer. */
export interface CuttingProxy {
  /** The database's address by way of the proxy. */
  readonly connectionString: string;
  /** Cuts the next connection that serves requests over which this text goes in this direction, in place of passing it on. */
  cutAt(direction: 'to-server' | 'to-client', text: string): void;
  /** How many connections were cut. */
  cuts(): number;
  close(): Promise<void>;
}

export async function openCuttingProxy(connectionString: string): Promise<CuttingProxy> {
  const target = new URL(connectionString);
  let armed: { readonly direction: 'to-server' | 'to-client'; readonly text: string } | null = null;
  let cuts = 0;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
    // The connections that seal the log in the background commit all the time; what is lost there is another test's.
    let isSealing = false;
    client.once('data', (startup: Buffer) => {
      isSealing = startup.includes('sallyport-log');
    });
    const pass = (direction: 'to-server' | 'to-client', from: Socket, to: Socket): void => {
      from.on('data', (chunk: Buffer) => {
        if (armed?.direction === direction && !isSealing && chunk.includes(armed.text)) {
          armed = null;
          cuts += 1;
          client.destroy();
          upstream.destroy();
        } else to.write(chunk);
      });
      from.on('close', () => to.destroy());
    };
    pass('to-server', client, upstream);
    pass('to-client', upstream, client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  const url = new URL(connectionString);
  url.port = String(bound !== null && typeof bound === 'object' ? bound.port : 0);
  return {
    connectionString: url.href,
    cutAt(direction, text) {
      armed = { direction, text };
    },
    cuts: () => cuts,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
