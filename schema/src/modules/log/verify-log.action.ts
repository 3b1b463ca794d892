import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { GatewayError } from '../../errors.ts';
import { defineAction } from '../../vocabulary/define-action.ts';
import { logVerificationAsked } from './log.event.ts';
import { logVerification } from './log-verification.resource.ts';
import { VERIFY_LOG } from './permissions.ts';

export const verifyLog = defineAction({
  name: 'verifyLog',
  on: logVerification,
  creates: true,
  permission: VERIFY_LOG,
  label: { en: 'Verify now', id: 'Verifikasi sekarang' },
  description: {
    en: 'Compares every event with its bytes, every leaf with its event, and the root with the signed head. Takes about a minute for ten million events.',
    id: 'Membandingkan setiap peristiwa dengan byte-nya, setiap daun dengan peristiwanya, dan akar dengan kepala yang ditandatangani. Sekitar satu menit untuk sepuluh juta peristiwa.',
  },
  confirm: { en: 'Verify the whole log', id: 'Verifikasi seluruh log' },
  done: { en: 'The verification has begun.', id: 'Verifikasi telah dimulai.' },
  sensitive: 'never',
  justification: 'none',
  whileLogIsBehind: true,
  input: {},
  event: logVerificationAsked,
  async run(tx, { now }) {
    await sql`select pg_advisory_xact_lock(hashtextextended('gateway.log_verification', 0))`.execute(tx);
    const running = await sql`
      select from gateway.log_verification where ended_at is null and started_at > ${now}::timestamptz - interval '1 hour'`.execute(tx);
    if (running.rows.length > 0) throw new GatewayError('CONFLICT', 'A verification is running already.');
    const id = randomUUID();
    await sql`insert into gateway.log_verification (id, size) select ${id}::uuid, size from audit.log_head`.execute(tx);
    return { created: id, outbox: [{ job: 'verify-log', payload: { logVerificationId: id } }] };
  },
});
