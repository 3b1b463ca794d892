import { sql } from 'kysely';
import type { Builder } from '../../builder.ts';
import type { Db, LogStanding, LogSurroundings } from '../../ports.ts';
import { addLogActivity, readHours } from './log-activity.ts';
import { addLogSurroundings, clockState, witnessStates } from './log-surroundings.ts';
import { READ_INTEGRITY } from './permissions.ts';
import { streamStates } from './stream-states.ts';

interface StoredState {
  readonly origin: string | null;
  readonly size: number;
  readonly root: string | null;
  readonly unsealed: number;
  readonly unsearchable: number;
  readonly oldestUnsealedSeconds: number | null;
  readonly checkpointSize: number | null;
  readonly checkpointNote: string | null;
  readonly checkpointAt: string | null;
  readonly witnessedSize: number | null;
  readonly witnessedAt: string | null;
  readonly checkpointsToday: number;
}

interface LogKeyState {
  readonly verifier: string;
  readonly sinceSize: number;
  readonly lastSize: number | null;
  readonly madeAt: string;
}

interface AnchorState {
  readonly name: string;
  readonly kind: string;
  readonly lastSize: number | null;
  readonly lastAt: string | null;
  readonly failingSince: string | null;
  readonly problem: string | null;
}

interface Integrity extends StoredState {
  readonly standing: LogStanding;
  readonly surroundings: LogSurroundings;
}

/** Counted to here; beyond, the number itself says nothing more. */
const MOST_COUNTED = 100_000;

async function readState(db: Db): Promise<StoredState> {
  const { rows } = await sql<StoredState>`
    select head.origin, coalesce(head.size, 0) as size, encode(head.root, 'base64') as root,
      (select count(*)::int from (select from audit.unsealed limit ${MOST_COUNTED}) waiting) as unsealed,
      greatest(0, head.size - (select next_index from audit.search_cursor))::float8 as unsearchable,
      (select extract(epoch from clock_timestamp() - min(waiting.time))::float8 from (select time from audit.unsealed limit ${MOST_COUNTED}) waiting) as "oldestUnsealedSeconds",
      latest.size as "checkpointSize", latest.note as "checkpointNote", latest.signed_at as "checkpointAt",
      witnessed.size as "witnessedSize", witnessed.received_at as "witnessedAt",
      (select count(*)::int from audit.checkpoint c where c.signed_at > clock_timestamp() - interval '1 day') as "checkpointsToday"
    from (select) one
    left join audit.log_head head on true
    left join lateral (select * from audit.checkpoint c where c.origin = head.origin order by c.size desc limit 1) latest on true
    left join lateral (select * from audit.cosignature s where s.origin = head.origin order by s.size desc limit 1) witnessed on true`.execute(db);
  const [state] = rows;
  if (!state) throw new Error('The state of the log could not be read');
  return state;
}

