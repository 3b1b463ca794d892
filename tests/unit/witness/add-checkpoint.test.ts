import { parseAddCheckpoint, parseWitnessedSize, printAddCheckpoint } from '@sallyport/server/transparency/add-checkpoint.ts';
import { describe, expect, test } from 'vitest';

const fault = (...reasons: string[]): unknown => expect.objectContaining({ name: 'LogFault', reason: expect.toSatisfy((reason: string) => reasons.includes(reason)) as unknown });

/** The example of C2SP tlog-witness. */
const PROOF = [
  'PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=',
  'jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=',
  '5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=',
  '/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=',
];
const NOTE = [
  'example.com/behind-the-sofa',
  '20852163',
  'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=',
  '',
  '— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=',
  '— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=',
  '',
].join('\n');
const PUBLISHED = ['old 20852014', ...PROOF, '', NOTE].join('\n');
const [HASH = ''] = PROOF;

describe('H12: the request to cosign a checkpoint', () => {
  test('the published example is read and printed unchanged', () => {
    const read = parseAddCheckpoint(PUBLISHED);
    expect(read).toEqual({ oldSize: 20_852_014, proof: PROOF.map((line) => Buffer.from(line, 'base64')), note: NOTE });
    expect(printAddCheckpoint(read)).toBe(PUBLISHED);
  });

  test.each([
    ['no proof', `old 0\n\n${NOTE}`],
    ['as many hashes as are allowed', `old 5\n${`${HASH}\n`.repeat(63)}\n${NOTE}`],
  ])('a request with %s is read and printed unchanged', (_what, body) => {
    expect(printAddCheckpoint(parseAddCheckpoint(body))).toBe(body);
  });

  test.each([
    ['nothing', ''],
    ['no old size', PUBLISHED.slice(PUBLISHED.indexOf('\n') + 1)],
    ['an old size with a leading zero', PUBLISHED.replace('old 2', 'old 02')],
    ['a negative old size', PUBLISHED.replace('old 2', 'old -2')],
    ['two spaces', PUBLISHED.replace('old 2', 'old  2')],
    ['an old size that would be rounded', PUBLISHED.replace('old 20852014', 'old 9007199254740993')],
    ['a hash of 31 bytes', PUBLISHED.replace(HASH, Buffer.alloc(31).toString('base64'))],
    ['a hash with spare bits set', PUBLISHED.replace('pkaw=', 'pkax=')],
    ['64 hashes', `old 5\n${`${HASH}\n`.repeat(64)}\n${NOTE}`],
    ['no empty line', PUBLISHED.replace('\n\n', '\n')],
    ['no checkpoint', `old 0\n\n`],
    ['a checkpoint without signatures', `old 0\n\n${NOTE.slice(0, NOTE.indexOf('—'))}`],
    ['carriage returns', PUBLISHED.replaceAll('\n', '\r\n')],
  ])('a request with %s is refused', (_what, body) => {
    expect(() => parseAddCheckpoint(body)).toThrow(fault('malformed-proof', 'malformed-note'));
  });

  test.each([
    ['5\n', 5],
    ['0\n', 0],
    ['5', null],
    ['05\n', null],
    ['-1\n', null],
    ['5\n\n', null],
    ['', null],
    ['<html>', null],
  ])('the answer %j states the size %j', (body, size) => {
    expect(parseWitnessedSize(body)).toBe(size);
  });
});
