import { createPrivateKey } from 'node:crypto';
import type { LogFault } from '@sallyport/server/transparency/log-fault.ts';
import { type NoteSignature, openNote, parseNote, printNote, signNote } from '@sallyport/server/transparency/note.ts';
import { generateSignerKey, isKeyName, parseSignerKey, parseVerifierKey, printSignerKey, printVerifierKey } from '@sallyport/server/transparency/note-key.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

/** Published with Go's golang.org/x/mod/sumdb/note. */
const GO = {
  signer: 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz',
  verifier: 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  text: "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n",
  line: '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n',
  otherVerifier: 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop',
  otherLine: '— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n',
};
/** The example of C2SP signed-note. */
const C2SP = {
  verifier: 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k',
  note: 'This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n',
};
/** Made by implementations that are not ours (Go's note, and transparency-dev's cosignatures) from keys of one byte repeated. */
const MADE_ELSEWHERE = {
  signers: [
    'PRIVATE+KEY+example.com/go-made+c80e3452+AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB',
    'PRIVATE+KEY+example.com/go-made+546f7be2+AQICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIC',
  ],
  cosigner: 'PRIVATE+KEY+witness.example.com/made-in-go+d292c618+BAMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMD',
  text: 'example.com/go-made\n70000\no5IPun8jmgcam9EHIfE0Gt3vuu3ttBx+JEN6nRa98Ao=\n',
  lines:
    '— example.com/go-made yA40UpYUMAVP3VRcT+tfg/Zd9lYj+7JvrG4pcUnFJSNds6Sk0Z6pbooCBhxadR/wDdqj/7RVI+z7CqBPNCMHBCg2Qg4=\n' +
    '— example.com/go-made VG974gaH6ZotrouvWNQ5W4w7SYcONsPzYxFjhQrFfOwBKhm8LDvuK/9GYbzJ3J4/TRltcShXll3ezFSDuG/N4g1mRA4=\n',
  cosignature: '— witness.example.com/made-in-go 0pLGGAAAAABrAZ9TND76Rs3+/ny2Ad40iZEmnKS+dAlDUc8xCloqzBQwc6R8eR5iDs+LKflzxJ/vGPdX1iAkoCLGOkK/rP8BKFgLAA==\n',
  time: 1_795_268_435,
};

const fault = (reason: LogFault['reason']): unknown => expect.objectContaining({ name: 'LogFault', reason });
const peter = parseVerifierKey(GO.verifier);
const enoch = parseVerifierKey(GO.otherVerifier);
const signed = `${GO.text}\n${GO.line}`;

describe('H10: keys', () => {
  test.each([GO.verifier, GO.otherVerifier, C2SP.verifier])('%s is read and printed unchanged', (text) => {
    expect(printVerifierKey(parseVerifierKey(text))).toBe(text);
  });

  test.each([GO.signer, ...MADE_ELSEWHERE.signers, MADE_ELSEWHERE.cosigner])('a signer key is read and printed unchanged, and names its verifier', (text) => {
    expect(printSignerKey(parseSignerKey(text))).toBe(text);
  });

  test('the published signer key belongs to the published verifier key', () => {
    expect(printVerifierKey(parseSignerKey(GO.signer).verifier)).toBe(GO.verifier);
  });

  test.each([
    ['verifier', GO.verifier, parseVerifierKey],
    ['signer', GO.signer, parseSignerKey],
  ] as const)('no part of a %s key is one, nor one with any character changed', (_kind, text, parse) => {
    for (let from = 0; from < text.length; from += 1)
      for (let to = from + 1; to <= text.length; to += 1) if (from > 0 || to < text.length) expect(() => parse(text.slice(from, to))).toThrow(fault('malformed-key'));
    for (const [place, character] of [...text].entries())
      for (const other of [String.fromCodePoint((character.codePointAt(0) ?? 0) + 1), ' ', '+', '\n', '='])
        if (other !== character) expect(() => parse(text.slice(0, place) + other + text.slice(place + 1)), `${place} ${other}`).toThrow(fault('malformed-key'));
  });

  test.each([
    ['of another length, with the ID that fits', 'PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY=='],
    ['of an unknown type, with the ID that fits', 'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'],
    ['with its ID in capitals', GO.verifier.replace('c74f20a3', 'C74F20A3')],
    ['with something behind it', `${GO.verifier}\n`],
    ['that is private', GO.signer],
  ])('a verifier key %s is refused', (_what, text) => {
    expect(() => parseVerifierKey(text)).toThrow(fault('malformed-key'));
  });

  test('what is thrown over a signer key holds none of it', () => {
    const secret = GO.signer.slice(-44);
    for (const text of [`${GO.signer}=`, GO.signer.replace('c74f20a3', '00000000'), GO.signer.replace('Peter', ' ')])
      try {
        parseSignerKey(text);
        expect.unreachable();
      } catch (error) {
        expect(String((error as Error).stack)).not.toContain(secret.slice(0, 12));
      }
  });

  test('names have no white space of any kind, no plus, no control character', () => {
    for (const name of ['', ' ', 'a b', 'a+b', 'a\tb', 'a\u00a0b', 'a\u0085b', 'a\u2028', 'a\u3000b', 'a\nb', 'a\u0001b', '\ud800'])
      expect(isKeyName(name), JSON.stringify(name)).toBe(false);
    for (const name of ['example.com/log42', 'é', '日本', 'oid/1.2.3', 'a\u200bb']) expect(isKeyName(name), name).toBe(true);
    expect(() => generateSignerKey('a b')).toThrow(fault('malformed-key'));
  });

  test('the same bytes as a log key and as a cosigner key have two IDs', () => {
    const cosigner = MADE_ELSEWHERE.cosigner;
    expect(parseSignerKey(cosigner).verifier.type).toBe('cosignature');
    const asLog = cosigner.replace('+BAMD', '+AQMD');
    expect(asLog).not.toBe(cosigner);
    expect(() => parseSignerKey(asLog)).toThrow(fault('malformed-key'));
  });
});

