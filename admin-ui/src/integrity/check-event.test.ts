import { describe, expect, it } from 'vitest';
import { checkEvent, proofText, type InclusionProof } from './check-event.ts';
import { parseVerifierKey, type VerifierKey } from './signed-note.ts';
import { leafHash, nodeHash } from './tree-path.ts';

type Hash = Uint8Array<ArrayBuffer>;

const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
const utf8 = (text: string): Hash => new TextEncoder().encode(text);

/** RFC 6962 §2.1 as it is written there, as a second way to the same root. */
async function rootByTheLetter(leaves: readonly Hash[]): Promise<Hash> {
  const [only] = leaves;
  if (only && leaves.length === 1) return only;
  const split = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return nodeHash(await rootByTheLetter(leaves.slice(0, split)), await rootByTheLetter(leaves.slice(split)));
}

async function pathByTheLetter(index: number, leaves: readonly Hash[]): Promise<readonly Hash[]> {
  if (leaves.length <= 1) return [];
  const split = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return index < split
    ? [...(await pathByTheLetter(index, leaves.slice(0, split))), await rootByTheLetter(leaves.slice(split))]
    : [...(await pathByTheLetter(index - split, leaves.slice(split))), await rootByTheLetter(leaves.slice(0, split))];
}

async function makeKey(name: string, type: 1 | 4): Promise<{ key: VerifierKey; sign(text: string): Promise<string> }> {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair;
  const typed = new Uint8Array([type, ...new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))]);
  const id = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array([...utf8(`${name}\n`), ...typed]))).slice(0, 4);
  const key = await parseVerifierKey(`${name}+${Array.from(id, (byte) => byte.toString(16).padStart(2, '0')).join('')}+${base64(typed)}`);
  return {
    key,
    sign: async (text) => {
      const time = new Uint8Array(8);
      new DataView(time.buffer).setBigUint64(0, 1_795_000_000n);
      const message = type === 4 ? `cosignature/v1\ntime 1795000000\n${text}` : text;
      const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', pair.privateKey, utf8(message)));
      return `— ${name} ${base64(new Uint8Array([...id, ...(type === 4 ? time : []), ...signature]))}\n`;
    },
  };
}

const ORIGIN = 'log.example/audit';
const entries = Array.from(
  { length: 9 },
  (_, index) => `{"correlationId":"c-${index}","kind":"billing.invoice.refunded","outcome":"ok","time":"2026-11-21T09:06:48.12345${index}Z"}`,
);
const shown = (index: number) => ({ correlationId: `C-${index}`, kind: 'billing.invoice.refunded', outcome: 'OK', time: `2026-11-21T09:06:48.12345${index}Z`, actorId: null });
const log = await makeKey(ORIGIN, 1);
const witness = await makeKey('witness.example/w1', 4);
const leaves = await Promise.all(entries.map((entry) => leafHash(utf8(entry))));

async function prove(index: number, size: number, signers = [log]): Promise<InclusionProof> {
  const text = `${ORIGIN}\n${size}\n${base64(await rootByTheLetter(leaves.slice(0, size)))}\n`;
  const lines = await Promise.all(signers.map((signer) => signer.sign(text)));
  return {
    index,
    leafHash: base64(leaves[index] ?? new Uint8Array()),
    hashes: (await pathByTheLetter(index, leaves.slice(0, size))).map(base64),
    checkpoint: `${text}\n${lines.join('')}`,
    entry: entries[index] ?? null,
  };
}

const served = { served: [log.key], pinned: [] };