/** `logIntegrity`: how the log fares at this moment, for the panel. It says what the gateway believes; a stranger verifies for themselves. */
export function addLogIntegrity(builder: Builder): void {
  const access = READ_INTEGRITY;
  const { hour, stream } = addLogActivity(builder);
  const { witness, clock, store } = addLogSurroundings(builder);
  const key = builder.objectRef<LogKeyState>('LogKey').implement({
    description: 'A public key under which checkpoints verify, as C2SP signed-note writes it.',
    fields: (t) => ({
      verifier: t.exposeString('verifier', { access, nullable: false }),
      sinceSize: t.exposeFloat('sinceSize', { access, nullable: false }),
      lastSize: t.exposeFloat('lastSize', { access }),
      madeAt: t.field({ type: 'DateTime', access, nullable: false, resolve: (state) => state.madeAt }),
    }),
  });
  const anchor = builder.objectRef<AnchorState>('LogAnchor').implement({
    description: 'A place outside the database that keeps checkpoints.',
    fields: (t) => ({
      name: t.exposeString('name', { access, nullable: false }),
      kind: t.exposeString('kind', { access, nullable: false }),
      lastSize: t.exposeFloat('lastSize', { access }),
      lastAt: t.field({ type: 'DateTime', access, nullable: true, resolve: (state) => state.lastAt }),
      failingSince: t.field({ type: 'DateTime', access, nullable: true, resolve: (state) => state.failingSince }),
      problem: t.exposeString('problem', { access }),
    }),
  });
  const integrity = builder.objectRef<Integrity>('LogIntegrity').implement({
    description: 'How the audit log fares: its tree, what is signed, who outside has seen it.',
    fields: (t) => ({
      origin: t.exposeString('origin', { access }),
      size: t.exposeFloat('size', { access, nullable: false }),
      root: t.exposeString('root', { access }),
      unsealed: t.exposeInt('unsealed', { access, nullable: false, description: `Events that wait for their place in the tree, counted up to ${MOST_COUNTED}.` }),
      unsearchable: t.exposeFloat('unsearchable', { access, nullable: false, description: 'Entries of the log that search does not find yet.' }),
      oldestUnsealedSeconds: t.exposeFloat('oldestUnsealedSeconds', { access }),
      checkpointSize: t.exposeFloat('checkpointSize', { access }),
      checkpointNote: t.exposeString('checkpointNote', { access }),
      checkpointAt: t.field({ type: 'DateTime', access, nullable: true, resolve: (state) => state.checkpointAt }),
      checkpointsToday: t.exposeInt('checkpointsToday', { access, nullable: false }),
      witnessedSize: t.exposeFloat('witnessedSize', { access }),
      witnessedAt: t.field({ type: 'DateTime', access, nullable: true, resolve: (state) => state.witnessedAt }),
      standing: t.string({
        access,
        nullable: false,
        description: 'sound, unknown (a witness has not answered since the start), doubted (one objects and can not be asked why), behind or fork.',
        resolve: (state) => state.standing.state,
      }),
      seenPlace: t.string({ access, nullable: true, resolve: (state) => state.standing.seen?.place ?? null }),
      seenSize: t.float({ access, nullable: true, resolve: (state) => state.standing.seen?.size ?? null }),
      unanswered: t.stringList({
        access,
        nullable: false,
        description: 'Kinds of places that keep checkpoints and have not answered since the start.',
        resolve: (state) => [...(state.standing.unanswered ?? [])],
      }),
      hours: t.field({ type: [hour], access, nullable: false, resolve: (_state, _args, { db }) => readHours(db) }),
      witnesses: t.field({ type: [witness], access, nullable: false, resolve: ({ surroundings }, _args, { db }) => witnessStates(db, surroundings.witnesses) }),
      clock: t.field({ type: clock, access, nullable: false, resolve: ({ surroundings }, _args, { db }) => clockState(db, surroundings) }),
      store: t.field({
        type: store,
        access,
        nullable: true,
        description: 'Null where nothing bounds it that the gateway could see.',
        resolve: ({ surroundings }) => surroundings.store,
      }),
      streams: t.field({ type: [stream], access, nullable: false, resolve: (_state, _args, { db }) => streamStates(db) }),
      keys: t.field({
        type: [key],
        access,
        nullable: false,
        resolve: async (_state, _args, { db }) =>
          (
            await sql<LogKeyState>`select verifier, since_size as "sinceSize", last_size as "lastSize", made_at as "madeAt" from audit.log_key order by made_at desc, verifier`.execute(
              db,
            )
          ).rows,
      }),
      anchors: t.field({
        type: [anchor],
        access,
        nullable: false,
        resolve: async (_state, _args, { db }) =>
          (
            await sql<AnchorState>`
              select name, kind, last_size as "lastSize", last_at as "lastAt", failing_since as "failingSince", problem from gateway.anchor order by kind, name`.execute(db)
          ).rows,
      }),
    }),
  });
  builder.queryField('logIntegrity', (t) =>
    t.field({
      type: integrity,
      access,
      nullable: true,
      resolve: async (_root, _args, context) => ({ ...(await readState(context.db)), standing: context.logStanding(), surroundings: context.logSurroundings() }),
    }),
  );
}
