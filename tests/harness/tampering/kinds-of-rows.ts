import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { forgeCanonical, readEntry, rebuildTree, rehashLeaves, shiftLeaves } from './forge.ts';
import type { Expectation, Kind, Tampering } from './kind.ts';

const setCanonical = (attacker: pg.Pool, id: string, canonical: Buffer): Promise<unknown> => attacker.query('update audit.event set canonical = $2 where id = $1', [id, canonical]);

/** Hides an edit in a tree that fits, without a key; or leaves the tree as it is. */
async function cover({ attacker, form, place }: Tampering): Promise<Expectation> {
  if (form === 0) return { firstBad: place, isExact: true };
  await rehashLeaves(attacker, place);
  await rebuildTree(attacker);
  return { firstBad: place };
}

const editValue = async (tampering: Tampering): Promise<Expectation> => {
  const { attacker, place } = tampering;
  const { eventId, canonical } = await readEntry(attacker, place);
  await attacker.query('update audit.event set reason = $2 where id = $1', [eventId, 'Nothing was charged']);
  await setCanonical(attacker, eventId, forgeCanonical(canonical, { reason: 'Nothing was charged' }));
  return cover(tampering);
};

const editTime = async (tampering: Tampering): Promise<Expectation> => {
  const { attacker, place } = tampering;
  const { eventId, canonical, time } = await readEntry(attacker, place);
  // Another microsecond, so that the row stays in its segment.
  const other = `${time.slice(0, -2)}${time.at(-2) === '7' ? '3' : '7'}Z`;
  await attacker.query('update audit.event set time = $2 where id = $1', [eventId, other]);
  await attacker.query('update audit.leaf set time = $2 where log_index = $1', [place, other]);
  await setCanonical(attacker, eventId, forgeCanonical(canonical, { time: other }));
  return cover(tampering);
};

const deleteMiddle = async ({ attacker, place, form }: Tampering): Promise<Expectation> => {
  const { eventId } = await readEntry(attacker, place);
  await attacker.query('delete from audit.event where id = $1', [eventId]);
  if (form === 0) return { firstBad: place, isExact: true };
  await attacker.query('delete from audit.leaf where log_index = $1', [place]);
  await shiftLeaves(attacker, place + 1, -1);
  await rebuildTree(attacker);
  return { firstBad: place };
};

const insert = async ({ attacker, place, form }: Tampering): Promise<Expectation> => {
  const { canonical, eventId } = await readEntry(attacker, place);
  const id = randomUUID();
  const reason = 'Asked for by the customer';
  await attacker.query(
    `insert into audit.event select (jsonb_populate_record(event, jsonb_build_object('id', $2::text, 'reason', $3::text))).* from audit.event event where event.id = $1`,
    [eventId, id, reason],
  );
  await setCanonical(attacker, id, forgeCanonical(canonical, { id, reason }));
  await shiftLeaves(attacker, place, 1);
  await attacker.query(
    'insert into audit.leaf (log_index, event_id, time, retention, leaf_hash) select $1, $2, time, retention, leaf_hash from audit.leaf where log_index = $1::bigint + 1',
    [place, id],
  );
  await rehashLeaves(attacker, place);
  if (form === 1) await rebuildTree(attacker);
  return { firstBad: place };
};

const swapTwo = async ({ attacker, log, place, form }: Tampering): Promise<Expectation> => {
  const other = place + 1 < log.witnessedSize ? place + 1 : place - 1;
  const [first, second] = [Math.min(place, other), Math.max(place, other)];
  // The hashes stay where they were, or go with their events.
  const columns = ['event_id', 'time', 'retention', ...(form === 0 ? [] : ['leaf_hash'])];
  await attacker.query(
    `update audit.leaf set (${columns.join(', ')}) =
       (select ${columns.map((column) => `other.${column}`).join(', ')} from audit.leaf other where other.log_index = $1::bigint + $2::bigint - leaf.log_index)
     where log_index in ($1, $2)`,
    [first, second],
  );
  return { firstBad: first, ...(form === 0 ? { isExact: true } : {}) };
};

/** What happened at another tenant is now said to have happened here: the other row's content under this row's ID and time. */
const copyRow = async (tampering: Tampering): Promise<Expectation> => {
  const { attacker, log, place } = tampering;
  const here = await readEntry(attacker, place);
  const { rows } = await attacker.query<{ id: string; canonical: Buffer }>(
    `select event.id, event.canonical from audit.event event, audit.event here
     where here.id = $1 and event.tenant_id <> here.tenant_id and event.retention = here.retention order by event.id limit 1 offset $2`,
    [here.eventId, place % Math.floor(log.size / 10)],
  );
  const [other] = rows;
  if (other === undefined) throw new Error('There is no event of another tenant to copy');
  await attacker.query(
    `update audit.event set (correlation_id, tenant_id, actor_id, target_id, ticket, before, after) =
       (select correlation_id, tenant_id, actor_id, target_id, ticket, before, after from audit.event other where other.id = $2) where id = $1`,
    [here.eventId, other.id],
  );
  const { id, time } = JSON.parse(here.canonical.toString('utf8')) as { readonly id: string; readonly time: string };
  await setCanonical(attacker, here.eventId, forgeCanonical(other.canonical, { id, time }));
  return cover(tampering);
};

/** What people read in the console, but not what was hashed. */
const editColumns = async ({ attacker, place, form }: Tampering): Promise<Expectation> => {
  const { eventId } = await readEntry(attacker, place);
  const edit = form === 0 ? "actor_name = 'Somebody else'" : "reason = 'Nothing was charged', tenant_id = 'tenant-99'";
  await attacker.query(`update audit.event set ${edit} where id = $1`, [eventId]);
  return { onlyColumns: [eventId] };
};

/** Attacks on what single entries say. */
export const KINDS_OF_ROWS: readonly Kind[] = [
  { name: 'edit value', tamper: editValue },
  { name: 'edit time', tamper: editTime },
  { name: 'delete middle', tamper: deleteMiddle },
  { name: 'insert', tamper: insert },
  { name: 'swap two', tamper: swapTwo },
  { name: "copy another tenant's row", tamper: copyRow },
  { name: 'edit columns alone', tamper: editColumns },
];
