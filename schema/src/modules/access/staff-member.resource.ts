import { type RawBuilder, sql } from 'kysely';
import type { Viewer } from '../../viewer.ts';
import { defineResource } from '../../vocabulary/define-resource.ts';
import { nameOf } from './names.ts';
import { readStaff, readStaffContacts } from './permissions.ts';
import { accessSettings } from './settings.ts';

const plain = { access: readStaff, class: 'internal' } as const;
const signIn = { en: 'Sign-in', id: 'Proses masuk' };
const history = { en: 'History', id: 'Riwayat' };

/** The accounts on which this viewer may act: those of other humans. */
export const ofSomebodyElse = (row: string, viewer: Viewer): RawBuilder<unknown> =>
  sql`coalesce(${sql.id(row, 'person_id')}, ${sql.id(row, 'id')}) not in (${viewer.actor.personId}::uuid, ${viewer.subject.personId}::uuid)`;

/** One of our own staff. Nothing of their password, authenticator or sessions is here but when it was. */
export const staffMember = defineResource({
  name: 'staffMember',
  plural: 'staffMembers',
  label: { en: 'Member of staff', id: 'Anggota staf' },
  labelPlural: { en: 'Staff', id: 'Staf' },
  description: { en: 'People who can sign in here, and what they may do.', id: 'Orang yang dapat masuk di sini, dan yang boleh mereka lakukan.' },
  table: { schema: 'gateway', name: 'staff' },
  key: { column: 'id', type: 'uuid' },
  tenant: { none: true },
  read: readStaff,
  title: 'displayName',
  state: 'state',
  defaultSort: { field: 'displayName', direction: 'asc' },
  // What every sign-in writes (the last time step) is no change of the record. Nothing that not every reader may read is in it: a digest would
  // tell whoever guesses right (THREATS C09).
  version: {
    column: (row) =>
      sql`md5(concat_ws('|', ${sql.id(row, 'state')}, ${sql.id(row, 'display_name')}, ${sql.id(row, 'person_id')}, ${sql.id(row, 'totp_enrolled_at')}, ${sql.id(row, 'disabled_at')}))`,
  },
  fields: {
    displayName: { ...plain, type: 'text', filter: true, sort: true, search: true, inList: true, label: { en: 'Name', id: 'Nama' } },
    email: { access: readStaffContacts, class: 'personal', type: 'email', filter: true, search: true, label: { en: 'E-mail', id: 'Surel' } },
    state: {
      ...plain,
      type: 'enum',
      values: {
        invited: { label: { en: 'Invited', id: 'Diundang' }, tone: 'neutral' },
        active: { label: { en: 'Active', id: 'Aktif' }, tone: 'good' },
        disabled: { label: { en: 'Disabled', id: 'Dinonaktifkan' }, tone: 'bad' },
      },
      filter: true,
      sort: true,
      inList: true,
      label: { en: 'State', id: 'Status' },
    },
    lastSeenAt: {
      ...plain,
      type: 'timestamp',
      column: (row) => sql`(select max(seen.last_seen_at) from gateway.session seen where seen.staff_id = ${sql.id(row, 'id')} and seen.stage = 'full')`,
      filter: true,
      sort: true,
      inList: true,
      label: { en: 'Last here', id: 'Terakhir hadir' },
      help: { en: 'To the minute, of the last 90 days.', id: 'Sampai menitnya, dari 90 hari terakhir.' },
      group: signIn,
    },
    secondFactorSince: {
      ...plain,
      type: 'timestamp',
      column: 'totp_enrolled_at',
      filter: true,
      sort: true,
      label: { en: 'Authenticator since', id: 'Autentikator sejak' },
      group: signIn,
    },
    lockedOut: {
      ...plain,
      type: 'boolean',
      column: (row) => sql`exists (
        select 1 from gateway.attempt_budget spent
        where spent.scope = 'second-factor' and spent.subject = ${sql.id(row, 'id')}::text and spent.consecutive >= ${sql.lit(accessSettings.secondFactorFailuresInARow)})`,
      filter: true,
      label: { en: 'Locked out', id: 'Terkunci' },
      help: {
        en: `After ${accessSettings.secondFactorFailuresInARow} wrong codes in a row; only a new enrolment helps.`,
        id: `Setelah ${accessSettings.secondFactorFailuresInARow} kode salah berturut-turut; hanya pendaftaran ulang yang membantu.`,
      },
      group: signIn,
    },
    sameHumanAs: {
      ...plain,
      type: 'text',
      column: (row) => sql`(
        select string_agg(other.display_name, ', ' order by other.display_name, other.id) from gateway.staff other
        where other.id <> ${sql.id(row, 'id')} and coalesce(other.person_id, other.id) = coalesce(${sql.id(row, 'person_id')}, ${sql.id(row, 'id')}))`,
      label: { en: 'Same human as', id: 'Orang yang sama dengan' },
      help: { en: 'Accounts that count as one where two people are needed.', id: 'Akun yang dihitung satu bila diperlukan dua orang.' },
    },
    createdAt: { ...plain, type: 'timestamp', filter: true, sort: true, label: { en: 'Since', id: 'Sejak' }, group: history },
    invitedBy: { ...plain, type: 'text', column: nameOf('invited_by'), label: { en: 'Invited by', id: 'Diundang oleh' }, group: history },
    invitedById: { ...plain, type: 'id', column: 'invited_by', filter: true, label: { en: 'Invited by (ID)', id: 'Diundang oleh (ID)' }, group: history },
    disabledAt: { ...plain, type: 'timestamp', filter: true, sort: true, label: { en: 'Disabled', id: 'Dinonaktifkan' }, group: history },
    disabledBy: { ...plain, type: 'text', column: nameOf('disabled_by'), label: { en: 'Disabled by', id: 'Dinonaktifkan oleh' }, group: history },
  },
  relations: {
    grants: { kind: 'many', resource: 'accessGrant', column: 'staff_id', orderBy: 'createdAt', label: { en: 'Access', id: 'Akses' } },
    grantCount: { kind: 'count', resource: 'accessGrant', column: 'staff_id', label: { en: 'Grants, ended ones too', id: 'Pemberian akses, termasuk yang berakhir' } },
  },
});
