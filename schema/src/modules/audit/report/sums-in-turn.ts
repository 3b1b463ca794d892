import { GatewayError } from '../../../errors.ts';
import type { RequestContext } from '../../../ports.ts';
import type { Viewer } from '../../../viewer.ts';
import type { Permission } from '../../../vocabulary/permission.ts';
import { inTurn } from '../../../in-turn.ts';

export interface AskedSum {
  readonly viewer: Viewer;
  readonly permission: Permission;
  /** As refusals name it: `Query.flows`. */
  readonly field: string;
}

/**
 * Reads when its turn has come.
 * @throws {GatewayError} RATE_LIMITED at once, which is an event, where the line is full, or as long as it may be for this person.
 */
export type SumsInTurn = <Sums>(context: Pick<RequestContext, 'reads'>, asked: AskedSum, read: () => Promise<Sums>) => Promise<Sums>;

interface Line {
  /** Read at a time by one process: whoever else is served has most of the connections. */
  readonly atOnce: number;
  /** Read or waiting, all together and for one person with whatever sessions and tokens: so nobody fills the line for others, or the process with what waits. */
  readonly most: number;
  readonly mostOfOne: number;
}

/** Seconds after which it may be somebody's turn. */
const RETRY_SECONDS = 5;

function sumsInLine({ atOnce, most, mostOfOne }: Line): SumsInTurn {
  const reading = inTurn(atOnce);
  const line: string[] = [];
  return async (context, { viewer, permission, field }, read) => {
    const person = viewer.actor.id;
    if (line.length >= most || line.filter((waiting) => waiting === person).length >= mostOfOne) {
      context.reads.refuse(permission.name, field, 'RATE_LIMITED');
      throw new GatewayError('RATE_LIMITED', undefined, { retryAfterSeconds: RETRY_SECONDS });
    }
    line.push(person);
    try {
      return await reading(read);
    } finally {
      line.splice(line.indexOf(person), 1);
    }
  };
}

/** For sums over every event of a period. */
export const sumsInTurn = sumsInLine({ atOnce: 3, most: 24, mostOfOne: 4 });

/** For parts of reports: several of one report are asked for at once. */
export const partsInTurn = sumsInLine({ atOnce: 4, most: 96, mostOfOne: 24 });
