import { describe, expect, it } from 'vitest';
import { tokenExample } from './token-example.ts';

describe('the example beside a token', () => {
  const example = tokenExample('slp_abc', 'https://admin.example');

  it('sends the token in the header, never in the address (G13)', () => {
    const [first = ''] = example.split('\n');
    expect(first).toContain('https://admin.example/graphql');
    expect(first).not.toContain('slp_abc');
    expect(example).toContain("-H 'authorization: Bearer slp_abc'");
  });

  it('holds a body that is JSON, and stays out of the history of most shells', () => {
    const body = /-d '([^']+)'/.exec(example)?.[1] ?? '';
    expect(Object.keys(JSON.parse(body) as object)).toEqual(['query']);
    expect(example.startsWith(' ')).toBe(true);
  });
});
