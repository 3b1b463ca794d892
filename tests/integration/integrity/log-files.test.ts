import { randomUUID } from 'node:crypto';
import { checkLogProof, parseLogProof } from '@sallyport/server/transparency/log-proof.ts';
import { checkConsistency } from '@sallyport/server/transparency/consistency-proof.ts';
import { leafHash } from '@sallyport/server/transparency/merkle-hash.ts';
import { readRoot } from '@sallyport/server/transparency/node-reader.ts';
import { parseVerifierKey } from '@sallyport/server/transparency/note-key.ts';
import { openCheckpoint } from '@sallyport/server/transparency/open-checkpoint.ts';
import { unpackBundle } from '@sallyport/server/transparency/tile-data.ts';
import { tileNodes } from '@sallyport/server/transparency/tile-nodes.ts';
import { newTiles, printTilePath } from '@sallyport/server/transparency/tiles.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestGateway, type TestClient, type TestGateway } from '../../helpers/gateway.ts';
import { naiveRoot } from '../../unit/transparency/reference-tree.ts';

let at: TestGateway;
let auditor: TestClient;
beforeAll(async () => {
  at = await startTestGateway({ tenants: 4 });
  auditor = await at.asRole('compliance-auditor');
  const log = await at.asRole('support-viewer');
  for (let place = 0; place < 260; place += 20) await Promise.all(Array.from({ length: 20 }, () => log.query('{ tenants(first: 1) { nodes { refusedField } } }')));
  for (let place = 0; place < 40; place += 1) await auditor.query('{ auditEvents(first: 1) { nodes { id } } }', {}, { correlationId: randomUUID() });
  await at.gateway.integrity.sealNow();
});
afterAll(() => at.close());

const textOf = async (client: TestClient, path: string): Promise<string> => {
  const answer = await client.get(path);
  expect(answer.status, path).toBe(200);
  return answer.text();
};
const bytesOf = async (client: TestClient, path: string): Promise<Buffer> => {
  const answer = await client.get(path);
  expect(answer.status, path).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
};
async function opened(client = auditor) {
  const keys = (await textOf(client, '/log/keys')).trim().split('\n').map(parseVerifierKey);
  const policy = { origin: keys[0]?.name ?? '', logKeys: keys.map((key) => ({ key })), witnesses: [], leastCosignatures: 0 };
  return { ...openCheckpoint(await textOf(client, '/log/checkpoint'), policy).checkpoint, policy };
}

describe('L6: the log as files (C2SP tlog-tiles)', () => {
  test('whoever mirrors checkpoint, tiles and bundles comes to the signed root, from hashes and from entries', async () => {
    const { size, root } = await opened();
    const tiles = new Map<string, Buffer>();
    const entries: Buffer[] = [];
    for (const tile of newTiles(0, size)) {
      tiles.set(`${tile.level}/${tile.index}`, await bytesOf(auditor, `/log/${printTilePath({ kind: 'hashes', ...tile })}`));
      if (tile.level === 0) entries.push(...unpackBundle(await bytesOf(auditor, `/log/${printTilePath({ kind: 'entries', ...tile })}`), tile.width));
    }
    expect(
      await readRoot(
        tileNodes(size, async ({ level, index }) => tiles.get(`${level}/${index}`) ?? Buffer.alloc(0)),
        size,
      ),
    ).toEqual(root);
    expect(naiveRoot(entries)).toEqual(root);
    expect(size).toBeGreaterThan(256);
  });

  test('an inclusion proof opens with the pinned key and fits the bytes of the event, and no others', async () => {
    const { policy } = await opened();
    const { data } = await auditor.query('{ auditEvents(first: 1, offset: 5) { nodes { id } } }');
    const id = data?.['auditEvents'].nodes[0].id as string;
    await at.gateway.integrity.sealNow();
    const proof = parseLogProof(await textOf(auditor, `/log/proof/inclusion?event=${id}`));
    const json = (await (await auditor.get(`/log/proof/inclusion?event=${id}`, { accept: 'application/json' })).json()) as { entry: string; index: number };
    expect(JSON.parse(json.entry)).toMatchObject({ id });
    checkLogProof(proof, leafHash(Buffer.from(json.entry)), policy);
    expect(() => checkLogProof(proof, leafHash(Buffer.from(json.entry.replace('"ok"', '"OK"'))), policy)).toThrow();
    expect(proof.index).toBe(json.index);
  });

  test('a consistency proof leads from an earlier checkpoint to this one', async () => {
    const older = await opened();
    for (let place = 0; place < 3; place += 1) await auditor.query('{ auditEvents(first: 1) { nodes { id } } }');
    await at.gateway.integrity.sealNow();
    const newer = await opened();
    const proof = (await textOf(auditor, `/log/proof/consistency?from=${older.size}&to=${newer.size}`)).trim().split('\n');
    checkConsistency(
      older,
      newer,
      proof.map((line) => Buffer.from(line, 'base64')),
    );
    expect(newer.size).toBeGreaterThan(older.size);
  });
});

