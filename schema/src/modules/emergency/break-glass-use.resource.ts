import { sql } from 'kysely';
import { defineResource } from '../../vocabulary/define-resource.ts';
import { nameOf } from '../access/names.ts';
import { readOwnUses, readUses, reviewUses } from './permissions.ts';

const plain = { access: readOwnUses, class: 'internal' } as const;
const review = { en: 'Review', id: 'Tinjauan' };

/** Whether the emergency still opens anything: its grant and its session are what the gateway admits by (server/src/auth/viewer). */
const inForce = (row: string) => sql`
  exists (
    select 1 from gateway.access_grant held
    join gateway.session held_in on held_in.id = held.session_id
    join gateway.staff holder on holder.id = held.staff_id
    where held.id = ${sql.id(row, 'id')} and held.revoked_at is null and held.expires_at > clock_timestamp()
      and held_in.ended_at is null and held_in.expires_at > clock_timestamp() and holder.state = 'active')`;

/** Power taken in an emergency: who, why, for how long, and what somebody else said of it afterwards. */
export const breakGlassUse = defineResource({
  name: 'breakGlassUse',
  plural: 'breakGlassUses',
  label: { en: 'Emergency', id: 'Keadaan darurat' },
  labelPlural: { en: 'Emergencies', id: 'Keadaan darurat' },
  description: {
    en: 'Emergency access: taken at once, over in half an hour, owed a review by somebody else.',
    id: 'Akses darurat: langsung diambil, usai dalam setengah jam, wajib ditinjau orang lain.',
  },
  table: { schema: 'gateway', name: 'break_glass' },
  key: { column: 'id', type: 'uuid' },
  tenant: { none: true },
  read: readOwnUses,
  visibleTo: (row, viewer) =>
    viewer.rights.get(readUses.name) === 'global' || viewer.rights.get(reviewUses.name) === 'global' ? sql`true` : sql`${sql.id(row, 'staff_id')} = ${viewer.actor.id}::uuid`,
  title: 'ticket',
  state: 'state',
  defaultSort: { field: 'startedAt', direction: 'desc' },
  fields: {
    state: {
      ...plain,
      type: 'enum',
      column: (row) => sql`case when ${sql.id(row, 'reviewed_at')} is not null then 'reviewed' when ${inForce(row)} then 'in-force' else 'awaiting-review' end`,
      values: {
        'in-force': { label: { en: 'In force', id: 'Berlaku' }, tone: 'bad' },
        'awaiting-review': { label: { en: 'Awaiting review', id: 'Menunggu tinjauan' }, tone: 'warning' },
        reviewed: { label: { en: 'Reviewed', id: 'Sudah ditinjau' }, tone: 'good' },
      },
      filter: true,
      inList: true,
      label: { en: 'State', id: 'Status' },
    },
    personName: { ...plain, type: 'text', column: nameOf('staff_id'), inList: true, label: { en: 'Taken by', id: 'Diambil oleh' } },
    personId: { ...plain, type: 'id', column: 'staff_id', filter: true, label: { en: 'Taken by (ID)', id: 'Diambil oleh (ID)' } },
    reason: { ...plain, type: 'text', label: { en: 'Reason', id: 'Alasan' } },
    ticket: { ...plain, type: 'text', filter: true, search: true, inList: true, label: { en: 'Ticket', id: 'Tiket' } },
    everywhere: { ...plain, type: 'boolean', column: 'is_global', filter: true, label: { en: 'For all tenants', id: 'Untuk semua tenant' } },
    tenantIds: { ...plain, type: 'json', column: (row) => sql`to_jsonb(${sql.id(row, 'tenant_ids')})`, label: { en: 'Tenants', id: 'Tenant' } },
    startedAt: { ...plain, type: 'timestamp', filter: true, sort: true, inList: true, label: { en: 'Began', id: 'Dimulai' } },
    endsAt: { ...plain, type: 'timestamp', filter: true, sort: true, label: { en: 'Ends by', id: 'Berakhir paling lambat' } },
    endedAt: {
      ...plain,
      type: 'timestamp',
      inList: true,
      label: { en: 'Ended', id: 'Berakhir' },
      help: { en: 'Noted within a minute of the end.', id: 'Dicatat dalam semenit setelah berakhir.' },
    },
    endReason: {
      ...plain,
      type: 'enum',
      values: {
        'ended-by-owner': { label: { en: 'Ended by its owner', id: 'Diakhiri pemiliknya' } },
        expired: { label: { en: 'By time', id: 'Oleh waktu' } },
        'session-ended': { label: { en: 'With its session', id: 'Bersama sesinya' } },
        revoked: { label: { en: 'Revoked', id: 'Dicabut' } },
      },
      filter: true,
      label: { en: 'How it ended', id: 'Cara berakhir' },
    },
    verdict: {
      ...plain,
      type: 'enum',
      values: {
        justified: { label: { en: 'Justified', id: 'Beralasan' }, tone: 'good' },
        'not-justified': { label: { en: 'Not justified', id: 'Tidak beralasan' }, tone: 'bad' },
        'needs-follow-up': { label: { en: 'Needs follow-up', id: 'Perlu tindak lanjut' }, tone: 'warning' },
      },
      filter: true,
      inList: true,
      label: { en: 'Verdict', id: 'Penilaian' },
      group: review,
    },
    reviewedBy: { ...plain, type: 'text', column: nameOf('reviewed_by'), label: { en: 'Reviewed by', id: 'Ditinjau oleh' }, group: review },
    reviewedAt: { ...plain, type: 'timestamp', filter: true, sort: true, label: { en: 'Reviewed', id: 'Ditinjau' }, group: review },
    reviewComment: { ...plain, type: 'text', label: { en: 'Comment', id: 'Komentar' }, group: review },
    alertedAt: {
      ...plain,
      type: 'timestamp',
      label: { en: 'Alert raised', id: 'Peringatan dibunyikan' },
      help: { en: 'When it had gone without a review for a day.', id: 'Ketika sehari penuh belum ditinjau.' },
      group: review,
    },
    correlationId: { ...plain, type: 'id', filter: true, label: { en: 'Correlation ID', id: 'ID korelasi' } },
  },
});