describe('an event checked in the browser (L6, H09)', () => {
  it('is found intact at every place of every tree up to nine entries, and nowhere with another root', async () => {
    for (let size = 1; size <= entries.length; size += 1)
      for (let index = 0; index < size; index += 1) {
        const proof = await prove(index, size);
        expect(await checkEvent(proof, shown(index), served), `${index} of ${size}`).toMatchObject({
          verdict: 'good',
          bytes: 'good',
          facts: 'good',
          path: 'good',
          signature: 'good',
        });
        for (let wrong = 0; wrong < size; wrong += 1)
          if (wrong !== index) expect((await checkEvent({ ...proof, index: wrong }, shown(index), served)).path, `${index} of ${size} as ${wrong}`).toBe('bad');
      }
  });

  it('names what does not fit: bytes, fact, path, signature', async () => {
    const proof = await prove(3, 9);
    const bad = async (change: Partial<InclusionProof>, facts = shown(3)) => {
      const { verdict, bytes, facts: same, differing, path, signature } = await checkEvent({ ...proof, ...change }, facts, served);
      return { verdict, bad: Object.entries({ bytes, facts: same, path, signature }).flatMap(([name, result]) => (result === 'bad' ? [name] : [])), differing };
    };
    expect(await bad({ entry: (proof.entry ?? '').replace('refunded', 'voided') })).toEqual({ verdict: 'bad', bad: ['bytes', 'facts'], differing: ['kind'] });
    expect(await bad({}, { ...shown(3), outcome: 'DENIED' })).toEqual({ verdict: 'bad', bad: ['facts'], differing: ['outcome'] });
    expect(await bad({ entry: `${(proof.entry ?? '').slice(0, -1)},"actorId":"x"}`, leafHash: base64(leaves[3] ?? new Uint8Array()) })).toMatchObject({
      bad: ['bytes', 'facts'],
      differing: ['actorId'],
    });
    expect((await bad({ hashes: proof.hashes.toReversed() })).bad).toEqual(['path']);
    expect((await bad({ hashes: proof.hashes.slice(1) })).bad).toEqual(['path']);
    expect((await bad({ hashes: [...proof.hashes, proof.hashes[0] ?? ''] })).bad).toEqual(['path']);
    expect((await bad({ leafHash: base64(leaves[4] ?? new Uint8Array()) })).bad).toEqual(['bytes', 'path']);
    expect((await bad({ checkpoint: proof.checkpoint.replace('\n9\n', '\n8\n') })).bad).toContain('signature');
    expect((await bad({ checkpoint: 'nonsense' })).bad).toEqual(['path', 'signature']);
    expect((await bad({ hashes: ['###'] })).bad).toEqual(['path']);
  });

  it('compares what changed too, whatever the order of members, and finds a value that was put where there was none', async () => {
    const entry = '{"after":{"status":"paid","tags":{"a":1,"bb":[2]}},"before":{"status":null},"fieldsRead":["person.email"],"kind":"k"}';
    const leaf = await leafHash(utf8(entry));
    const text = `${ORIGIN}\n1\n${base64(leaf)}\n`;
    const proof = { index: 0, leafHash: base64(leaf), hashes: [], checkpoint: `${text}\n${await log.sign(text)}`, entry };
    const facts = { kind: 'k', 'after.status': 'paid', 'before.status': null, 'after.tags': '{"bb":[2],"a":1}', fieldsRead: '["person.email"]', reason: null };
    expect(await checkEvent(proof, facts, served)).toMatchObject({ verdict: 'good', differing: [] });
    const { differing } = await checkEvent(
      proof,
      { ...facts, 'after.status': 'void', 'before.status': 'open', 'after.tags': '{"bb":[3],"a":1}', fieldsRead: '[]', reason: 'x' },
      served,
    );
    expect(differing).toEqual(['after.status', 'before.status', 'after.tags', 'fieldsRead', 'reason']);
  });

  it('says nothing of bytes that the viewer may not have, and still checks place and signature', async () => {
    expect(await checkEvent({ ...(await prove(2, 7)), entry: null }, shown(2), served)).toMatchObject({ verdict: 'good', bytes: 'open', facts: 'open', path: 'good' });
  });

  it('believes a pinned key alone: a gateway that signs with another one is found out, whatever it serves as its key (H13)', async () => {
    const thief = await makeKey(ORIGIN, 1);
    const forged = await prove(1, 5, [thief]);
    expect(await checkEvent(forged, shown(1), { served: [thief.key], pinned: [] })).toMatchObject({ verdict: 'good', pinned: false });
    expect(await checkEvent(forged, shown(1), { served: [thief.key], pinned: [log.key] })).toMatchObject({ verdict: 'bad', signature: 'bad', pinned: true });
    expect(await checkEvent(await prove(1, 5, [log, thief]), shown(1), { served: [log.key, thief.key], pinned: [log.key] })).toMatchObject({ verdict: 'good', pinned: true });
  });

  it('counts a witness only against a pinned key, and a bad one spoils all', async () => {
    const proof = await prove(1, 5, [log, witness]);
    expect((await checkEvent(proof, shown(1), served)).witnesses).toEqual({ checked: [], unchecked: ['witness.example/w1'] });
    expect(await checkEvent(proof, shown(1), { ...served, pinned: [witness.key] })).toMatchObject({
      verdict: 'good',
      pinned: false,
      witnesses: { checked: ['witness.example/w1'], unchecked: [] },
    });
    const line = (await prove(1, 6, [witness])).checkpoint.split('\n').at(-2);
    const spoilt = { ...proof, checkpoint: `${(await prove(1, 5)).checkpoint}${line}\n` };
    expect((await checkEvent(spoilt, shown(1), { ...served, pinned: [witness.key] })).verdict).toBe('bad');
  });

  it('writes the proof as C2SP tlog-proof, and refuses a key whose ID is not its own', async () => {
    const proof = await prove(1, 2);
    expect(proofText(proof)).toBe(`c2sp.org/tlog-proof@v1\nindex 1\n${proof.hashes[0]}\n\n${proof.checkpoint}`);
    await expect(parseVerifierKey(log.key.text.replace(ORIGIN, 'other.example'))).rejects.toThrow('not its own');
    await expect(parseVerifierKey('nonsense')).rejects.toThrow();
  });
});
