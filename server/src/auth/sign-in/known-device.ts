import { randomUUID } from 'node:crypto';
import type { Tx } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { AccessContext } from '../access-context.ts';
import { DEVICE_DAYS } from '../cookies.ts';
import { hashIfToken, makeToken } from '../opaque-token.ts';

const DEVICES_PER_PERSON = 20;

/** Gives the browser a mark of its own for this person; null when it carries a live one. The mark opens nothing. */
export async function rememberDevice(access: AccessContext, tx: Tx, staffId: string, headers: Headers): Promise<string | null> {
  const { rows } = await sql`
    select id from gateway.known_device
    where staff_id = ${staffId} and token_hash = ${hashIfToken(access.cookies.readDevice(headers))} and expires_at > clock_timestamp()`.execute(tx);
  if (rows.length > 0) return null;
  const { token, hash } = makeToken();
  await sql`
    insert into gateway.known_device (id, staff_id, token_hash, expires_at)
    values (${randomUUID()}, ${staffId}, ${hash}, clock_timestamp() + make_interval(days => ${DEVICE_DAYS}))`.execute(tx);
  await sql`
    delete from gateway.known_device where id in (
      select id from gateway.known_device where staff_id = ${staffId} order by created_at desc, id offset ${DEVICES_PER_PERSON})`.execute(tx);
  return token;
}
