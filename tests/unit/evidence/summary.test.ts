import { inTurn } from '@sallyport/schema/in-turn.ts';
import { policyParts } from '@sallyport/schema/modules/audit/report/policy-parts.ts';
import { escapeHtml, Html, html } from '@sallyport/server/evidence/report/html.ts';
import { parseEvidenceRequest } from '@sallyport/server/evidence/source/evidence-request.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

describe('H14 J: what is printed', () => {
  test('no text becomes markup, or leaves its place', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = html`<td title="${text}">${text}</td>`.text;
        expect(shown.match(/[<>]/g)).toEqual(['<', '>', '<', '>']);
        expect(shown.match(/"/g)).toHaveLength(2);
        expect(/[\u{202a}-\u{202e}\u{2066}-\u{2069}]/u.test(shown)).toBe(false);
      }),
    );
    expect(escapeHtml(`<a href='x'>&"\u{1b}[31m\u{202e}`)).toBe('&lt;a href=&#39;x&#39;&gt;&amp;&quot;\\u{001b}[31m\\u{202e}');
  });

  test('pieces nest, and only what says so is markup', () => {
    expect(html`<p>${[html`<b>${'<'}</b>`, new Html('<hr>')]}${null}${7}</p>`.text).toBe('<p><b>&lt;</b><hr>7</p>');
  });
});

describe('C2: the policy then in force', () => {
  const body = {
    permissions: [{ name: 'a.b.c', tier: 'routine' }, { name: 'a.b.d' }],
    roles: [
      { name: 'r', permissions: ['a.b.c'] },
      { name: 's', permissions: [] },
    ],
    actions: [{ name: 'act' }],
    modules: [
      { name: 'm', settings: { limit: 3 } },
      { name: 'n', settings: {} },
    ],
  };
  test('what was used is quoted word for word, what was not is left to the whole text', () => {
    expect(policyParts(body, { actions: ['act'], permissions: ['a.b.c'], roles: ['r'] })).toEqual({
      permissions: [{ name: 'a.b.c', tier: 'routine' }],
      roles: [{ name: 'r', permissions: ['a.b.c'] }],
      actions: [{ name: 'act' }],
      settings: { m: { limit: 3 } },
    });
  });
  test.each([null, undefined, 7, 'x', [[]], { permissions: 3, roles: 'x' }])('a text of another form (%j) gives nothing, and no fault', (other) => {
    expect(policyParts(other, { actions: ['act'], permissions: ['a.b.c'], roles: ['r'] })).toEqual({ permissions: [], roles: [], actions: [], settings: {} });
  });
});

describe('a reader takes some connections, not all', () => {
  test('so many at a time, in order, and a failure keeps no place', async () => {
    const turn = inTurn(3);
    let running = 0;
    let most = 0;
    const order: number[] = [];
    const work = Array.from({ length: 40 }, (_, index) =>
      turn(async () => {
        running += 1;
        most = Math.max(most, running);
        order.push(index);
        await new Promise((resolve) => setTimeout(resolve, index % 4));
        running -= 1;
        if (index % 5 === 0) throw new Error('no');
      }),
    );
    const ended = await Promise.allSettled(work);
    expect(ended.filter(({ status }) => status === 'rejected')).toHaveLength(8);
    expect([most, running]).toEqual([3, 0]);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });
});

test.each([
  [null, 'en'],
  ['id', 'id'],
  ['id-ID,id;q=0.9,en;q=0.8', 'id'],
  ['fr, en-GB;q=0.8, id;q=0.7', 'en'],
  ['de, id;q=0.5', 'id'],
  ['hindi, ident', 'en'],
])('Accept-Language %s gives %s', (accepted, language) => {
  expect(parseEvidenceRequest(new URLSearchParams({ tenantId: 'x' }), accepted).language).toBe(language);
});
