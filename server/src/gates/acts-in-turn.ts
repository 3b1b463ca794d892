import { GatewayError } from '@sallyport/schema/errors.ts';
import { type InTurn, inTurn } from '@sallyport/schema/in-turn.ts';

/** Runs an act when it is this person's turn. @throws {GatewayError} RATE_LIMITED where too many of theirs wait already. */
export type ActsInTurn = <T>(personId: string, act: () => Promise<T>) => Promise<T>;

/** Acts of one person that a process works at together. The connections that they leave serve everybody else, also where all of them wait for one locked row. */
const AT_ONCE = 4;
/** Of one person, under way and waiting. */
const MOST = 200;
/** Seconds after which there may be room again: a statement that waits for a lock ends after five. */
const RETRY_SECONDS = 5;

export function createActsInTurn(): ActsInTurn {
  const lines = new Map<string, { readonly turn: InTurn; length: number }>();
  return async (personId, act) => {
    const line = lines.get(personId) ?? { turn: inTurn(AT_ONCE), length: 0 };
    if (line.length >= MOST) throw new GatewayError('RATE_LIMITED', undefined, { retryAfterSeconds: RETRY_SECONDS });
    lines.set(personId, line);
    line.length += 1;
    try {
      return await line.turn(act);
    } finally {
      line.length -= 1;
      if (line.length === 0) lines.delete(personId);
    }
  };
}
