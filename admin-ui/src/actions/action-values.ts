import type { CatalogueAction, CatalogueInput, CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import type { GatewayRecord } from '../catalogue/documents.ts';

/** What stands in the form, as typed. Booleans as `true`/`false` text, so that all inputs are alike. */
export type FormValues = Readonly<Record<string, string>>;

export const REASON = 'justification.reason';
export const TICKET = 'justification.ticket';
/** Form names must not hold dots: form libraries read them as paths. */
export const formName = (path: string): string => path.replaceAll('.', '__');

/** Inputs that take several values; in the form they are one text, a line each. */
export const isList = (input: Pick<CatalogueInput, 'type'>): boolean => input.type === 'tenants' || input.type === 'permissions';
export const toList = (typed: string): readonly string[] => typed.split('\n').filter((item) => item !== '');
export const fromList = (items: readonly string[]): string => items.join('\n');

/**
 * Values a form starts with: those handed over, else from the record in view (none where an act makes one); a masked or
 * refused value gives nothing. An input for tenants starts with the one in focus.
 */
export function initialValues(action: CatalogueAction, record: GatewayRecord | null, preset: FormValues = {}, tenantId: string | null = null): FormValues {
  const values: Record<string, string> = {};
  for (const input of action.input) {
    const start = input.prefill && record ? record[input.prefill] : undefined;
    const none = input.type === 'boolean' ? 'false' : input.type === 'tenants' ? (tenantId ?? '') : '';
    const prefilled = start === null || start === undefined ? none : Array.isArray(start) ? fromList(start.map(String)) : String(start as string | number | boolean);
    values[input.name] = preset[input.name] ?? prefilled;
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
  if (isList(input)) return typed === '' ? undefined : toList(typed);
  const text = input.type === 'text' && input.multiline ? typed : typed.trim();
  if (text === '') return undefined;
  return input.type === 'integer' ? Number(text) : text;
}

/** Whether an input says nothing beside another one: named tenants, where the act is to hold everywhere. */
export const isCovered = (input: Pick<CatalogueInput, 'type'>, values: FormValues): boolean => input.type === 'tenants' && values['everywhere'] === 'true';

export interface MutationOptions {
  readonly preview: boolean;
}

/** The mutation's `input`, with the version the person looked at, so that a stale record is refused. */
export function mutationInput(
  action: CatalogueAction,
  resource: CatalogueResource,
  record: GatewayRecord | null,
  values: FormValues,
  { preview }: MutationOptions,
): Record<string, unknown> {
  const input: Record<string, unknown> = record ? { id: record.id } : {};
  for (const declared of action.input) {
    const value = isCovered(declared, values) ? undefined : inputValue(declared, values[declared.name] ?? '');
    if (value !== undefined) input[declared.name] = value;
  }
  if (action.justification !== 'none') {
    const ticket = (values[formName(TICKET)] ?? '').trim();
    input['justification'] = { reason: (values[formName(REASON)] ?? '').trim(), ...(ticket === '' ? {} : { ticket }) };
  }
  if (resource.versioned && record?.version) input['expectedVersion'] = record.version;
  if (preview) input['preview'] = true;
  return input;
}

export type InputProblem = {
  readonly key: 'required' | 'minLength' | 'maxLength' | 'number' | 'integer' | 'min' | 'max' | 'email' | 'url' | 'fewest' | 'most';
  readonly bound?: string;
};

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
  if (isList(input)) {
    const count = String(toList(typed).length);
    if (input.min !== null && compareDecimals(count, input.min) < 0) return { key: 'fewest', bound: input.min };
    return input.max !== null && compareDecimals(count, input.max) > 0 ? { key: 'most', bound: input.max } : null;
  }
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
  if (action.approval.length > 0 && action.sensitive === 'never') return 'approval';
  return action.tier === 'privileged' ? 'privileged' : 'routine';
}
