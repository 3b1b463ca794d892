import { modules } from '@sallyport/schema/index.ts';
import { registerModules } from '@sallyport/schema/resources/registry.ts';
import { parseInput } from '@sallyport/server/gates/parse-input.ts';
import { expect, test } from 'vitest';

const registry = registerModules(modules);
const action = registry.actions.get('inviteStaff');
const parse = (reason: string, displayName = 'Ayu') => {
  if (!action) throw new Error('inviteStaff is not declared');
  return parseInput(action, { displayName, email: 'ayu@sallyport.example', justification: { reason } }, registry);
};

test.each([
  ['a right-to-left override', 'Refund \u202e000.01\u202c'],
  ['an isolate', 'a\u2066b\u2069'],
  ['a zero-width space', 'adm\u200bin'],
  ['a byte order mark', 'rea\ufeffson'],
  ['a line separator', 'one\u2028two'],
  ['a C1 control', 'one\u0085two'],
  ['a soft hyphen', 'ad\u00admin'],
  ['a tag character', `x${String.fromCodePoint(0xe0041)}`],
  ['a pile of marks', `a${'\u0301'.repeat(12)}`],
  ['a NUL', 'a\0b'],
])('D06, D15: %s reaches no approver', (_what, text) => {
  expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  expect(() => parse('plain', text)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
});

test('words of any script, joiners and emoji pass', () => {
  const reason = 'Pelanggan menelepon: 客户来电, نمی\u200cخواهم, e\u0301, 👩\u200d💻 — IDR 1.000';
  expect(parse(reason).reason).toBe(reason);
});
