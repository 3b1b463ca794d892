import type { Tx } from '../ports.ts';
import type { Viewer } from '../viewer.ts';
import type { Text } from './axes.ts';
import type { EventDeclaration } from './define-event.ts';
import type { ResourceDeclaration, RowOf } from './define-resource.ts';
import type { EnumValue, FieldMap } from './field.ts';
import type { Permission } from './permission.ts';

/** One argument of an action, from which input type, validation and form field are made. */
export type InputDeclaration = {
  readonly label: Text;
  readonly help?: Text;
  readonly optional?: boolean;
  /** Field of the record whose value the form starts with. */
  readonly prefill?: string;
  /** Class of what is typed, for the log; `internal` unless said. */
  readonly class?: 'internal' | 'personal' | 'secret';
} & (
  | { readonly type: 'text' | 'email' | 'url'; readonly maxLength: number; readonly minLength?: number; readonly multiline?: boolean }
  | { readonly type: 'integer'; readonly min: number; readonly max: number }
  /** Exact decimal as a string; `currency` names the record's field that holds the code, or the code itself. */
  | { readonly type: 'money'; readonly min: string; readonly max: string; readonly currency: { readonly field: string } | { readonly code: string } }
  | { readonly type: 'boolean' }
  | { readonly type: 'enum'; readonly values: Readonly<Record<string, EnumValue>> }
);

export type InputMap = Readonly<Record<string, InputDeclaration>>;

type InputValue<I extends InputDeclaration> = I['type'] extends 'integer' ? number : I['type'] extends 'boolean' ? boolean : string;
export type InputOf<I extends InputMap> = {
  readonly [Name in keyof I as I[Name]['optional'] extends true ? never : Name]: InputValue<I[Name]>;
} & { readonly [Name in keyof I as I[Name]['optional'] extends true ? Name : never]?: InputValue<I[Name]> | null };

/** What a rule or an effect may look at. The target is the locked row, read inside the transaction. */
export interface Facts<F extends FieldMap, I extends InputMap> {
  readonly target: RowOf<F>;
  readonly tenantId: string | null;
  readonly input: InputOf<I>;
  readonly viewer: Viewer;
  readonly correlationId: string;
  /** Time of the transaction by the database's clock, ISO 8601. */
  readonly now: string;
}

/** A change to a row other than the target, for the log and the preview. */
export interface SideChange {
  readonly resource: ResourceDeclaration;
  readonly id: string;
  /** Field values before and after; null where the row was made or removed. */
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
}

/** A message that leaves with the commit: the job's name and IDs, never personal values. */
export interface OutboxMessage {
  readonly job: string;
  readonly payload: Readonly<Record<string, string | number | boolean | null>>;
}

export interface ActionEffect {
  readonly changes?: readonly SideChange[];
  readonly outbox?: readonly OutboxMessage[];
  /** Shown once to the person who acted; neither stored nor logged. */
  readonly once?: Readonly<Record<string, string>>;
}

/** `true` where the rule binds; `stated` is the rule in words, for the console and the matrix. */
export interface Condition<F extends FieldMap, I extends InputMap> {
  readonly stated: Text;
  readonly when: (facts: Facts<F, I>) => boolean;
}

export interface ApprovalRule<F extends FieldMap, I extends InputMap> extends Condition<F, I> {
  readonly approver: Permission;
  readonly quorum: number;
}

export interface ActionOptions<F extends FieldMap, I extends InputMap> {
  /** Verb-noun, camelCase: the GraphQL mutation, e.g. `refundInvoice`. */
  readonly name: string;
  readonly on: ResourceDeclaration<F>;
  readonly permission: Permission;
  readonly label: Text;
  readonly description: Text;
  /** Names the act and the object on the button; `{title}`, `{tenant}` and `{input.amount}` are filled in. */
  readonly confirm: Text;
  readonly done: Text;
  readonly sensitive: 'always' | 'never' | Condition<F, I>;
  readonly justification: 'none' | 'reason' | 'reason-and-ticket';
  readonly approval?: ApprovalRule<F, I>;
  /** States of the record in which the act makes sense. */
  readonly allowedIn?: { readonly field: keyof F & string; readonly values: readonly string[]; readonly otherwise: Text };
  readonly input: I;
  /** Names of values in `once`, with labels: what the dialog shows a single time. */
  readonly reveals?: Readonly<Record<string, Text>>;
  readonly event: EventDeclaration;
  /**
   * The effect, as plain SQL in the given transaction. Throws GatewayError('CONFLICT' | 'BAD_INPUT' | …)
   * for what only the rows can tell. Never commits.
   */
  readonly run: (tx: Tx, facts: Facts<F, I>) => Promise<ActionEffect>;
}

/** An action with its input and row types erased, as the door, the builder and the catalogue see it. */
export type ActionDeclaration = ActionOptions<FieldMap, InputMap>;

const CAMEL = /^[a-z][a-zA-Z0-9]*$/;
const RESERVED = new Set(['id', 'justification', 'expectedVersion', 'preview']);

/**
 * Declares an act of staff on one record. Mutation, scopes, SQL row condition, gates, form, button,
 * access matrix and audit event are derived from it.
 * @throws {TypeError} naming the rule that the declaration breaks.
 */
export function defineAction<const F extends FieldMap, const I extends InputMap>(options: ActionOptions<F, I>): ActionDeclaration {
  const wrong = (message: string): never => {
    throw new TypeError(`Action ${options.name}: ${message}`);
  };
  if (!CAMEL.test(options.name)) wrong('name is camelCase');
  if (options.permission.effect !== 'write') wrong(`${options.permission.name} must have effect write`);
  if ('none' in options.on.tenant && options.permission.reach !== 'global') wrong('acts on rows without a tenant need a permission of global reach');
  if (options.permission.tier === 'privileged' && options.justification === 'none') wrong('a privileged act needs a justification');
  if (options.sensitive !== 'never' && options.justification === 'none') wrong('a sensitive act needs a justification');
  if (options.approval && options.approval.quorum < 1) wrong('a quorum is at least 1');
  for (const name of Object.keys(options.input)) if (!CAMEL.test(name) || RESERVED.has(name)) wrong(`input name ${name} is not camelCase or is reserved`);
  if (options.allowedIn) {
    const state = options.on.fields[options.allowedIn.field];
    if (state?.type !== 'enum') wrong('allowedIn names an enum field');
    if (state?.access.name !== options.on.read.name) wrong('allowedIn names a field that the base permission reads: the button betrays its state');
  }
  // The builder and the door hand `run` and the conditions exactly the row and input that the declaration
  // describes (validated against it), so erasing F and I here loses nothing that is checked elsewhere.
  return Object.freeze(options) as unknown as ActionDeclaration;
}
