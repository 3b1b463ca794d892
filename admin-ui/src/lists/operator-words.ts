import type { MessageKey } from '../language/en.ts';

/** Message of an operator: dates and times read `from` and `until`, numbers `at least` and `at most`. */
export function operatorKey(type: string, operator: string): MessageKey {
  const moment = type === 'timestamp' || type === 'date';
  switch (operator) {
    case 'in':
    case 'eq':
      return 'operator.eq';
    case 'contains':
      return 'operator.contains';
    case 'startsWith':
      return 'operator.startsWith';
    case 'gt':
      return moment ? 'operator.after' : 'operator.gt';
    case 'gte':
      return moment ? 'operator.from' : 'operator.gte';
    case 'lt':
      return moment ? 'operator.before' : 'operator.lt';
    case 'lte':
      return moment ? 'operator.until' : 'operator.lte';
    default:
      return 'operator.isNull';
  }
}
