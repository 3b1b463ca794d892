import { networkOf } from '@sallyport/server/auth/attempt-budget.ts';
import { createCookieJar } from '@sallyport/server/auth/cookies.ts';
import { normaliseEmail } from '@sallyport/server/auth/email.ts';
import { hashPassword, readNewPassword } from '@sallyport/server/auth/password.ts';
import { normaliseRecoveryCode } from '@sallyport/server/auth/second-factor/recovery-codes.ts';
import { expect, test } from 'vitest';

test('A11 every spelling of an address is one address', () => {
  const spellings = [
    'rina@sallyport.example',
    'RINA@Sallyport.Example',
    ' rina@sallyport.example ',
    'rina@sallyport.example.',
    'rina@sallyport.example..',
    'ｒｉｎａ@sallyport.example',
    'rina＠sallyport.example',
  ];
  expect(new Set(spellings.map(normaliseEmail))).toEqual(new Set(['rina@sallyport.example']));
});

test("A11 what can't be an address is BAD_INPUT and not repeated", () => {
  for (const value of ['', 'rina', '@x', 'x@', 'a b@c.example', 'a\u200bb@c.example', 'a\0@c.example', `${'x'.repeat(400)}@c.example`, null, 7, ['a@b.c'], '\ud800@c.example']) {
    expect(() => normaliseEmail(value)).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT', detail: { issues: [{ path: 'email', message: expect.not.stringContaining('rina') }] } }),
    );
  }
});

test('A11 an IPv6 network counts as one, however it is written; IPv4 addresses each for themselves', () => {
  expect(networkOf('2001:db8:1:2::1')).toBe('2001:db8:1:2::/64');
  expect(networkOf('2001:0DB8:0001:0002:ffff:1:2:3')).toBe('2001:db8:1:2::/64');
  expect(networkOf('::1')).toBe('0:0:0:0::/64');
  expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
  expect(networkOf('::ffff:192.0.2.7')).toBe('192.0.2.7');
  expect(networkOf('192.0.2.7')).toBe('192.0.2.7');
});

test('A08 the jar reads its own cookie only, refuses two, and is not misled by lookalikes', () => {
  const jar = createCookieJar(true);
  const read = (cookie: string) => jar.readSession(new Headers({ cookie }));
  expect(read('a=1; __Host-sallyport_session=abc; b=2')).toBe('abc');
  expect(read('x__Host-sallyport_session=abc')).toBeNull();
  expect(read('sallyport_session=abc')).toBeNull();
  expect(() => read('__Host-sallyport_session=abc; __Host-sallyport_session=abc')).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
  expect(jar.readSessionLeniently(new Headers({ cookie: '__Host-sallyport_session=a; __Host-sallyport_session=b' }))).toBeNull();
});

test('A17 passwords are kept as argon2id; a new one needs twelve characters and not the address itself', async () => {
  expect(await hashPassword('correct horse battery')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(readNewPassword('kuda betul 12', 'x@y.example')).toBe('kuda betul 12');
  for (const weak of ['short', 'aaaaaaaaaaaaaaaa', 'Long.Enough@Sallyport.example'])
    expect(() => readNewPassword(weak, 'long.enough@sallyport.example')).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
});

test('B21 a recovery code reads with or without dashes and in either case; nothing else does', () => {
  expect(normaliseRecoveryCode('abcd-efgh-jklm-npqr')).toBe('ABCDEFGHJKLMNPQR');
  expect(normaliseRecoveryCode(' ABCD EFGH JKLM NPQR ')).toBe('ABCDEFGHJKLMNPQR');
  for (const value of ['ABCD-EFGH-JKLM-NPQ', 'ABCD-EFGH-JKLM-NPQ0', '', null, 7, ['ABCDEFGHJKLMNPQR'], 'A'.repeat(100)]) expect(normaliseRecoveryCode(value)).toBeNull();
});
