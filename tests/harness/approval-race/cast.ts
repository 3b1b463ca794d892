import { randomUUID } from 'node:crypto';
import type { DemoPerson } from '@sallyport/server/auth/seed-demo-staff.ts';
import type { WireAnswer, WireClient } from '../wire-client.ts';
import type { WireScene } from '../wire-scene.ts';
import { personOf } from '../gateway-process.ts';

/** Who does what in the races. All hold what they need by rows; what they may do with it is the gateway's to say. */
export const CAST = {
  /** Asks, and could approve, were it not their own. */
  requester: { role: 'billing-operator', grants: ['platform-admin'] },
  /** Asks, and loses the right meanwhile. */
  passing: { role: 'support-operator', grants: ['billing-operator'] },
  first: { role: 'platform-admin', grants: [] },
  second: { role: 'customer-success', grants: ['platform-admin'] },
  /** Approves, and loses the right meanwhile. */
  fading: { role: 'support-viewer', grants: ['platform-admin'] },
  /** Another account of `first`. */
  double: { role: 'production-engineer', grants: ['platform-admin'] },
} as const;

export type Part = keyof typeof CAST;

/** One person at one browser, whose codes are given one after the other. */
export interface Player {
  readonly client: WireClient;
  /** A proof for exactly this, or null where it is refused before one is asked for. @throws where the gateway is gone. */
  prove(document: string, input: Readonly<Record<string, unknown>>): Promise<string | null>;
}

export interface Cast {
  /** Signed in once more, for a worker of its own. */
  signIn(part: Part): Promise<Player>;
  readonly idOf: (part: Part) => string;
  /** Gives a new grant of a role. @returns its ID. */
  grant(part: Part, role: string): Promise<string>;
  /** Takes it away. When this returns, it is committed. */
  revoke(grantId: string): Promise<void>;
  /** Runs work while nobody else makes this person gain or lose anything. */
  alone(part: Part, work: () => Promise<void>): Promise<void>;
}

/** One after the other, whatever becomes of those before. */
function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };
}

const roleOf = (part: Part): string => CAST[part].role;

export async function openCast(scene: WireScene): Promise<Cast> {
  const { superuser } = scene;
  const people = new Map<
    Part,
    { readonly person: DemoPerson; readonly id: string; readonly codes: ReturnType<typeof createTurns>; readonly rights: ReturnType<typeof createTurns> }
  >();
  for (const part of Object.keys(CAST) as Part[]) {
    const person = personOf(scene.people, roleOf(part));
    const { rows } = await superuser.query<{ id: string }>('select id from gateway.staff where email = $1', [person.email]);
    people.set(part, { person, id: rows[0]?.id ?? '', codes: createTurns(), rights: createTurns() });
  }
  const entryOf = (part: Part) => {
    const entry = people.get(part);
    if (!entry) throw new Error(`Nobody plays ${part}`);
    return entry;
  };
  const grant: Cast['grant'] = async (part, role) => {
    const id = randomUUID();
    await superuser.query(`insert into gateway.access_grant (id, staff_id, role, is_global, reason) values ($1, $2, $3, true, 'race')`, [id, entryOf(part).id, role]);
    return id;
  };
  for (const part of Object.keys(CAST) as Part[]) if (part !== 'fading' && part !== 'passing') for (const role of CAST[part].grants) await grant(part, role);
  await superuser.query('update gateway.staff set person_id = $1 where id = $2', [entryOf('first').id, entryOf('double').id]);
  return {
    idOf: (part) => entryOf(part).id,
    grant,
    revoke: async (id) => void (await superuser.query('update gateway.access_grant set revoked_at = clock_timestamp() where id = $1', [id])),
    alone: (part, work) => entryOf(part).rights(work),
    async signIn(part) {
      const entry = entryOf(part);
      const client = scene.client(entry.person);
      // A code is good once: whoever shares an authenticator waits their turn.
      const inTurn = entry.codes;
      // A gateway that was killed meanwhile is no reason not to come in by the other.
      for (let attempt = 1; ; attempt += 1) {
        try {
          client.at(scene.processes[attempt % scene.processes.length]?.url ?? '');
          await inTurn(() => client.signIn());
          break;
        } catch (fault) {
          if (attempt >= 5) throw fault;
        }
      }
      return {
        client,
        async prove(document, input) {
          const asked: WireAnswer = await client.mutate(document, input);
          const challenge = asked.body.errors?.[0]?.extensions.challenge;
          return challenge === undefined ? null : inTurn(() => client.stepUp(challenge));
        },
      };
    },
  };
}
