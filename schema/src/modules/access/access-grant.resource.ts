import { type RawBuilder, sql } from 'kysely';
import { BREAK_GLASS, SINGLE_PERMISSIONS } from '../../policy/rights.ts';
import { ROLE_NAMES, ROLES } from '../../policy/roles.ts';
import type { Viewer } from '../../viewer.ts';
import { defineResource } from '../../vocabulary/define-resource.ts';
import type { EnumValue } from '../../vocabulary/field.ts';
import { nameOf } from './names.ts';
import { readGrants, readOwnGrants } from './permissions.ts';

const plain = { access: readOwnGrants, class: 'internal' } as const;
const scope = { en: 'What it gives', id: 'Yang diberikan' };
const origin = { en: 'How it came about', id: 'Asal-usulnya' };
const ending = { en: 'Its end', id: 'Akhirnya' };

/** Role of a grant that names one which is no longer declared: it gives nothing. */
const WITHDRAWN = 'withdrawn';
const roleValues: Readonly<Record<string, EnumValue>> = {
  ...Object.fromEntries(ROLE_NAMES.map((role) => [role, { label: ROLES[role].label }])),
  [SINGLE_PERMISSIONS]: { label: { en: 'Single permissions', id: 'Izin tertentu' } },
  [BREAK_GLASS]: { label: { en: 'Emergency access', id: 'Akses darurat' } },
  [WITHDRAWN]: { label: { en: 'A role that is no longer there', id: 'Peran yang sudah tidak ada' } },
};

/** The viewer's own grants. */
export const ownGrant = (row: string, viewer: Viewer): RawBuilder<unknown> => sql`${sql.id(row, 'staff_id')} = ${viewer.actor.id}::uuid`;

/** The same conditions as in the statement that admits a viewer (server/src/auth/viewer): what is `active` here counts there, while the person's account is active. */
const state = (row: string): RawBuilder<unknown> => sql`
  case
    when ${sql.id(row, 'revoked_at')} is not null then 'revoked'
    when ${sql.id(row, 'activated_at')} is null then case when ${sql.id(row, 'activate_before')} > clock_timestamp() then 'waiting' else 'lapsed' end
    when ${sql.id(row, 'expires_at')} <= clock_timestamp() then 'expired'
    when ${sql.id(row, 'session_id')} is not null and not exists (
      select 1 from gateway.session of_it where of_it.id = ${sql.id(row, 'session_id')} and of_it.ended_at is null and of_it.expires_at > clock_timestamp()) then 'lapsed'
    else 'active'
  end`;

