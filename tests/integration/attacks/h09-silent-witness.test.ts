import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateSignerKey } from '@sallyport/server/transparency/note-key.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../../helpers/gateway.ts';

let server: Server;
let at: TestGateway;
beforeAll(async () => {
  // A witness that has seen nothing yet.
  server = createServer((request, response) => request.resume().on('end', () => response.writeHead(404).end()));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  at = await startTestGateway({ anchors: { file: null, webhookUrl: null, witness: { url, key: generateSignerKey('witness.example', 'cosignature').verifier } } });
});
afterAll(async () => {
  await at?.close();
  server.close();
});

test('H09 a witness that falls silent costs cosignatures, not signatures, whoever has the log anchored meanwhile', async () => {
  const { integrity } = at.gateway;
  expect(integrity.standing.now().state).toBe('sound');
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  await integrity.anchorNow();
  expect(integrity.standing.now().state).toBe('sound');
  await at.asRole('support-viewer');
  await integrity.sealNow();
  const head = await integrity.reader.head();
  expect((await integrity.reader.latestCheckpoint())?.size).toBe(head?.size);
});
