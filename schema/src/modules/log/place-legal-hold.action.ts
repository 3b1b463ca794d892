import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { LogKeepingService } from '../../ports.ts';
import { defineAction } from '../../vocabulary/define-action.ts';
import { badInput } from '../access/bad-input.ts';
import { legalHoldPlaced } from './keeping.event.ts';
import { PLACE_HOLDS } from './keeping-permissions.ts';
import { legalHold } from './legal-hold.resource.ts';

interface Asked {
  readonly recordType?: string | null;
  readonly recordId?: string | null;
  readonly firstDay?: string | null;
  readonly lastDay?: string | null;
}

const given = (text: string | null | undefined): string | null => (text === undefined || text === null || text.trim() === '' ? null : text.trim());

/** @throws {GatewayError} BAD_INPUT for what is no day of the calendar. */
function dayOf(name: 'firstDay' | 'lastDay', text: string | null): string | null {
  if (text === null) return null;
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text) throw badInput(name, 'a day such as 2026-03-31');
  return text;
}

/** What is to be held, as the log writes it: exactly one of tenant, record and stretch of days. */
function scopeOf(input: Asked, tenantId: string | null, { isResource, recordKey }: Pick<LogKeepingService, 'isResource' | 'recordKey'>) {
  const [recordType, asked] = [given(input.recordType), given(input.recordId)];
  const recordId = recordType === null || asked === null ? asked : recordKey(recordType, asked);
  const [firstDay, lastDay] = [dayOf('firstDay', given(input.firstDay)), dayOf('lastDay', given(input.lastDay))];
  // A hold of what does not exist would hold nothing, and nobody would notice.
  if (recordType !== null && !isResource(recordType)) throw badInput('recordType', 'the name of a kind of record, such as person');
  if (recordType !== null && asked !== null && recordId === null) throw badInput('recordId', 'an ID of that kind of record');
  if ((recordType === null) !== (recordId === null)) throw badInput(recordType === null ? 'recordType' : 'recordId', 'kind and ID of the record belong together');
  if ((firstDay === null) !== (lastDay === null)) throw badInput(firstDay === null ? 'firstDay' : 'lastDay', 'first and last day belong together');
  if (firstDay !== null && lastDay !== null && firstDay > lastDay) throw badInput('lastDay', 'not before the first day');
  if ([tenantId, recordType, firstDay].filter((part) => part !== null).length !== 1) throw badInput('tenant', 'one of tenant, record and days');
  return { tenantId, recordType, recordId, firstDay, lastDay };
}

export const placeLegalHold = defineAction({
  name: 'placeLegalHold',
  on: legalHold,
  creates: true,
  permission: PLACE_HOLDS,
  label: { en: 'Place a legal hold', id: 'Tetapkan penahanan hukum' },
  description: {
    en: 'Keeps everything that concerns a tenant, a record or a stretch of days: no segment with it is pruned, no value of it erased, until two people release it.',
    id: 'Menyimpan semua yang menyangkut tenant, rekaman, atau rentang hari: segmennya tidak dipangkas dan nilainya tidak dihapus sampai dua orang melepasnya.',
  },
  confirm: { en: 'Place the legal hold', id: 'Tetapkan penahanan hukum' },
  done: { en: 'The legal hold is in force.', id: 'Penahanan hukum berlaku.' },
  sensitive: 'always',
  justification: 'reason-and-ticket',
  refusedUnder: ['token'],
  tenantsFrom: 'tenant',
  input: {
    tenant: { type: 'tenants', max: 1, optional: true, label: { en: 'Tenant', id: 'Tenant' } },
    recordType: {
      type: 'text',
      maxLength: 100,
      optional: true,
      label: { en: 'Kind of record', id: 'Jenis rekaman' },
      help: { en: 'Such as person or invoice.', id: 'Misalnya person atau invoice.' },
    },
    recordId: { type: 'text', maxLength: 200, optional: true, label: { en: 'ID of the record', id: 'ID rekaman' } },
    firstDay: {
      type: 'text',
      maxLength: 10,
      optional: true,
      label: { en: 'First day', id: 'Hari pertama' },
      help: { en: 'In UTC, such as 2026-03-01.', id: 'Dalam UTC, misalnya 2026-03-01.' },
    },
    lastDay: {
      type: 'text',
      maxLength: 10,
      optional: true,
      label: { en: 'Last day', id: 'Hari terakhir' },
      help: { en: 'In UTC, such as 2026-03-31.', id: 'Dalam UTC, misalnya 2026-03-31.' },
    },
  },
  event: legalHoldPlaced,
  requires: async (_tx, { input, tenantId }, { keeping }) => {
    scopeOf(input, tenantId, keeping);
  },
  async run(tx, { input, tenantId, viewer, reason, ticket, correlationId }, { keeping }) {
    const scope = scopeOf(input, tenantId, keeping);
    const id = randomUUID();
    // A preview knows no reason and is undone.
    await sql`
      insert into audit.legal_hold (id, tenant_id, record_type, record_id, first_day, last_day, reason, ticket, placed_by, correlation_id)
      values (${id}, ${scope.tenantId}, ${scope.recordType}, ${scope.recordId}, ${scope.firstDay}::date, ${scope.lastDay}::date, ${reason ?? '-'}, ${ticket}, ${viewer.actor.id}, ${correlationId}::uuid)`.execute(
      tx,
    );
    return { created: id, detail: { ...scope } };
  },
});