/** Who may do what, where, since when, given by whom and why, until when, and when it was last used. */
export const accessGrant = defineResource({
  name: 'accessGrant',
  plural: 'accessGrants',
  label: { en: 'Access', id: 'Akses' },
  labelPlural: { en: 'Access', id: 'Akses' },
  description: { en: 'Who may do what, why, and until when.', id: 'Siapa boleh apa, mengapa, dan sampai kapan.' },
  table: { schema: 'gateway', name: 'access_grant' },
  key: { column: 'id', type: 'uuid' },
  tenant: { none: true },
  read: readOwnGrants,
  visibleTo: (row, viewer) => (viewer.rights.get(readGrants.name) === 'global' ? sql`true` : ownGrant(row, viewer)),
  title: 'title',
  state: 'state',
  defaultSort: { field: 'createdAt', direction: 'desc' },
  version: {
    column: (row) => sql`md5(concat_ws('|', ${sql.id(row, 'activated_at')}, ${sql.id(row, 'expires_at')}, ${sql.id(row, 'revoked_at')}))`,
  },
  fields: {
    title: {
      ...plain,
      type: 'text',
      column: (row) => sql`${nameOf('staff_id')(row)} || ' · ' || ${sql.id(row, 'role')}`,
      label: { en: 'Access', id: 'Akses' },
    },
    staffName: { ...plain, type: 'text', column: nameOf('staff_id'), sort: true, search: true, inList: true, label: { en: 'Held by', id: 'Dipegang oleh' } },
    staffId: { ...plain, type: 'id', column: 'staff_id', filter: true, label: { en: 'Held by (ID)', id: 'Dipegang oleh (ID)' } },
    state: {
      ...plain,
      type: 'enum',
      column: state,
      values: {
        active: { label: { en: 'In force', id: 'Berlaku' }, tone: 'good' },
        waiting: { label: { en: 'Waits for its activation', id: 'Menunggu diaktifkan' }, tone: 'warning' },
        expired: { label: { en: 'Expired', id: 'Kedaluwarsa' }, tone: 'neutral' },
        revoked: { label: { en: 'Revoked', id: 'Dicabut' }, tone: 'neutral' },
        lapsed: { label: { en: 'Lapsed', id: 'Gugur' }, tone: 'neutral' },
      },
      filter: true,
      inList: true,
      label: { en: 'State', id: 'Status' },
      help: { en: 'Lapsed: never activated in time, or gone with its session.', id: 'Gugur: tidak diaktifkan tepat waktu, atau hilang bersama sesinya.' },
    },
    kind: {
      ...plain,
      type: 'enum',
      values: {
        standing: { label: { en: 'Standing', id: 'Tetap' } },
        elevation: { label: { en: 'Elevation', id: 'Elevasi' }, tone: 'warning' },
        'break-glass': { label: { en: 'Emergency', id: 'Darurat' }, tone: 'bad' },
      },
      filter: true,
      inList: true,
      label: { en: 'Kind', id: 'Jenis' },
    },
    role: {
      ...plain,
      type: 'enum',
      column: (row) => sql`case when ${sql.id(row, 'role')} = any(${Object.keys(roleValues)}::text[]) then ${sql.id(row, 'role')} else ${sql.lit(WITHDRAWN)} end`,
      values: roleValues,
      filter: true,
      inList: true,
      label: { en: 'Role', id: 'Peran' },
      group: scope,
    },
    permissions: { ...plain, type: 'json', column: (row) => sql`to_jsonb(${sql.id(row, 'permissions')})`, label: { en: 'Single permissions', id: 'Izin tertentu' }, group: scope },
    everywhere: { ...plain, type: 'boolean', column: 'is_global', filter: true, inList: true, label: { en: 'For all tenants', id: 'Untuk semua tenant' }, group: scope },
    tenantIds: { ...plain, type: 'json', column: (row) => sql`to_jsonb(${sql.id(row, 'tenant_ids')})`, label: { en: 'Tenants', id: 'Tenant' }, group: scope },
    reason: { ...plain, type: 'text', label: { en: 'Reason', id: 'Alasan' }, group: origin },
    ticket: { ...plain, type: 'text', filter: true, label: { en: 'Ticket', id: 'Tiket' }, group: origin },
    grantedBy: { ...plain, type: 'text', column: nameOf('granted_by'), inList: true, label: { en: 'Given by', id: 'Diberikan oleh' }, group: origin },
    granterId: { ...plain, type: 'id', column: 'granted_by', filter: true, label: { en: 'Given by (ID)', id: 'Diberikan oleh (ID)' }, group: origin },
    createdAt: { ...plain, type: 'timestamp', filter: true, sort: true, label: { en: 'Given', id: 'Diberikan' }, group: origin },
    approvalId: { ...plain, type: 'id', column: 'approval_id', filter: true, label: { en: 'Request', id: 'Permintaan' }, group: origin },
    correlationId: {
      ...plain,
      type: 'id',
      column: (row) => sql`(select asked.correlation_id from gateway.approval_request asked where asked.id = ${sql.id(row, 'approval_id')})`,
      label: { en: 'Correlation ID of the request', id: 'ID korelasi permintaan' },
      group: origin,
    },
    lastUsedAt: {
      ...plain,
      type: 'timestamp',
      column: (row) => sql`(select used.last_used_at from gateway.grant_use used where used.grant_id = ${sql.id(row, 'id')})`,
      filter: true,
      sort: true,
      inList: true,
      label: { en: 'Last used', id: 'Terakhir dipakai' },
      help: {
        en: 'The last act or recorded read under it, as the log has it; noted within a minute or two. Plain reading leaves no event.',
        id: 'Tindakan atau pembacaan tercatat terakhir dengannya menurut log; dicatat dalam satu dua menit. Pembacaan biasa tidak dicatat.',
      },
    },
    minutes: { ...plain, type: 'integer', label: { en: 'Minutes', id: 'Menit' }, group: ending },
    activateBefore: { ...plain, type: 'timestamp', label: { en: 'To be activated before', id: 'Diaktifkan sebelum' }, group: ending },
    activatedAt: { ...plain, type: 'timestamp', label: { en: 'In force since', id: 'Berlaku sejak' }, group: ending },
    expiresAt: { ...plain, type: 'timestamp', filter: true, sort: true, inList: true, label: { en: 'Ends', id: 'Berakhir' }, group: ending },
    revokedAt: { ...plain, type: 'timestamp', filter: true, label: { en: 'Revoked', id: 'Dicabut' }, group: ending },
    revokedBy: { ...plain, type: 'text', column: nameOf('revoked_by'), label: { en: 'Revoked by', id: 'Dicabut oleh' }, group: ending },
    revokeReason: { ...plain, type: 'text', label: { en: 'Revoked because', id: 'Dicabut karena' }, group: ending },
  },
  relations: {
    staffMember: { kind: 'one', resource: 'staffMember', column: 'staff_id', label: { en: 'Member of staff', id: 'Anggota staf' } },
  },
});
