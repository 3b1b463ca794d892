import { GatewayError, type InputIssue } from '@sallyport/schema/errors.ts';
import type { ActionDeclaration, InputDeclaration } from '@sallyport/schema/vocabulary/define-action.ts';
import { z } from 'zod';

export interface ParsedInput {
  readonly id: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly reason: string | null;
  readonly ticket: string | null;
  readonly expectedVersion: string | null;
  readonly preview: boolean;
}

/** Control characters that no text of an action may hold; line breaks are allowed where text has several lines. */
const UNPRINTABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
const UNPRINTABLE_OR_BREAK = /[\u0000-\u001f\u007f]/;
const DECIMAL = /^-?\d{1,16}(\.\d{1,4})?$/;

/** Ten-thousandths as a whole number: the finest step that an amount may have. */
export function tenThousandths(decimal: string): bigint {
  const [whole = '0', fraction = ''] = decimal.replace('-', '').split('.');
  const size = BigInt(whole) * 10_000n + BigInt(fraction.padEnd(4, '0'));
  return decimal.startsWith('-') ? -size : size;
}

function schemaOf(input: InputDeclaration): z.ZodType {
  switch (input.type) {
    case 'integer':
      return z.number('a whole number').int('a whole number').min(input.min, `at least ${input.min}`).max(input.max, `at most ${input.max}`);
    case 'boolean':
      return z.boolean('yes or no');
    case 'enum':
      return z.enum(Object.keys(input.values) as [string, ...string[]], 'one of the values offered');
    case 'money':
      return z
        .string('an amount')
        .regex(DECIMAL, 'an amount such as 1500000.00')
        .refine(
          (value) => DECIMAL.test(value) && tenThousandths(value) >= tenThousandths(input.min) && tenThousandths(value) <= tenThousandths(input.max),
          `from ${input.min} to ${input.max}`,
        );
    case 'email':
    case 'url':
    case 'text': {
      const bad = input.multiline ? UNPRINTABLE : UNPRINTABLE_OR_BREAK;
      const text = z
        .string('text')
        .min(input.minLength ?? (input.optional ? 0 : 1), 'too short')
        .max(input.maxLength, `at most ${input.maxLength} characters`)
        .refine((value) => !bad.test(value), 'no control characters')
        .refine((value) => input.optional || value.trim() !== '', 'not blank');
      if (input.type === 'email') return text.pipe(z.email('an e-mail address'));
      if (input.type === 'url') return text.refine(isHttpsUrl, 'an https address without a user name');
      return text;
    }
  }
}

function isHttpsUrl(value: string): boolean {
  const url = URL.parse(value);
  return url !== null && url.protocol === 'https:' && url.username === '' && url.password === '' && url.hostname !== '';
}

const schemas = new WeakMap<ActionDeclaration, z.ZodObject>();

/** Unknown keys are refused, never ignored (C10, C11). */
function inputSchema(action: ActionDeclaration): z.ZodObject {
  const known = schemas.get(action);
  if (known) return known;
  const shape = Object.fromEntries(Object.entries(action.input).map(([name, input]) => [name, input.optional ? schemaOf(input).nullish() : schemaOf(input)]));
  const schema = z.strictObject(shape);
  schemas.set(action, schema);
  return schema;
}

/** @throws {GatewayError} BAD_INPUT with the places that are wrong; the values are never repeated. */
export function parseInput(action: ActionDeclaration, args: Readonly<Record<string, unknown>>): ParsedInput {
  const { id, justification, expectedVersion, preview, ...values } = args;
  const issues: InputIssue[] = [];
  const parsed = inputSchema(action).safeParse(values);
  if (!parsed.success) issues.push(...parsed.error.issues.map((issue) => ({ path: ['input', ...issue.path].join('.'), message: issue.message })));
  if (typeof id !== 'string' || id === '' || id.length > 200) issues.push({ path: 'input.id', message: 'an ID' });
  const why = (justification ?? {}) as { reason?: string | null; ticket?: string | null };
  const reason = justificationText(why.reason, 2_000, 'input.justification.reason', issues);
  const ticket = justificationText(why.ticket, 100, 'input.justification.ticket', issues);
  if (issues.length > 0 || !parsed.success) throw new GatewayError('BAD_INPUT', undefined, { issues });
  return {
    id: String(id),
    values: parsed.data,
    reason,
    ticket,
    expectedVersion: typeof expectedVersion === 'string' ? expectedVersion : null,
    preview: preview === true,
  };
}

function justificationText(value: unknown, most: number, path: string, issues: InputIssue[]): string | null {
  if (typeof value !== 'string' || value.trim() === '') return null;
  const text = value.trim();
  if (text.length > most) issues.push({ path, message: `at most ${most} characters` });
  if (UNPRINTABLE.test(text)) issues.push({ path, message: 'no control characters' });
  return text;
}
