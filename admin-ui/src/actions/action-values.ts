import type { CatalogueAction, CatalogueInput, CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import type { GatewayRecord } from '../catalogue/documents.ts';

/** What stands in the form, as typed. Booleans as `true`/`false` text, so that all inputs are alike. */
export type FormValues = Readonly<Record<string, string>>;

export const REASON = 'justification.reason';
export const TICKET = 'justification.ticket';
/** Form names must not hold dots: form libraries read them as paths. */
export const formName = (path: string): string => path.replaceAll('.', '__');

/** Values a form starts with, from the record in view; a masked or refused value gives nothing. */
export function initialValues(action: CatalogueAction, record: GatewayRecord): FormValues {
  const values: Record<string, string> = {};
  for (const input of action.input) {
    const start = input.prefill ? record[input.prefill] : undefined;
    values[input.name] = start === null || start === undefined ? (input.type === 'boolean' ? 'false' : '') : String(start as string | number | boolean);
  }
  if (action.justification !== 'none') {
    values[formName(REASON)] = '';
    values[formName(TICKET)] = '';
  }
  return values;
}

/** One input as the gateway takes it; undefined where it is left out. */
export function inputValue(input: CatalogueInput, typed: string): unknown {
  if (input.type === 'boolean') return typed === 'true';
  const text = input.type === 'text' && input.multiline ? typed : typed.trim();
  if (text === '') return undefined;
  return input.type === 'integer' ? Number(text) : text;
}

export interface MutationOptions {
  readonly preview: boolean;
}

/** The mutation's `input`, with the version the person looked at, so that a stale record is refused. */
export function mutationInput(
  action: CatalogueAction,
  resource: CatalogueResource,
  record: GatewayRecord,
  values: FormValues,
  { preview }: MutationOptions,
): Record<string, unknown> {
  const input: Record<string, unknown> = { id: record.id };
  for (const declared of action.input) {
    const value = inputValue(declared, values[declared.name] ?? '');
    if (value !== undefined) input[declared.name] = value;
  }
  if (action.justification !== 'none') {
    const ticket = (values[formName(TICKET)] ?? '').trim();
    input['justification'] = { reason: (values[formName(REASON)] ?? '').trim(), ...(ticket === '' ? {} : { ticket }) };
  }
  if (resource.versioned && record.version) input['expectedVersion'] = record.version;
  if (preview) input['preview'] = true;
  return input;
}

export type InputProblem = { readonly key: 'required' | 'minLength' | 'maxLength' | 'number' | 'integer' | 'min' | 'max' | 'email' | 'url'; readonly bound?: string };

/** Compares exact decimals as text, without rounding: negative when a < b. */
export function compareDecimals(a: string, b: string): number {
  const split = (text: string): { sign: bigint; whole: string; fraction: string } => {
    const negative = text.startsWith('-');
    const [whole = '0', fraction = ''] = text.replace(/^-/, '').split('.');
    return { sign: negative ? -1n : 1n, whole, fraction };
  };
  const left = split(a);
  const right = split(b);
  const digits = Math.max(left.fraction.length, right.fraction.length);
  const scaled = (part: ReturnType<typeof split>): bigint => part.sign * BigInt(part.whole + part.fraction.padEnd(digits, '0'));
  const difference = scaled(left) - scaled(right);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The rule of the declaration that a typed value breaks, or null. The gateway checks again. */
export function checkInput(input: CatalogueInput, typed: string): InputProblem | null {
  const text = typed.trim();
  if (input.type === 'boolean') return null;
  if (text === '') return input.required ? { key: 'required' } : null;
  if (input.type === 'integer' && !/^-?\d{1,15}$/.test(text)) return { key: 'integer' };
  if (input.type === 'money' && !/^-?\d{1,24}(\.\d{1,8})?$/.test(text)) return { key: 'number' };
  if (input.type === 'integer' || input.type === 'money') {
    if (input.min !== null && compareDecimals(text, input.min) < 0) return { key: 'min', bound: input.min };
    if (input.max !== null && compareDecimals(text, input.max) > 0) return { key: 'max', bound: input.max };
    return null;
  }
  if (input.minLength !== null && text.length < input.minLength) return { key: 'minLength', bound: String(input.minLength) };
  if (input.maxLength !== null && text.length > input.maxLength) return { key: 'maxLength', bound: String(input.maxLength) };
  if (input.type === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) return { key: 'email' };
  if (input.type === 'url' && !/^https:\/\/\S+$/.test(text)) return { key: 'url' };
  return null;
}

/** Fills `{title}`, `{tenant}` and `{input.amount}` of a confirm text; what is unknown leaves its name out. */
export const fillConfirm = (template: string, facts: { readonly title: string; readonly tenant: string; readonly input: Readonly<Record<string, string>> }): string =>
  template
    .replace(/\{([a-zA-Z.]+)\}/g, (_whole, name: string) => (name === 'title' ? facts.title : name === 'tenant' ? facts.tenant : (facts.input[name.replace(/^input\./, '')] ?? '')))
    .replace(/\s+/g, ' ')
    .trim();

/** Ranks how an act looks: what asks for a code outranks a second person, which outranks a privileged tier. */
export function lookOf(action: CatalogueAction): 'routine' | 'privileged' | 'approval' | 'sensitive' {
  if (action.sensitive === 'always') return 'sensitive';
  if (action.approval && action.sensitive === 'never') return 'approval';
  return action.tier === 'privileged' ? 'privileged' : 'routine';
}
