import { GraphQLError, Kind, valueFromASTUntyped } from 'graphql';
import type { Builder } from '../builder.ts';

const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DECIMAL = /^-?(0|[1-9]\d{0,15})(\.\d{1,4})?$/;

/** A scalar that is a text of one form. What does not fit is refused without being repeated (X10). */
function addTextScalar(builder: Builder, name: 'DateTime' | 'Date' | 'Decimal', description: string, fits: (text: string) => boolean): void {
  const parse = (value: unknown): string => {
    if (typeof value !== 'string' || !fits(value)) throw new GraphQLError(`Not a ${name}`);
    return value;
  };
  builder.scalarType(name, {
    description,
    serialize: (value) => value,
    parseValue: parse,
    parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : null),
  });
}

/** Whether the day is in the calendar: `Date.parse` takes the 30th of February and the year 0, the database neither. */
function isTime(text: string): boolean {
  const day = text.slice(0, 10);
  const parsed = Date.parse(day);
  return !Number.isNaN(parsed) && !Number.isNaN(Date.parse(text)) && new Date(parsed).toISOString().startsWith(day) && !day.startsWith('0000');
}

export function addScalars(builder: Builder): void {
  addTextScalar(builder, 'DateTime', 'An instant, ISO 8601 in UTC with up to six decimals: 2026-11-21T09:06:48.123456Z', (text) => DATE_TIME.test(text) && isTime(text));
  addTextScalar(builder, 'Date', 'A calendar day, ISO 8601: 2026-11-21', (text) => DATE.test(text) && isTime(text));
  addTextScalar(builder, 'Decimal', 'An exact decimal as text, at most 16 digits before and 4 after the point: "4500000.00"', (text) => DECIMAL.test(text));
  builder.scalarType('Json', {
    description: 'Any JSON value. Only ever an answer.',
    serialize: (value) => value,
    parseValue: () => {
      throw new GraphQLError('Json is not accepted as input');
    },
    parseLiteral: (node) => valueFromASTUntyped(node),
  });
}
