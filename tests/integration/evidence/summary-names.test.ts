import { randomUUID } from 'node:crypto';
import { PACK_FILES } from '@sallyport/server/evidence/pack/pack-contents.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeToken, toolWith } from '../tokens/token-fixture.ts';
import { type EvidenceHouse, openEvidenceHouse } from './evidence-house.ts';
import { answered, askForPack, evidencePath, textOf, unpack } from './evidence-packs.ts';

const WHOLE = ['audit.evidence.make', 'audit.event.read', 'audit.event.read-changes', 'audit.event.read-network', 'audit.event.export'];

describe('A2 C6: the summary speaks in names, as far as its maker reads them', () => {
  let house: EvidenceHouse;
  const shared = randomUUID();
  let names: readonly string[] = [];
  beforeAll(async () => {
    house = await openEvidenceHouse();
    const rows = await house.truth<{ id: string; name: string }>('select id::text, name from product.tenant');
    names = house.tenants.map((id) => rows.find((row) => row.id === id)?.name ?? '');
    for (const tenantId of house.tenants.slice(0, 2)) await house.write({ correlationId: shared, tenantId, outcome: 'denied', reasonCode: 'FORBIDDEN' });
    await house.write({ correlationId: shared, tenantId: house.tenants[0] ?? null, outcome: 'denied', reasonCode: 'STEP_UP_REQUIRED' });
    await house.log.drain();
  }, 60_000);
  afterAll(() => house?.test.close());

  const named = (page: string): readonly boolean[] => names.slice(0, 2).map((name) => name !== '' && page.includes(name));
  const idsIn = (page: string): readonly boolean[] => house.tenants.slice(0, 2).map((id) => page.includes(id));

  test('who reads tenants has them named, beside their IDs', async () => {
    const page = textOf(await unpack((await askForPack(house.auditor, { correlationId: shared })).bytes), PACK_FILES.summary);
    expect([named(page), idsIn(page)]).toEqual([
      [true, true],
      [true, true],
    ]);
  });

  test('who reads the log alone has their IDs alone', async () => {
    const { token } = await makeToken(house.auditor, { permissions: WHOLE, everywhere: true });
    const { bytes, code } = await answered(await toolWith(house.test, token).send('GET', evidencePath({ correlationId: shared })));
    expect(code).toBeNull();
    const page = textOf(await unpack(bytes), PACK_FILES.summary);
    expect([named(page), idsIn(page)]).toEqual([
      [false, false],
      [true, true],
    ]);
  });

  test('a right over one tenant names that one', async () => {
    const page = textOf(await unpack((await askForPack(house.ofOne, { correlationId: shared })).bytes), PACK_FILES.summary);
    expect(named(page)).toEqual([true, false]);
  });

  test('says why somebody was turned away, and counts apart where a code was asked for', async () => {
    const page = textOf(await unpack((await askForPack(house.auditor, { correlationId: shared })).bytes), PACK_FILES.summary);
    const refusals = /<h2>Refusals and failures<\/h2>([\s\S]*?)<h2>/.exec(page)?.[1] ?? '';
    expect(refusals.match(/refused, the right was missing \(FORBIDDEN\)/g)).toHaveLength(2);
    expect(refusals).not.toContain('STEP_UP_REQUIRED');
    expect(refusals).toContain('times that a fresh code was asked for: 1.');
  });
});