describe('H10: notes', () => {
  test('the published notes are accepted, and our signing gives the same bytes', () => {
    expect(openNote(C2SP.note, [parseVerifierKey(C2SP.verifier)]).text).toBe('This is an example message.\n');
    expect(openNote(Buffer.from(signed), [peter]).verified.map(({ name, keyId }) => `${name} ${keyId}`)).toEqual(['PeterNeumann c74f20a3']);
    expect(signNote({ text: GO.text, signatures: [] }, [parseSignerKey(GO.signer)], 0)).toBe(signed);
    expect(signNote(parseNote(`${GO.text}\n${GO.otherLine}`), [parseSignerKey(GO.signer)], 0)).toBe(`${GO.text}\n${GO.otherLine}${GO.line}`);
  });

  test('what another implementation signed with two keys is accepted with both, with either, and reproduced', () => {
    const signers = MADE_ELSEWHERE.signers.map(parseSignerKey);
    const note = `${MADE_ELSEWHERE.text}\n${MADE_ELSEWHERE.lines}`;
    const keys = signers.map(({ verifier }) => verifier);
    expect(openNote(note, keys).verified).toHaveLength(2);
    for (const key of keys) expect(openNote(note, [key])).toMatchObject({ verified: [{ keyId: key.keyId }], unknown: [{ name: key.name }] });
    expect(signNote({ text: MADE_ELSEWHERE.text, signatures: [] }, signers, 0)).toBe(note);
  });

  test('what another implementation cosigned is accepted with its time, and reproduced', () => {
    const cosigner = parseSignerKey(MADE_ELSEWHERE.cosigner);
    const note = `${MADE_ELSEWHERE.text}\n${MADE_ELSEWHERE.cosignature}`;
    expect(openNote(note, [cosigner.verifier]).verified).toMatchObject([{ time: MADE_ELSEWHERE.time }]);
    expect(signNote({ text: MADE_ELSEWHERE.text, signatures: [] }, [cosigner], MADE_ELSEWHERE.time)).toBe(note);
  });

  test('signatures of keys that are not known say nothing, and a note with none other is refused', () => {
    const both = `${signed}${GO.otherLine}`;
    expect(openNote(both, [peter])).toMatchObject({ verified: [{ name: 'PeterNeumann' }], unknown: [{ name: 'EnochRoot' }] });
    expect(openNote(both, [peter, enoch]).unknown).toEqual([]);
    expect(() => openNote(both, [])).toThrow(fault('no-known-signature'));
    // Known by name or by ID alone is not known.
    expect(() => openNote(signed.replace('PeterNeumann', 'CarmenSandiego'), [peter])).toThrow(fault('no-known-signature'));
    expect(() => openNote(signed.replace('x08g', 'xxxx'), [peter])).toThrow(fault('no-known-signature'));
  });

  test('one bad signature of a known key spoils the note, whatever else is on it', () => {
    const bad = `${GO.line.slice(0, 60)}ABCD${GO.line.slice(60)}`;
    expect(() => openNote(`${GO.text}\n${bad}`, [peter])).toThrow(fault('invalid-signature'));
    expect(() => openNote(`${GO.text}\n${GO.otherLine}${bad}`, [peter, enoch])).toThrow(fault('invalid-signature'));
    expect(() => openNote(`${signed}${bad}`, [peter])).toThrow(fault('invalid-signature'));
    expect(() => openNote(`${GO.text.replace('answer', 'question')}\n${GO.line}`, [peter])).toThrow(fault('invalid-signature'));
  });

  test('a key counts once, however often it signed', () => {
    expect(openNote(`${signed}${GO.line}${GO.line}`, [peter]).verified).toHaveLength(1);
  });

  test('two known keys with one name and one ID are refused, the same key twice is not', () => {
    const forged = { ...enoch, name: peter.name, keyId: peter.keyId };
    expect(() => openNote(signed, [peter, forged])).toThrow(fault('ambiguous-key'));
    expect(openNote(signed, [peter, parseVerifierKey(GO.verifier)]).verified).toHaveLength(1);
  });

  test.each([
    ['no signatures', GO.text],
    ['an empty list of signatures', `${GO.text}\n`],
    ['no line end', signed.slice(0, -1)],
    ['a control character', `\u0001${signed}`],
    ['a carriage return', signed.replaceAll('\n', '\r\n')],
    ['a tab', `\t${signed}`],
    ['a name with a space', `${GO.text}\n— Bad Name x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`],
    ['a line that is none', `${signed}Unexpected line.\n`],
    ['a hyphen for the dash', signed.replace('— ', '- ')],
    ['two spaces', signed.replace('— Peter', '—  Peter')],
    ['something behind the signature', signed.replace('nAM=\n', 'nAM= x\n')],
    ['base64 of another alphabet', signed.replace('x08go/', 'x08go_')],
    ['base64 without padding', signed.replace('nAM=\n', 'nAM\n')],
    ['base64 with spare bits set', signed.replace('nAM=\n', 'nAN=\n')],
    ['a signature of nothing but the key ID', `${GO.text}\n— PeterNeumann x08gow==\n`],
    ['101 signatures', `${GO.text}\n${GO.line.repeat(101)}`],
    ['a lone surrogate', `\ud800${signed}`],
    ['more than a million characters', `${'a'.repeat(1_000_000)}${signed}`],
  ])('a note with %s is refused', (_what, note) => {
    expect(() => openNote(note, [peter])).toThrow(fault('malformed-note'));
  });

  test('bytes that are no UTF-8 are refused', () => {
    expect(() => openNote(Buffer.concat([Buffer.of(0xff), Buffer.from(signed)]), [peter])).toThrow(fault('malformed-note'));
    expect(() => openNote(Buffer.concat([Buffer.of(0xed, 0xa0, 0x80), Buffer.from(signed)]), [peter])).toThrow(fault('malformed-note'));
  });

  test('a byte order mark belongs to the text', () => {
    expect(() => openNote(Buffer.from(`\ufeff${signed}`), [peter])).toThrow(fault('invalid-signature'));
  });

  test('16 signatures and empty lines in the text are fine; the last empty line divides', () => {
    const signers = Array.from({ length: 16 }, (_, place) => generateSignerKey(`example.com/${place}`));
    const text = 'one\n\n\ntwo\n\n— not a signature\n';
    const note = signNote({ text, signatures: [] }, signers, 0);
    expect(
      openNote(
        note,
        signers.map(({ verifier }) => verifier),
      ),
    ).toMatchObject({ text, unknown: [] });
  });

  test('whatever is signed is opened again with the same text, and printing what was read gives the same bytes', () => {
    const signer = generateSignerKey('example.com/any');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (any) => {
        const text = `${any.toWellFormed().replaceAll(/[\u0000-\u0009\u000b-\u001f]/g, '')}\n`;
        const note = signNote({ text, signatures: [] }, [signer], 0);
        expect(openNote(Buffer.from(note), [signer.verifier]).text).toBe(text);
        expect(printNote(parseNote(note))).toBe(note);
      }),
    );
  });

  test('any one byte changed is noticed', () => {
    const bytes = Buffer.from(signed);
    for (const place of bytes.keys()) {
      const changed = Buffer.from(bytes);
      changed[place] = (changed[place] ?? 0) ^ 0x01;
      expect(() => openNote(changed, [peter]), `byte ${place}`).toThrow(expect.objectContaining({ name: 'LogFault' }));
    }
  });

  test('a text that could not be read back is not signed', () => {
    for (const text of ['abc', '', 'a\rb\n', '\ud800\n']) expect(() => signNote({ text, signatures: [] }, [parseSignerKey(GO.signer)], 0)).toThrow(fault('malformed-note'));
    expect(() => signNote({ text: 'a\n', signatures: [] }, [], 0)).toThrow(fault('malformed-note'));
    expect(() => signNote({ text: 'a\n', signatures: [{ name: 'a+b', keyId: '00000000', signature: Buffer.alloc(64) }] }, [parseSignerKey(GO.signer)], 0)).toThrow(
      fault('malformed-note'),
    );
  });

  test('a key is changed with both on the notes, and signing again replaces a key’s own line only', () => {
    const [before, after] = [generateSignerKey('example.com/log'), generateSignerKey('example.com/log')];
    const overlap = signNote(parseNote(signNote({ text: 'a\n', signatures: [] }, [before], 0)), [after], 0);
    for (const key of [before, after]) expect(openNote(overlap, [key.verifier]).verified).toHaveLength(1);
    expect(parseNote(signNote(parseNote(overlap), [before], 0)).signatures.map(({ keyId }) => keyId)).toEqual([after.verifier.keyId, before.verifier.keyId]);
  });
});

