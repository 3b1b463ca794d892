import type { DataClass, Effect, Reach, Text, Tier } from './axes.ts';
import type { FieldType, Operator, Tone } from './field.ts';

/**
 * `schema/generated/catalogue.json`: everything declared, as data, for the console and for tooling.
 * It holds no rule that only the server may know and grants nothing.
 */
export interface Catalogue {
  readonly formatVersion: 1;
  /** Name of the resource that is a tenant; null where there is none. */
  readonly tenantResource: string | null;
  readonly modules: readonly CatalogueModule[];
  readonly permissions: readonly CataloguePermission[];
  readonly roles: readonly CatalogueRole[];
  /** Permissions of every member of staff, with or without grants. */
  readonly everyone: readonly string[];
  /** Permissions that an emergency opens. */
  readonly breakGlass: readonly string[];
  readonly resources: readonly CatalogueResource[];
  readonly actions: readonly CatalogueAction[];
  readonly events: readonly CatalogueEvent[];
}

export interface CatalogueModule {
  readonly name: string;
  readonly label: Text;
  readonly description: Text;
  readonly icon: string;
  readonly resources: readonly string[];
  readonly settings: Readonly<Record<string, string | number | boolean>>;
}

export interface CataloguePermission {
  readonly name: string;
  readonly effect: Effect;
  readonly reach: Reach;
  readonly tier: Tier;
  readonly label: Text;
  readonly module: string;
}

export interface CatalogueRole {
  readonly name: string;
  readonly label: Text;
  readonly purpose: Text;
  readonly permissions: readonly string[];
}

export interface CatalogueEnumValue {
  /** As in GraphQL, e.g. `PAST_DUE`. */
  readonly value: string;
  readonly label: Text;
  readonly tone: Tone;
}

export interface CatalogueField {
  readonly name: string;
  readonly type: FieldType;
  readonly label: Text;
  readonly help: Text | null;
  readonly group: Text | null;
  readonly permission: string;
  readonly class: DataClass;
  readonly operators: readonly Operator[];
  readonly sortable: boolean;
  readonly searchable: boolean;
  readonly inList: boolean;
  readonly values: readonly CatalogueEnumValue[] | null;
  readonly currency: { readonly field: string } | { readonly code: string } | null;
}

export interface CatalogueRelation {
  readonly name: string;
  readonly kind: 'one' | 'many' | 'count';
  readonly label: Text;
  readonly resource: string;
  /** Base permission of the related resource. */
  readonly permission: string;
  /** For `many`: the filter of the other list that names this record, e.g. `tenantId`; null where it can't be filtered. */
  readonly inverseFilter: string | null;
  /** Order of a `many` relation; ties by ID in the same direction. */
  readonly order: { readonly field: string; readonly direction: 'asc' | 'desc' } | null;
}

export interface CatalogueResource {
  readonly name: string;
  readonly plural: string;
  readonly typeName: string;
  readonly module: string;
  readonly label: Text;
  readonly labelPlural: Text;
  readonly description: Text;
  readonly permission: string;
  /** Whether a record answers `tenantId` (every resource but those without a tenant). */
  readonly tenanted: boolean;
  readonly title: string;
  readonly state: string | null;
  readonly defaultSort: { readonly field: string; readonly direction: 'asc' | 'desc' };
  readonly versioned: boolean;
  readonly crossTenantSearch: string | null;
  /** Whether each person sees only rows that are their own or theirs to decide on. */
  readonly ownRows: boolean;
  /** Search goes over words and their beginnings, in records as far as they have been indexed. */
  readonly searchesWords: boolean;
  readonly fields: readonly CatalogueField[];
  readonly relations: readonly CatalogueRelation[];
  /** Actions on this resource by name. */
  readonly actions: readonly string[];
}

export interface CatalogueInput {
  readonly name: string;
  readonly type: 'text' | 'email' | 'url' | 'integer' | 'money' | 'boolean' | 'enum' | 'reference' | 'tenants' | 'permissions';
  /** Of a reference: the resource whose records can be named. */
  readonly resource: string | null;
  readonly label: Text;
  readonly help: Text | null;
  readonly required: boolean;
  readonly prefill: string | null;
  readonly class: 'internal' | 'personal' | 'secret';
  readonly minLength: number | null;
  readonly maxLength: number | null;
  readonly multiline: boolean;
  /** Integers as numbers in text, money as exact decimals; of a list, its largest length in `max`. */
  readonly min: string | null;
  readonly max: string | null;
  readonly currency: { readonly field: string } | { readonly code: string } | null;
  readonly values: readonly CatalogueEnumValue[] | null;
}

export interface CatalogueApprovalRule {
  readonly when: Text;
  /** Any one of them suffices: that many different people who hold the permission. */
  readonly alternatives: readonly { readonly approver: string; readonly quorum: number }[];
  readonly denials: number;
  readonly expiresAfterMinutes: number;
}

export interface CatalogueAction {
  /** GraphQL mutation; its input is `<Name>Input`, its payload `<Name>Payload`. */
  readonly name: string;
  readonly inputType: string;
  readonly payloadType: string;
  readonly module: string;
  readonly resource: string;
  readonly permission: string;
  readonly effect: Effect;
  readonly reach: Reach;
  readonly tier: Tier;
  readonly label: Text;
  readonly description: Text;
  readonly confirm: Text;
  readonly done: Text;
  readonly sensitive: 'always' | 'never' | 'conditional';
  readonly sensitiveWhen: Text | null;
  readonly justification: 'none' | 'reason' | 'reason-and-ticket';
  /** Rules for a second person; the first that binds holds. */
  readonly approval: readonly CatalogueApprovalRule[];
  /** Makes a record: the input has no `id`. */
  readonly creates: boolean;
  /** Whether each person may do it on certain records only: their own, or those they may decide on. */
  readonly ownRows: boolean;
  readonly refusedUnder: readonly ('token' | 'break-glass')[];
  readonly allowedIn: { readonly field: string; readonly values: readonly string[]; readonly otherwise: Text } | null;
  readonly input: readonly CatalogueInput[];
  readonly reveals: readonly { readonly name: string; readonly label: Text }[];
  readonly event: string;
}

export interface CatalogueEvent {
  readonly kind: string;
  readonly label: Text;
  readonly description: Text;
  readonly module: string;
}
