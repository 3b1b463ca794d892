import { sql } from 'kysely';
import type { Builder } from '../../builder.ts';
import type { Db, LogSurroundings } from '../../ports.ts';
import { READ_INTEGRITY } from './permissions.ts';

type Witness = LogSurroundings['witnesses'][number];

interface WitnessState extends Witness {
  readonly lastSize: number | null;
  readonly lastAt: string | null;
}

interface ClockState {
  readonly differenceSeconds: number | null;
  readonly jumps: number;
  readonly lastJumpAt: string | null;
  readonly lastJumpSeconds: number | null;
  readonly lastJumpIndex: number | null;
  readonly lastJumpCause: string | null;
}

/** The witnesses that this gateway asks, with what each has cosigned last. */
export async function witnessStates(db: Db, witnesses: readonly Witness[]): Promise<readonly WitnessState[]> {
  const { rows } = await sql<Pick<WitnessState, 'name' | 'lastSize' | 'lastAt'>>`
    select asked.name, said.size as "lastSize", said.received_at as "lastAt"
    from unnest(${witnesses.map(({ name }) => name)}::text[]) as asked(name)
    cross join lateral (select size, received_at from audit.cosignature c where c.origin = (select origin from audit.log_head) and c.witness = asked.name order by size desc limit 1) said`.execute(
    db,
  );
  return witnesses.map((witness) => ({ lastSize: null, lastAt: null, ...rows.find(({ name }) => name === witness.name), ...witness }));
}

/** What gateways have noticed of clocks in the last day. */
export async function clockState(db: Db, { clockDifferenceSeconds }: LogSurroundings): Promise<ClockState> {
  const { rows } = await sql<Omit<ClockState, 'differenceSeconds'>>`
    select (select count(*)::int from gateway.log_clock_jump where noticed_at > clock_timestamp() - interval '1 day') as jumps,
      last.noticed_at as "lastJumpAt", last.seconds as "lastJumpSeconds", last.log_index as "lastJumpIndex", last.cause as "lastJumpCause"
    from (select) one
    left join lateral (select * from gateway.log_clock_jump where noticed_at > clock_timestamp() - interval '1 day' order by id desc limit 1) last on true`.execute(db);
  const [state] = rows;
  if (!state) throw new Error('The clock of the log could not be read');
  return { ...state, differenceSeconds: clockDifferenceSeconds };
}

/** GraphQL types of what the log rests on: who witnesses it, by which clock, in how much room. */
export function addLogSurroundings(builder: Builder) {
  const access = READ_INTEGRITY;
  const filled = { access, nullable: false } as const;
  const witness = builder.objectRef<WitnessState>('LogWitness').implement({
    description: 'A witness that this gateway has cosign its checkpoints. Whoever pins its key sees by themselves what it has cosigned.',
    fields: (t) => ({
      name: t.exposeString('name', filled),
      verifier: t.exposeString('verifier', { ...filled, description: 'Its public key, as C2SP signed-note writes it.' }),
      lastSize: t.exposeFloat('lastSize', { access, description: 'Events that the checkpoint covers that it cosigned last.' }),
      lastAt: t.field({ type: 'DateTime', access, nullable: true, resolve: (state) => state.lastAt }),
      failures: t.exposeInt('failures', { access, description: 'How often in a row one that this gateway runs itself has ended; null for one elsewhere.' }),
    }),
  });
  const clock = builder.objectRef<ClockState>('LogClock').implement({
    description: 'The clocks behind the times of events. Nothing of the order of the log rests on them.',
    fields: (t) => ({
      differenceSeconds: t.exposeFloat('differenceSeconds', { access, description: "Seconds that the database's clock is ahead of the clock of this gateway's machine." }),
      jumps: t.exposeInt('jumps', { ...filled, description: 'Jumps that were noticed in the last 24 hours.' }),
      lastJumpAt: t.field({ type: 'DateTime', access, nullable: true, resolve: (state) => state.lastJumpAt }),
      lastJumpSeconds: t.exposeFloat('lastJumpSeconds', { access, description: 'Negative for back.' }),
      lastJumpIndex: t.exposeFloat('lastJumpIndex', { access, description: 'Entry of the log that shows it; null where the clock was seen being set.' }),
      lastJumpCause: t.exposeString('lastJumpCause', {
        access,
        description: 'order: an entry earlier than the one before it; ahead: an entry later than the clock of the gateway; set: the clock was set.',
      }),
    }),
  });
  const store = builder.objectRef<NonNullable<LogSurroundings['store']>>('LogStore').implement({
    description: 'Room for the log.',
    fields: (t) => ({
      level: t.exposeString('level', { ...filled, description: 'roomy, filling (from four fifths on) or full: acts are refused then.' }),
      usedBytes: t.exposeFloat('usedBytes', filled),
      capacityBytes: t.exposeFloat('capacityBytes', filled),
    }),
  });
  return { witness, clock, store };
}