describe('H12: cosignatures', () => {
  const witness = generateSignerKey('witness.example.com/w', 'cosignature');
  const text = MADE_ELSEWHERE.text;

  test('a witness says nothing of a text that is no checkpoint', () => {
    expect(() => signNote({ text: 'hello\n', signatures: [] }, [witness], 1)).toThrow(fault('malformed-checkpoint'));
  });

  test('the time is signed with it', () => {
    const note = parseNote(signNote({ text, signatures: [] }, [witness], 1_795_268_435));
    const later = note.signatures.map((line) => ({ ...line, signature: Buffer.from(line.signature) }));
    later[0]?.signature.writeBigUInt64BE(1_795_268_436n);
    expect(() => openNote(printNote({ text, signatures: later }), [witness.verifier])).toThrow(fault('invalid-signature'));
  });

  test('a witness that signed twice counts once, with the first time that it states, and both have to be good', () => {
    const [first, second] = [5, 9].map((time) => parseNote(signNote({ text, signatures: [] }, [witness], time)).signatures).map((lines) => lines[0]) as [
      NoteSignature,
      NoteSignature,
    ];
    expect(openNote(printNote({ text, signatures: [first, second] }), [witness.verifier]).verified).toMatchObject([{ time: 5 }]);
    const forged = { ...second, signature: Buffer.alloc(72, 1) };
    expect(() => openNote(printNote({ text, signatures: [first, forged] }), [witness.verifier])).toThrow(fault('invalid-signature'));
  });

  test.each([-1, 1.5, Number.NaN, 2 ** 53])('%d is no time to sign', (time) => {
    expect(() => signNote({ text, signatures: [] }, [witness], time)).toThrow(fault('out-of-range'));
  });

  test('a time beyond any clock, or none at all, is refused', () => {
    for (const signature of [Buffer.alloc(72, 0xff), Buffer.alloc(7), Buffer.alloc(8), Buffer.alloc(64), Buffer.alloc(73)])
      expect(() => openNote(printNote({ text, signatures: [{ ...witness.verifier, signature }] }), [witness.verifier])).toThrow(fault('invalid-signature'));
  });

  test('a log’s signature is no cosignature of the same key, nor the other way round', () => {
    const log = {
      verifier: parseVerifierKey(printVerifierKey(generateSignerKey('x').verifier)),
      privateKey: createPrivateKey(witness.privateKey.export({ type: 'pkcs8', format: 'pem' })),
    };
    const plain = parseNote(signNote({ text, signatures: [] }, [log], 0)).signatures.map((line) => ({ ...line, name: witness.verifier.name, keyId: witness.verifier.keyId }));
    expect(() => openNote(printNote({ text, signatures: plain }), [witness.verifier])).toThrow(fault('invalid-signature'));
    const timed = parseNote(signNote({ text, signatures: [] }, [witness], 5)).signatures.map((line) => ({
      ...line,
      name: peter.name,
      keyId: peter.keyId,
      signature: line.signature.subarray(8),
    }));
    expect(() => openNote(printNote({ text, signatures: timed }), [{ ...peter, publicKey: witness.verifier.publicKey }])).toThrow(fault('invalid-signature'));
  });
});