describe('L19: who may read the log, and how much of it', () => {
  test.each(['/log/checkpoint', '/log/keys', '/log/tile/0/000', '/log/tile/entries/000', '/log/proof/consistency?from=1&to=2'])(
    'nobody who has not signed in, nobody without the right: %s',
    async (path) => {
      expect((await at.stranger().get(path)).status).toBe(401);
      expect((await (await at.asRole('customer-success')).get(path)).status).toBe(403);
    },
  );

  test('hashes are for every reader of the log, entries for who reads all of it; each bundle is an event', async () => {
    const billing = await at.asRole('billing-operator');
    expect((await billing.get('/log/tile/0/000')).status).toBe(200);
    const refused = await billing.get('/log/tile/entries/000', { 'x-correlation-id': '00000000-0000-4000-8000-00000000e001' });
    expect(refused.status).toBe(403);
    expect((await at.events({ correlationId: '00000000-0000-4000-8000-00000000e001' })).map(({ kind, outcome }) => [kind, outcome])).toEqual([['log.entries.read', 'denied']]);
    await auditor.get('/log/tile/entries/000', { 'x-correlation-id': '00000000-0000-4000-8000-00000000e002' });
    expect((await at.events({ correlationId: '00000000-0000-4000-8000-00000000e002' })).map(({ kind, outcome }) => [kind, outcome])).toEqual([['log.entries.read', 'ok']]);
  });

  test('H18 the bytes of one event, with address and client of somebody, are on the log too; to a reader without those rights they are not shown', async () => {
    const { data } = await auditor.query('{ auditEvents(first: 1, offset: 5) { nodes { id } } }');
    const id = data?.['auditEvents'].nodes[0].id as string;
    await at.gateway.integrity.sealNow();
    const ask = (client: TestClient, correlationId: string) => client.get(`/log/proof/inclusion?event=${id}`, { accept: 'application/json', 'x-correlation-id': correlationId });
    await ask(auditor, '00000000-0000-4000-8000-00000000e003');
    expect(await at.events({ correlationId: '00000000-0000-4000-8000-00000000e003' })).toMatchObject([
      { kind: 'log.entries.read', outcome: 'ok', target_id: id, fields_read: ['auditEvent.ip', 'auditEvent.userAgent'] },
    ]);
    const plain = await ask(await at.asRole('billing-operator'), '00000000-0000-4000-8000-00000000e004');
    expect(await plain.json()).toMatchObject({ entry: null });
    expect(await at.events({ correlationId: '00000000-0000-4000-8000-00000000e004' })).toEqual([]);
  });

  test('an event beyond the reach and one that never was look the same', async () => {
    const narrow = await at.asRole('billing-operator', 'tenant');
    const { data } = await auditor.query('{ auditEvents(first: 1, filter: {tenantId: {isNull: true}}) { nodes { id } } }');
    const answers = await Promise.all([data?.['auditEvents'].nodes[0].id as string, randomUUID()].map(async (id) => narrow.get(`/log/proof/inclusion?event=${id}`)));
    const bodies = await Promise.all(answers.map(async (answer) => (await answer.text()).replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '')));
    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
    expect(bodies[0]).toBe(bodies[1]);
  });

  test.each([
    ['/log/tile/0/000.p/0', 404],
    ['/log/tile/0/0', 404],
    ['/log/tile/0/x999/999', 404],
    ['/log/tile/64/000', 404],
    ['/log/tile/entries/000.p/256', 404],
    ['/log/proof/inclusion?event=nobody', 400],
    ['/log/proof/inclusion?event=00000000-0000-4000-8000-000000000001&event=00000000-0000-4000-8000-000000000001', 400],
    ['/log/proof/consistency?from=2&to=1', 400],
    ['/log/proof/consistency?from=0&to=9007199254740991', 400],
    ['/log/proof/consistency?from=-1&to=1', 400],
    ['/log/nothing', 404],
  ])('nonsense is refused: %s', async (path, status) => {
    expect((await auditor.get(path)).status).toBe(status);
  });
});
