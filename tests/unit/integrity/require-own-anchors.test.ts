import { requireOwnAnchors } from '@sallyport/server/integrity/require-own-anchors.ts';
import { bornAs, gapsOf, nameAfterGap } from '@sallyport/server/integrity/log-name.ts';
import { describe, expect, test } from 'vitest';

const seen = (origin: string) => ({ place: 'file', origin, size: 41, root: Buffer.alloc(32), note: '' });

describe('H09: an emptied or exchanged database beside an old anchor file', () => {
  test('is refused at the start, with the name of the log that is missing', () => {
    expect(() => requireOwnAnchors('/anchors', 'localhost/local/22222222', [seen('localhost/local/11111111')])).toThrow(/localhost\/local\/11111111.*41 events/);
  });

  test('an empty file, notes of this log and of its names after gaps are not', () => {
    const origin = 'admin.example.com/log';
    expect(() => requireOwnAnchors('/anchors', origin, [])).not.toThrow();
    expect(() => requireOwnAnchors('/anchors', `${origin}/gap/1`, [seen(origin), seen(`${origin}/gap/1`), seen(`${origin}/gap/2`)])).not.toThrow();
  });
});

test('a log keeps the name it was born with through every gap', () => {
  const second = nameAfterGap(nameAfterGap('admin.example.com/log'));
  expect([second, bornAs(second), gapsOf(second), gapsOf('admin.example.com/log')]).toEqual(['admin.example.com/log/gap/2', 'admin.example.com/log', 2, 0]);
});
