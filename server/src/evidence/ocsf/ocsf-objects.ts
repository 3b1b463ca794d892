import type { Json } from '../../audit/plain-json.ts';

/** OCSF's `user`. */
export interface OcsfUser {
  readonly uid?: string;
  readonly name?: string;
  readonly type: string;
  readonly type_id: number;
  readonly programmatic_credentials?: readonly { readonly uid: string; readonly type: string }[];
}

/** OCSF's `session`. */
export interface OcsfSession {
  readonly uid?: string;
  readonly is_mfa?: boolean;
  /** The token that was used. */
  readonly credential_uid?: string;
}

/** OCSF's `managed_entity`. */
export interface OcsfEntity {
  readonly uid?: string;
  readonly name?: string;
  readonly type: string;
  readonly type_id: number;
  readonly org?: { readonly uid: string };
  readonly data?: Json;
}

/** OCSF's `iam_role`. */
export interface OcsfRole {
  readonly uid?: string;
  readonly name?: string;
}

export interface OcsfFactor {
  readonly factor_type: string;
  readonly factor_type_id: number;
  readonly is_totp?: boolean;
}

/** OCSF's `resource_details`. */
export interface OcsfResource {
  readonly uid?: string;
  readonly name?: string;
  readonly type?: string;
  readonly role: string;
  readonly role_id: number;
}

export interface OcsfMetadata {
  readonly version: string;
  readonly uid: string;
  readonly correlation_uid: string;
  readonly event_code: string;
  readonly log_name: string;
  readonly log_version: string;
  readonly product: { readonly name: string; readonly uid: string; readonly vendor_name: string };
  /** Milliseconds since the Unix epoch. */
  readonly logged_time: number;
  /** The log's own time, to the microsecond. */
  readonly original_time: string;
  readonly tenant_uid?: string;
  readonly transformation_info_list: readonly { readonly name: string; readonly uid: string }[];
}

/** What is particular to a class or to the part of the event that it tells. */
export interface OcsfAttributes {
  readonly actor?: { readonly user: OcsfUser; readonly session?: OcsfSession };
  readonly src_endpoint?: { readonly ip?: string; readonly name?: string };
  readonly http_request?: { readonly user_agent: string };
  readonly user?: OcsfUser;
  readonly session?: OcsfSession;
  readonly service?: { readonly name: string; readonly uid?: string };
  readonly is_mfa?: boolean;
  readonly auth_factors?: readonly OcsfFactor[];
  readonly iam_roles?: readonly OcsfRole[];
  readonly entity?: OcsfEntity;
  readonly updated_entity?: OcsfEntity;
  readonly comment?: string;
  readonly api?: {
    readonly operation: string;
    readonly service: { readonly name: string; readonly uid: string };
    readonly request: { readonly uid: string };
    readonly response?: { readonly error: string };
  };
  readonly resources?: readonly OcsfResource[];
  readonly app?: { readonly name: string; readonly uid: string; readonly vendor_name: string };
}

/** One event in the shape of OCSF; what it has no place for stands under `unmapped`, by the names of our canonical form. */
export interface OcsfEvent extends OcsfAttributes {
  readonly category_uid: number;
  readonly category_name: string;
  readonly class_uid: number;
  readonly class_name: string;
  readonly activity_id: number;
  readonly activity_name: string;
  readonly type_uid: number;
  readonly type_name: string;
  readonly severity_id: number;
  readonly severity: string;
  readonly status_id: number;
  readonly status: string;
  readonly status_code?: string;
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  readonly timezone_offset: number;
  readonly metadata: OcsfMetadata;
  /** SHA-256 of the canonical bytes, by which the event is found in the log it came from. */
  readonly raw_data_hash: { readonly algorithm: string; readonly algorithm_id: number; readonly value: string };
  readonly raw_data_size: number;
  readonly unmapped: { readonly [name: string]: Json };
}

/** Authentication factors as OCSF numbers them. */
export const FACTORS = {
  password: { factor_type: 'Password', factor_type_id: 11 },
  totp: { factor_type: 'OTP', factor_type_id: 7, is_totp: true },
  'recovery-code': { factor_type: 'Recovery code', factor_type_id: 99 },
} as const satisfies Record<string, OcsfFactor>;
export type FactorName = keyof typeof FACTORS;

export const isFactorName = (name: unknown): name is FactorName => typeof name === 'string' && Object.hasOwn(FACTORS, name);
