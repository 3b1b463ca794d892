import { expect, it } from 'vitest';
import { eventsByHour } from './events-by-hour.ts';

const NOW = Date.parse('2026-11-21T12:34:56Z');
const at = (hour: string, size: number) => ({ hour: `2026-11-${hour}:00:00Z`, size, checkpoints: 1 });
const counted = (...[hours, size]: [Parameters<typeof eventsByHour>[0], number]) =>
  eventsByHour(hours, size, NOW).flatMap(({ hour, events }) => (events > 0 ? [[hour.slice(8, 13), events]] : []));

it('counts what each hour added, the present one up to now, and nothing of before the day', () => {
  expect(counted([at('20T09', 1000), at('21T10', 1040), at('21T12', 1050)], 1052)).toEqual([
    ['21T10', 40],
    ['21T12', 12],
  ]);
  expect(eventsByHour([], 0, NOW)).toHaveLength(24);
});

it('begins at nothing where the log began within the day, and a gap takes nothing away', () => {
  expect(counted([at('21T11', 30)], 30)).toEqual([['21T11', 30]]);
  expect(counted([at('20T09', 100), at('21T10', 90), at('21T11', 95)], 95)).toEqual([['21T11', 5]]);
});
