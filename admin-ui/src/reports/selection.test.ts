import { describe, expect, it } from 'vitest';
import { isEmpty, packPath, periodOf, selectionFrom, toSearch } from './selection.ts';

describe('a report is its address (C1)', () => {
  it('comes back from its address as it went in, and takes nothing else from there', () => {
    const selection = { correlationId: 'c-1', tenantId: 't & t', actorId: 'a', control: 'AC-6(9)', from: '2026-11-01T00:00:00.000Z', to: '2026-12-01T00:00:00.000Z' };
    expect(selectionFrom(new URLSearchParams(toSearch(selection).toString()))).toEqual(selection);
    expect(selectionFrom(new URLSearchParams('tenantId=%20&actorId=x&secret=1&language=id'))).toEqual({ actorId: 'x' });
    expect([isEmpty({}), isEmpty({ control: '' }), isEmpty({ control: 'AU-2' })]).toEqual([true, true, false]);
  });

  it('asks for the pack over the same selection, in a language of the house', () => {
    expect(packPath({ control: 'AC-6(9)' }, 'id')).toBe('/log/evidence?control=AC-6%289%29&language=id');
    expect(packPath({ tenantId: 'x' }, 'fr')).toBe('/log/evidence?tenantId=x&language=en');
  });

  it('names periods', () => {
    const now = Date.parse('2026-11-21T09:06:48.123Z');
    expect(periodOf('day', now)).toEqual({ from: '2026-11-20T09:06:48.123Z', to: '2026-11-21T09:06:48.123Z' });
    expect(periodOf('quarter', now).from).toBe('2026-10-01T00:00:00.000Z');
  });
});
