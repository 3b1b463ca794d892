import { expect, it } from 'vitest';
import { ownPath } from './own-path.ts';

it('after signing in one lands on a path of our own, never on another origin', () => {
  for (const next of [null, '', '//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', '/sign-in?next=/x', '/a\\b']) expect(ownPath(next)).toBe('/');
  expect(ownPath('/invoices/1?x=y')).toBe('/invoices/1?x=y');
});
