import type { RawBuilder } from 'kysely';
import type { ErrorCode, GatewayError } from '../errors.ts';
import type { RoleTable } from '../policy/rights.ts';
import type { ActServices, AuditEventDraft, Tx } from '../ports.ts';
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
  /** ID of a record of that resource; the effect looks whether it is there. */
  | { readonly type: 'reference'; readonly resource: string }
  /** IDs of tenants, each of which has been found to exist; the same one twice is refused. */
  | { readonly type: 'tenants'; readonly max: number }
  /** Names of permissions that are declared, each once. */
  | { readonly type: 'permissions'; readonly max: number }
);

export type InputMap = Readonly<Record<string, InputDeclaration>>;

type InputValue<I extends InputDeclaration> = I['type'] extends 'integer'
  ? number
  : I['type'] extends 'boolean'
    ? boolean
    : I['type'] extends 'tenants' | 'permissions'
      ? readonly string[]
      : string;
export type InputOf<I extends InputMap> = {
  readonly [Name in keyof I as I[Name]['optional'] extends true ? never : Name]: InputValue<I[Name]>;
} & { readonly [Name in keyof I as I[Name]['optional'] extends true ? Name : never]?: InputValue<I[Name]> | null };

/** A tenant that an act concerns. */
export interface TenantFacts {
  readonly id: string;
  readonly highRisk: boolean;
}

/** The second pair of eyes, where there was one: set while the effect of an approved request runs, else null. */
export interface ApprovedBy {
  readonly requestId: string;
  readonly approverIds: readonly string[];
}

