import { sql } from 'kysely';
import { defineResource } from '../../vocabulary/define-resource.ts';
import { nameOf } from '../access/names.ts';
import { readAllTokens, readTokens } from './permissions.ts';

const plain = { access: readTokens, class: 'internal' } as const;
const scope = { en: 'What it may do', id: 'Yang boleh dilakukan' };

/** A token made for tooling, as everybody may know it: never the token, which is not kept, nor its hash. */
export const accessToken = defineResource({
  name: 'accessToken',
  plural: 'accessTokens',
  label: { en: 'Token', id: 'Token' },
  labelPlural: { en: 'Tokens', id: 'Token' },
  description: {
    en: 'What people let their tooling do in their name, for minutes or hours.',
    id: 'Yang boleh dilakukan perkakas atas nama seseorang, selama beberapa menit atau jam.',
  },
  table: { schema: 'gateway', name: 'access_token' },
  key: { column: 'id', type: 'uuid' },
  tenant: { none: true },
  read: readTokens,
  visibleTo: (row, viewer) => (viewer.rights.get(readAllTokens.name) === 'global' ? sql`true` : sql`${sql.id(row, 'staff_id')} = ${viewer.actor.id}::uuid`),
  title: 'name',
  state: 'state',
  defaultSort: { field: 'createdAt', direction: 'desc' },
  fields: {
    name: { ...plain, type: 'text', filter: true, search: true, inList: true, label: { en: 'Name', id: 'Nama' } },
    hint: {
      ...plain,
      type: 'text',
      filter: true,
      inList: true,
      label: { en: 'Begins with', id: 'Diawali' },
      help: { en: 'The beginning of the token, to recognise it by.', id: 'Awal token, untuk mengenalinya.' },
    },
    state: {
      ...plain,
      type: 'enum',
      // The same conditions as in the statement that admits a token (server/src/auth/tokens): what is `active` here is let in.
      column: (row) => sql`
        case
          when ${sql.id(row, 'revoked_at')} is not null then 'revoked'
          when ${sql.id(row, 'expires_at')} <= clock_timestamp() then 'expired'
          when exists (
            select 1 from gateway.session parent join gateway.staff maker on maker.id = parent.staff_id
            where parent.id = ${sql.id(row, 'session_id')} and parent.staff_id = ${sql.id(row, 'staff_id')} and parent.stage = 'full'
              and parent.ended_at is null and parent.expires_at > clock_timestamp() and maker.state = 'active') then 'active'
          else 'session-ended'
        end`,
      values: {
        active: { label: { en: 'Active', id: 'Aktif' }, tone: 'good' },
        expired: { label: { en: 'Expired', id: 'Kedaluwarsa' }, tone: 'neutral' },
        revoked: { label: { en: 'Revoked', id: 'Dicabut' }, tone: 'neutral' },
        'session-ended': { label: { en: 'Ended with its session', id: 'Berakhir bersama sesinya' }, tone: 'neutral' },
      },
      filter: true,
      inList: true,
      label: { en: 'State', id: 'Status' },
    },
    ownerName: { ...plain, type: 'text', column: nameOf('staff_id'), inList: true, label: { en: 'Made by', id: 'Dibuat oleh' } },
    ownerId: { ...plain, type: 'id', column: 'staff_id', filter: true, label: { en: 'Made by (ID)', id: 'Dibuat oleh (ID)' } },
    permissions: { ...plain, type: 'json', column: (row) => sql`to_jsonb(${sql.id(row, 'permissions')})`, label: { en: 'Permissions', id: 'Izin' }, group: scope },
    everywhere: { ...plain, type: 'boolean', column: 'is_global', filter: true, label: { en: 'For all tenants', id: 'Untuk semua tenant' }, group: scope },
    tenantIds: { ...plain, type: 'json', column: (row) => sql`to_jsonb(${sql.id(row, 'tenant_ids')})`, label: { en: 'Tenants', id: 'Tenant' }, group: scope },
    reason: { ...plain, type: 'text', label: { en: 'Reason', id: 'Alasan' } },
    createdAt: { ...plain, type: 'timestamp', filter: true, sort: true, inList: true, label: { en: 'Made', id: 'Dibuat' } },
    expiresAt: { ...plain, type: 'timestamp', filter: true, sort: true, inList: true, label: { en: 'Ends', id: 'Berakhir' } },
    lastUsedAt: {
      ...plain,
      type: 'timestamp',
      filter: true,
      sort: true,
      inList: true,
      label: { en: 'Last used', id: 'Terakhir dipakai' },
      help: { en: 'To the minute. The log names every act.', id: 'Sampai menitnya. Log menyebut setiap tindakan.' },
    },
    revokedAt: { ...plain, type: 'timestamp', label: { en: 'Revoked', id: 'Dicabut' } },
    revokedBy: { ...plain, type: 'text', column: nameOf('revoked_by'), label: { en: 'Revoked by', id: 'Dicabut oleh' } },
  },
});
