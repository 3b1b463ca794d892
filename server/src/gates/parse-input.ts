import { GatewayError, type InputIssue } from '@sallyport/schema/errors.ts';
import type { Registry } from '@sallyport/schema/resources/registry.ts';
import { createMemory } from '@sallyport/schema/resources/remembered-statement.ts';
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

/**
 * What no text of an action may hold: controls (line breaks where text has several lines are allowed), characters that turn the
 * direction of writing or separate lines unseen, that show nothing at all, and marks piled upon one character. Whoever
 * approves has to read what is there (Unicode UTS 55). Joiners stay: scripts and emoji need them.
 */
const DECEPTIVE = String.raw`\u0080-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb`;
const PILED = String.raw`\p{M}{9}|[\u{e0000}-\u{e007f}]`;
const UNPRINTABLE = new RegExp(String.raw`[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f${DECEPTIVE}]|${PILED}`, 'u');
const UNPRINTABLE_OR_BREAK = new RegExp(String.raw`[\u0000-\u001f\u007f${DECEPTIVE}]|${PILED}`, 'u');
const DECIMAL = /^-?\d{1,16}(\.\d{1,4})?$/;

/** Ten-thousandths as a whole number: the finest step that an amount may have. */
export function tenThousandths(decimal: string): bigint {
  const [whole = '0', fraction = ''] = decimal.replace('-', '').split('.');
  const size = BigInt(whole) * 10_000n + BigInt(fraction.padEnd(4, '0'));
  return decimal.startsWith('-') ? -size : size;
}

function schemaOf(input: InputDeclaration, registry: Registry): z.ZodType {
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
    case 'reference':
      return z.string('an ID').min(1, 'an ID').max(200, 'an ID');
    case 'tenants':
      return distinct(z.string('an ID').min(1, 'an ID').max(200, 'an ID'), input.max, input.optional ?? false);
    case 'permissions':
      return distinct(
        z.string('a permission').refine((name) => registry.permissions.has(name), 'a permission that is declared'),
        input.max,
        input.optional ?? false,
      );
    case 'email':
    case 'url':
    case 'text': {
      const bad = input.multiline ? UNPRINTABLE : UNPRINTABLE_OR_BREAK;
      const text = z
        .string('text')
        .min(input.minLength ?? (input.optional ? 0 : 1), 'too short')
        .max(input.maxLength, `at most ${input.maxLength} characters`)
        .refine((value) => !bad.test(value), 'no control, invisible or direction characters')
        .refine((value) => input.optional || value.trim() !== '', 'not blank');
      if (input.type === 'email') return text.pipe(z.email('an e-mail address'));
      if (input.type === 'url') return text.refine(isHttpsUrl, 'an https address without a user name');
      return text;
    }
  }
}

const distinct = (item: z.ZodString, most: number, mayBeEmpty: boolean): z.ZodType =>
  z
    .array(item, 'a list')
    .min(mayBeEmpty ? 0 : 1, 'at least one')
    .max(most, `at most ${most}`)
    .refine((list) => new Set(list).size === list.length, 'each one once');

function isHttpsUrl(value: string): boolean {
  const url = URL.parse(value);
  return url !== null && url.protocol === 'https:' && url.username === '' && url.password === '' && url.hostname !== '';
}

const schemas = createMemory<z.ZodObject>();

/** Unknown keys are refused, never ignored (C10, C11). */
const inputSchema = (action: ActionDeclaration, registry: Registry): z.ZodObject =>
  schemas([registry, action], () =>
    z.strictObject(
      Object.fromEntries(Object.entries(action.input).map(([name, input]) => [name, input.optional ? schemaOf(input, registry).nullish() : schemaOf(input, registry)])),
    ),
  );

/** @throws {GatewayError} BAD_INPUT with the places that are wrong; the values are never repeated. */
export function parseInput(action: ActionDeclaration, args: Readonly<Record<string, unknown>>, registry: Registry): ParsedInput {
  const { id, justification, expectedVersion, preview, ...values } = args;
  const issues: InputIssue[] = [];
  const parsed = inputSchema(action, registry).safeParse(values);
  if (!parsed.success) issues.push(...parsed.error.issues.map((issue) => ({ path: ['input', ...issue.path].join('.'), message: issue.message })));
  if (action.creates ? id !== undefined : typeof id !== 'string' || id === '' || id.length > 200) issues.push({ path: 'input.id', message: 'an ID' });
  const why = (justification ?? {}) as { reason?: string | null; ticket?: string | null };
  const reason = justificationText(why.reason, 2_000, 'input.justification.reason', issues);
  const ticket = justificationText(why.ticket, 100, 'input.justification.ticket', issues);
  if (issues.length > 0 || !parsed.success) throw new GatewayError('BAD_INPUT', undefined, { issues });
  return {
    id: action.creates ? '' : String(id),
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
  if (UNPRINTABLE.test(text)) issues.push({ path, message: 'no control, invisible or direction characters' });
  return text;
}
