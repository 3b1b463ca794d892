import { parseCheckpoint, printCheckpoint } from '@sallyport/server/transparency/checkpoint.ts';
import { makeInclusionProof } from '@sallyport/server/transparency/inclusion-proof.ts';
import { checkLogProof, parseLogProof, printLogProof } from '@sallyport/server/transparency/log-proof.ts';
import { signNote } from '@sallyport/server/transparency/note.ts';
import { generateSignerKey } from '@sallyport/server/transparency/note-key.ts';
import { openCheckpoint, type TrustPolicy } from '@sallyport/server/transparency/open-checkpoint.ts';
import { describe, expect, test } from 'vitest';
import { entriesOf, naiveLeaf, naiveReader, naiveRoot } from './reference-tree.ts';

const fault = (reason: string): unknown => expect.objectContaining({ name: 'LogFault', reason });
/** The example of C2SP tlog-checkpoint. */
const PUBLISHED = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
const [ORIGIN = '', , ROOT = ''] = PUBLISHED.split('\n');

describe('H10: the text of a checkpoint', () => {
  test('the published example is read and printed unchanged', () => {
    expect(parseCheckpoint(PUBLISHED)).toMatchObject({ origin: ORIGIN, size: 20_852_163, extensions: [] });
    expect(printCheckpoint(parseCheckpoint(PUBLISHED))).toBe(PUBLISHED);
  });

  test.each([
    ['the empty log', `${ORIGIN}\n0\n${ROOT}\n`],
    ['an origin with spaces', `go.sum database tree\n1\n${ROOT}\n`],
    ['extension lines', `${PUBLISHED}one\ntwo words\n`],
    ['the largest size', `${ORIGIN}\n9007199254740991\n${ROOT}\n`],
  ])('%s is read and printed unchanged', (_what, text) => {
    expect(printCheckpoint(parseCheckpoint(text))).toBe(text);
  });

  test.each([
    ['nothing', ''],
    ['no origin', `\n1\n${ROOT}\n`],
    ['two lines', `${ORIGIN}\n1\n`],
    ['no last line end', PUBLISHED.slice(0, -1)],
    ['an empty extension line', `${PUBLISHED}\n`],
    ['an empty line among extensions', `${PUBLISHED}a\n\nb\n`],
    ['a leading zero', `${ORIGIN}\n01\n${ROOT}\n`],
    ['a sign', `${ORIGIN}\n+1\n${ROOT}\n`],
    ['a negative size', `${ORIGIN}\n-1\n${ROOT}\n`],
    ['hex', `${ORIGIN}\n0x1\n${ROOT}\n`],
    ['an exponent', `${ORIGIN}\n1e3\n${ROOT}\n`],
    ['digits that are not ASCII', `${ORIGIN}\n١\n${ROOT}\n`],
    ['a space', `${ORIGIN}\n1 \n${ROOT}\n`],
    ['a size that would be rounded', `${ORIGIN}\n9007199254740993\n${ROOT}\n`],
    ['a root of 31 bytes', `${ORIGIN}\n1\n${Buffer.alloc(31).toString('base64')}\n`],
    ['a root of 33 bytes', `${ORIGIN}\n1\n${Buffer.alloc(33).toString('base64')}\n`],
    ['a root with spare bits set', PUBLISHED.replace('q2I=', 'q2J=')],
    ['a root in hex', `${ORIGIN}\n1\n${'00'.repeat(32)}\n`],
    ['a carriage return', PUBLISHED.replace('\n', '\r\n')],
    ['a control character in an extension', `${PUBLISHED}a\u0000\n`],
  ])('a checkpoint with %s is refused', (_what, text) => {
    expect(() => parseCheckpoint(text)).toThrow(fault('malformed-checkpoint'));
  });

  test('what could not be read back is not printed', () => {
    const good = parseCheckpoint(PUBLISHED);
    for (const bad of [
      { origin: '' },
      { origin: 'a\nb' },
      { size: -1 },
      { size: 2 ** 53 },
      { size: 0.5 },
      { root: Buffer.alloc(20) },
      { extensions: [''] },
      { extensions: ['a\nb'] },
    ])
      expect(() => printCheckpoint({ ...good, ...bad })).toThrow(fault('malformed-checkpoint'));
  });
});

