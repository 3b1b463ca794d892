import { get, type IncomingMessage } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestGateway, type TestClient, type TestGateway } from '../../helpers/gateway.ts';

let gateway: TestGateway;
let url: string;
let rina: TestClient;
beforeAll(async () => {
  gateway = await startTestGateway();
  ({ url } = await gateway.gateway.listen());
  rina = await gateway.asRole('support-viewer');
});
afterAll(() => gateway.database.drop());

interface WireStream {
  readonly status: number;
  readonly text: () => string;
  readonly ended: () => boolean;
  readonly cut: () => void;
}

const connect = async (): Promise<WireStream> => {
  const message = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${url}/live`, { headers: { cookie: rina.cookie(), 'sec-fetch-site': 'same-origin' }, agent: false }, resolve).on('error', reject);
  });
  let text = '';
  let ended = false;
  message.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  for (const end of ['end', 'close', 'error']) message.on(end, () => (ended = true));
  return { status: message.statusCode ?? 0, text: () => text, ended: () => ended, cut: () => message.destroy() };
};
const announce = (topic: string) => sql`select gateway.announce(${topic})`.execute(gateway.database.app);

test('a browser that goes makes room at once, not at the next thing to say', async () => {
  for (let round = 0; round < 4; round += 1) {
    const streams = await Promise.all(Array.from({ length: 5 }, connect));
    expect(streams.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    const sixth = await connect();
    expect(sixth.status).toBe(429);
    for (const { cut } of [...streams, sixth]) cut();
    await wait(200);
  }
});

test('the first bytes come at once, an announcement as it is made', async () => {
  const stream = await connect();
  await vi.waitFor(() => expect(stream.text()).toBe('retry: 2000\n\n'), 1_000);
  await announce('approvals');
  await vi.waitFor(() => expect(stream.text()).toBe('retry: 2000\n\ndata: {"topic":"approvals"}\n\n'), 2_000);
  stream.cut();
});

test('a gateway that ends tells its readers and does not wait for them', async () => {
  const streams = await Promise.all([connect(), connect(), connect()]);
  const since = performance.now();
  await gateway.gateway.close();
  expect(performance.now() - since).toBeLessThan(5_000);
  for (const stream of streams) {
    await vi.waitFor(() => expect(stream.ended()).toBe(true), 1_000);
    expect(stream.text()).toContain('event: ended\ndata: {"reason":"shutting-down"}\n\n');
  }
});
