import { introduceLog } from '@sallyport/server/integrity/anchors/introduce-log.ts';
import { listLogKeys } from '@sallyport/server/integrity/log-keys.ts';
import { openCheckpoint } from '@sallyport/server/transparency/open-checkpoint.ts';
import { parseVerifierKey, printVerifierKey } from '@sallyport/server/transparency/note-key.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../../helpers/gateway.ts';
import { makeWitnessFolder, startWitnessProcess, type WitnessFolder, type WitnessProcess } from '../witness/witness-process.ts';

const QUERY = '{ logIntegrity { origin keys { verifier } witnesses { name verifier lastSize lastAt failures } } }';

let folder: WitnessFolder;
let witness: WitnessProcess;
let at: TestGateway;
beforeAll(async () => {
  folder = await makeWitnessFolder();
  witness = await startWitnessProcess(folder);
  at = await startTestGateway({ anchors: { file: null, webhookUrl: null, witness: { url: new URL(witness.url), key: witness.key } } });
});
afterAll(async () => {
  await at?.close();
  await witness?.end('SIGKILL');
  await folder?.remove();
});

test('L2 H12 the API names the witness and its public key, and with those a stranger opens the checkpoint that it cosigned', async () => {
  const wayan = await at.asRole('compliance-auditor');
  const ask = async () => (await wayan.query(QUERY)).data?.['logIntegrity'];
  const verifier = printVerifierKey(witness.key);
  expect((await ask()).witnesses).toEqual([{ name: witness.key.name, verifier, lastSize: null, lastAt: null, failures: null }]);

  const { integrity } = at.gateway;
  const head = await integrity.reader.head();
  await introduceLog(
    folder.path,
    head?.origin ?? '',
    (await listLogKeys(at.database.app)).map((key) => parseVerifierKey(key.verifier)),
  );
  await integrity.anchorNow();
  const { origin, keys, witnesses } = await ask();
  const note = await (await wayan.get('/log/checkpoint')).text();
  const opened = openCheckpoint(Buffer.from(note), {
    origin,
    logKeys: keys.map((key: { verifier: string }) => ({ key: parseVerifierKey(key.verifier) })),
    witnesses: witnesses.map((pinned: { verifier: string }) => parseVerifierKey(pinned.verifier)),
    leastCosignatures: 1,
  });
  expect(witnesses).toEqual([{ name: witness.key.name, verifier, lastSize: opened.checkpoint.size, lastAt: expect.stringMatching(/^\d{4}-/), failures: null }]);
});

test('L2 who may not see how the log fares gets no witness either', async () => {
  const answer = await (await at.asRole('support-viewer')).query(QUERY);
  expect(answer.codes).toContain('FORBIDDEN');
  expect(answer.data?.['logIntegrity'] ?? null).toBeNull();
});