/** What a rule or an effect may look at. The target is the locked row, read inside the transaction. */
export interface Facts<F extends FieldMap, I extends InputMap> {
  readonly target: RowOf<F>;
  readonly tenantId: string | null;
  /** The target's tenant, or those named in `tenantsFrom`, with their risk. Empty unless the action has an approval rule or names tenants. */
  readonly tenants: readonly TenantFacts[];
  readonly input: InputOf<I>;
  readonly viewer: Viewer;
  /** Under an approval the requester acts, and these have approved. */
  readonly approval: ApprovedBy | null;
  /** Role → permissions, to judge what a role carries. */
  readonly roles: RoleTable;
  readonly reason: string | null;
  readonly ticket: string | null;
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

/** An event that comes of an act, which came the way the act came unless it says otherwise. */
export type FurtherEvent = Omit<AuditEventDraft, 'surface' | 'ip'> & Partial<Pick<AuditEventDraft, 'surface' | 'ip'>>;

export interface ActionEffect {
  readonly changes?: readonly SideChange[];
  readonly outbox?: readonly OutboxMessage[];
  /** Shown once to the person who acted; neither stored nor logged. */
  readonly once?: Readonly<Record<string, string>>;
  /** ID of the record that was made, of an action that `creates`. */
  readonly created?: string;
  /** The emergency that the act itself has opened: its own event carries the flag already. */
  readonly breakGlassId?: string;
  /** Further events of the same commit, besides the act's own. Where they name no surface and address, the act's. */
  readonly events?: readonly FurtherEvent[];
  /** Facts for the act's own event: names and counts, never values of personal or secret fields. */
  readonly detail?: Readonly<Record<string, unknown>>;
  /** What was done stays, and yet the caller is refused with this; the act's own event says so. */
  readonly refusal?: GatewayError;
  /** The request for a second person that was decided on: stands on the act's own event. */
  readonly approvalId?: string;
}

/** `true` where the rule binds; `stated` is the rule in words, for the console and the matrix. */
export interface Condition<F extends FieldMap, I extends InputMap> {
  readonly stated: Text;
  readonly when: (facts: Facts<F, I>) => boolean;
}

/** Minutes for which a request may be decided on unless its rule says otherwise. */
export const REQUEST_MINUTES = 24 * 60;

/** Who may approve, and how many different people of them it takes. */
export interface ApprovalAlternative {
  readonly approver: Permission;
  readonly quorum: number;
}

export interface ApprovalRule<F extends FieldMap, I extends InputMap> extends Condition<F, I> {
  /** Any one of them suffices. */
  readonly alternatives: readonly [ApprovalAlternative, ...ApprovalAlternative[]];
  /** Denials that end the request; 1 unless said. */
  readonly denials?: number;
  /** Minutes for which the request may be decided on; a day unless said. */
  readonly expiresAfterMinutes?: number;
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
  /** Rules for a second person, strictest first: the first that binds holds. */
  readonly approval?: readonly ApprovalRule<F, I>[];
  /** Makes a record of `on`: the input names none, and `run` says which was made. */
  readonly creates?: true;
  /** Input of type `tenants` that names whom the act concerns; one alone is the tenant of its event. */
  readonly tenantsFrom?: keyof I & string;
  /** Who may not do this whatever they hold: a token, or anybody while their emergency is in force. */
  readonly refusedUnder?: readonly ('token' | 'break-glass')[];
  /** May be done while the database lacks events of the log that others have seen: else every act is refused then. */
  readonly whileLogIsBehind?: true;
  /** May be done while the log's store is full: it makes room. */
  readonly whileLogIsFull?: true;
  /**
   * The act erases the record's personal values: neither its event nor a request for it keeps what they were, so that an approver need not read them. It takes a code and
   * a second person, always: the database commits it with both or not at all.
   */
  readonly erases?: true;
  /** Rows on which this viewer may do it at all, as SQL over the row's alias: their own, for one. Elsewhere it is FORBIDDEN and not offered. */
  readonly onRows?: (row: string, viewer: Viewer) => RawBuilder<unknown>;
  /** Rows on which it is offered to this viewer. Elsewhere it is left out of `actions` and nothing else: whoever calls it hears from the effect why not. */
  readonly offeredOn?: (row: string, viewer: Viewer) => RawBuilder<unknown>;
  /**
   * Locks what the house's order of locks (session, person, grants, target) puts before the record, or what the caller would else hold
   * FOR SHARE already: their own grant. Runs before the rights are read again, for whom they allowed the act when the request came in.
   * Decides nothing.
   */
  readonly locksFirst?: (tx: Tx, id: string, asking: Viewer) => Promise<void>;
  /** Field of the record that holds the correlation ID of the story to which the act belongs. */
  readonly joins?: keyof F & string;
  /** What only the rows can tell, checked before a reason, a code or a second person is asked for. Throws GatewayError. */
  readonly requires?: (tx: Tx, facts: Facts<F, I>, services: ActServices) => Promise<void>;
  /** States of the record in which the act makes sense. */
  readonly allowedIn?: {
    readonly field: keyof F & string;
    readonly values: readonly string[];
    readonly otherwise: Text;
    /** The refusal in each other state, where it is another than CONFLICT. */
    readonly codes?: Readonly<Record<string, ErrorCode>>;
  };
  readonly input: I;
  /** Names of values in `once`, with labels: what the dialog shows a single time. */
  readonly reveals?: Readonly<Record<string, Text>>;
  readonly event: EventDeclaration;
  /**
   * The effect, as plain SQL in the given transaction. Throws GatewayError('CONFLICT' | 'BAD_INPUT' | …)
   * for what only the rows can tell. Never commits.
   */
  readonly run: (tx: Tx, facts: Facts<F, I>, services: ActServices) => Promise<ActionEffect>;
}

/** An action with its input and row types erased, as the door, the builder and the catalogue see it. */
export type ActionDeclaration = ActionOptions<FieldMap, InputMap>;

/** Whether the act is out of the question for whoever comes this way, whatever they hold. */
export const isRefusedUnder = (action: ActionDeclaration, viewer: Viewer): boolean =>
  (viewer.token !== null && (action.refusedUnder?.includes('token') ?? false)) || (viewer.breakGlass !== null && (action.refusedUnder?.includes('break-glass') ?? false));

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
  if (('none' in options.on.tenant || options.creates) && options.permission.reach !== 'global')
    wrong('acts on rows without a tenant, and such as make a record, need a permission of global reach');
  if (options.permission.tier === 'privileged' && options.justification === 'none') wrong('a privileged act needs a justification');
  if (options.sensitive !== 'never' && options.justification === 'none') wrong('a sensitive act needs a justification');
  for (const { alternatives, denials, expiresAfterMinutes } of options.approval ?? []) {
    if (alternatives.some(({ quorum }) => !Number.isInteger(quorum) || quorum < 1)) wrong('a quorum is at least 1');
    if (!Number.isInteger(denials ?? 1) || (denials ?? 1) < 1) wrong('it takes at least 1 denial to end a request');
    if ((expiresAfterMinutes ?? 1) < 1) wrong('a request can be decided on for at least a minute');
    if (alternatives.some(({ approver }) => approver.effect !== 'write' || approver.tier !== 'privileged')) wrong('approving is a privileged write');
    if (options.justification === 'none') wrong('an approver needs a reason to judge');
  }
  if (options.approval && (options.reveals || Object.values(options.input).some((input) => input.class === 'secret')))
    wrong('an act with secrets in its input or answer cannot wait for a second person: the secret would have to be kept');
  if (options.creates && (options.allowedIn || options.onRows || options.offeredOn || options.joins)) wrong('there is no record yet whose state or owner could be looked at');
  if (options.erases && !options.on.erasure) wrong('the resource does not say what stands in place of what is erased');
  if (options.erases && (options.sensitive !== 'always' || !options.approval || options.approval.length === 0)) wrong('what erases takes a fresh code and a second person');
  if (options.tenantsFrom !== undefined && options.input[options.tenantsFrom]?.type !== 'tenants') wrong('tenantsFrom names an input of type tenants');
  if (options.joins !== undefined && options.on.fields[options.joins]?.type !== 'id') wrong('joins names a field of type id');
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
