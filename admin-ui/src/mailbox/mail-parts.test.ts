import { describe, expect, it } from 'vitest';
import { partsOf } from './mail-parts.ts';

const ORIGIN = 'https://admin.example';

describe('the text of a mail', () => {
  it('leads into this console, and nowhere else (J02)', () => {
    const body = 'Look:\nhttps://admin.example/break-glass/1?a=b#c\nnot https://evil.example/x nor javascript:alert(1) nor https://admin.example.evil.example/';
    expect(partsOf(body, ORIGIN)).toEqual([
      { text: 'Look:\n' },
      { path: '/break-glass/1?a=b#c', address: 'https://admin.example/break-glass/1?a=b#c' },
      { text: '\nnot https://evil.example/x nor javascript:alert(1) nor https://admin.example.evil.example/' },
    ]);
  });

  it('leaves nothing out and adds nothing', () => {
    for (const body of ['', 'plain', `${ORIGIN}/a ${ORIGIN}/b`, `${ORIGIN}`, `x${ORIGIN}/a"b`]) {
      const said = partsOf(body, ORIGIN).map((part) => ('path' in part ? part.address : part.text));
      expect(said.join('')).toBe(body);
    }
  });

  it('never takes a path for another host', () => {
    const parts = partsOf('https://admin.example//evil.example/x', ORIGIN);
    expect(parts.filter((part) => 'path' in part)).toEqual([]);
  });
});