describe('H10, H12: whom to believe', () => {
  const entries = entriesOf(40);
  const root = naiveRoot(entries);
  const text = printCheckpoint({ origin: 'example.com/log', size: 40, root, extensions: [] });
  const [log, next] = [generateSignerKey('example.com/log'), generateSignerKey('example.com/log')];
  const witnesses = ['a', 'b', 'c'].map((name) => generateSignerKey(`witness.example.com/${name}`, 'cosignature'));
  const policy: TrustPolicy = { origin: 'example.com/log', logKeys: [{ key: log.verifier }], witnesses: witnesses.map(({ verifier }) => verifier), leastCosignatures: 2 };
  const sign = (signers: readonly ReturnType<typeof generateSignerKey>[], of = text): string => signNote({ text: of, signatures: [] }, signers, 1_795_268_435);

  test('log and enough witnesses: opened, with the times that the witnesses state', () => {
    const opened = openCheckpoint(sign([log, ...witnesses]), policy);
    expect(opened.checkpoint).toMatchObject({ size: 40, origin: 'example.com/log' });
    expect(opened.cosignatures.map(({ name, time }) => `${name} ${time}`)).toEqual(['a', 'b', 'c'].map((name) => `witness.example.com/${name} 1795268435`));
  });

  test.each([
    ['one witness too few', 'too-few-cosignatures', () => sign([log, ...witnesses.slice(0, 1)])],
    ['witnesses without the log', 'no-known-signature', () => sign(witnesses)],
    ['a key that is not pinned', 'no-known-signature', () => sign([next, ...witnesses])],
    ['the log of another origin, signed with the right key', 'wrong-origin', () => sign([log, ...witnesses], text.replace('example.com/log', 'example.com/other'))],
    ['a note that is no checkpoint', 'malformed-checkpoint', () => sign([log], 'hello\n')],
  ] as const)('%s: refused', (_what, reason, note) => {
    expect(() => openCheckpoint(note(), policy)).toThrow(fault(reason));
  });

  test('one witness under two names is one witness', () => {
    const twin = { ...witnesses[0], verifier: { ...witnesses[0]?.verifier, name: 'witness.example.com/twin' } } as (typeof witnesses)[number];
    expect(() => openCheckpoint(sign([log, ...witnesses.slice(0, 1), twin]), { ...policy, witnesses: [...policy.witnesses, twin.verifier] })).toThrow(
      fault('too-few-cosignatures'),
    );
  });

  test('a retired key vouches for what it signed, and for nothing larger', () => {
    const retired = (lastSize: number): TrustPolicy => ({ ...policy, leastCosignatures: 0, logKeys: [{ key: log.verifier, lastSize }, { key: next.verifier }] });
    expect(openCheckpoint(sign([log]), retired(40)).checkpoint.size).toBe(40);
    expect(() => openCheckpoint(sign([log]), retired(39))).toThrow(fault('no-known-signature'));
    expect(openCheckpoint(sign([log, next]), retired(39)).logSignatures.map(({ keyId }) => keyId)).toEqual([next.verifier.keyId]);
  });

  test('a key in the wrong place is refused: a witness does not stand in for the log', () => {
    for (const wrong of [{ logKeys: [{ key: witnesses[0]?.verifier ?? log.verifier }] }, { witnesses: [log.verifier] }])
      expect(() => openCheckpoint(sign([log, ...witnesses]), { ...policy, ...wrong })).toThrow(fault('malformed-key'));
  });

  test.each([Number.NaN, -1, 0.5])('%d witnesses are not a number to ask for', (leastCosignatures) => {
    expect(() => openCheckpoint(sign([log, ...witnesses]), { ...policy, leastCosignatures })).toThrow(fault('out-of-range'));
  });

  test('L6: a proof file shows an entry offline, and nothing else', async () => {
    const hashes = await makeInclusionProof(naiveReader(entries), 17, 40);
    const file = printLogProof({ index: 17, hashes, checkpoint: sign([log, ...witnesses]), extra: Buffer.from('event 17') });
    const proof = parseLogProof(file);
    expect(printLogProof(proof)).toBe(file);
    expect(checkLogProof(proof, naiveLeaf(Buffer.from('entry 17')), policy).checkpoint.size).toBe(40);
    expect(() => checkLogProof(proof, naiveLeaf(Buffer.from('entry 18')), policy)).toThrow(fault('root-mismatch'));
    expect(() => checkLogProof({ ...proof, index: 18 }, naiveLeaf(Buffer.from('entry 17')), policy)).toThrow(fault('root-mismatch'));
    expect(() => checkLogProof(proof, naiveLeaf(Buffer.from('entry 17')), { ...policy, origin: 'example.com/theirs' })).toThrow(fault('wrong-origin'));
    for (const bad of [
      file.replace('@v1', '@v2'),
      file.replace('index 17', 'index 017'),
      file.replace('index 17\n', ''),
      file.replace('index 17\n', 'index 17\nAAAA\n'),
      file.replace('extra ', 'extra !'),
      file.replace('index 17', 'INDEX 17'),
    ])
      expect(() => parseLogProof(bad)).toThrow(fault('malformed-proof'));
  });

  test('L6: the proof of a log of one entry has no hashes', () => {
    const one = printCheckpoint({ origin: 'example.com/log', size: 1, root: naiveLeaf(Buffer.from('x')), extensions: [] });
    const file = printLogProof({ index: 0, hashes: [], checkpoint: sign([log, ...witnesses], one) });
    expect(checkLogProof(parseLogProof(file), naiveLeaf(Buffer.from('x')), policy).checkpoint.size).toBe(1);
  });
});
