import type { ErrorCode } from '@sallyport/schema/errors.ts';
import type { Registry } from '@sallyport/schema/resources/registry.ts';
import type { CatalogueAction } from '@sallyport/schema/vocabulary/catalogue.ts';
import type { ActionDeclaration } from '@sallyport/schema/vocabulary/define-action.ts';
import type pg from 'pg';
import type { Answered, TestClient, TestGateway } from '../helpers/gateway.ts';
import { type ActsFound, inputOf, type PossibleAct } from './possible-acts.ts';
import type { SecondGateway } from './second-gateway.ts';

/** What is looked at of an answer. */
export type RefusedAnswer = Pick<Answered, 'codes' | 'data' | 'headers'>;

/** Everything that one action's cases work with. */
export interface Stage {
  readonly test: TestGateway;
  readonly superuser: pg.Pool;
  readonly registry: Registry;
  readonly catalogue: CatalogueAction;
  readonly action: ActionDeclaration;
  readonly document: string;
  readonly acts: ActsFound;
  /** The act that most cases start from; needs a proof where every act of this action does. */
  readonly act: PossibleAct;
  /** The person who may do it everywhere, signed in. */
  readonly client: TestClient;
  readonly role: string;
  /** A role that sees the records and may not act on them; null where there is none. */
  readonly onlooker: string | null;
  readonly cast: (role: string) => Promise<TestClient>;
  /** Sends the action as the person who may. */
  send(input: Readonly<Record<string, unknown>>, options?: Parameters<TestClient['query']>[2]): Promise<Answered>;
  /** Another gateway on the same database, at which this person has asked too much already. */
  readonly throttled: SecondGateway;
  /** A fresh proof for exactly this input. */
  prove(input: Readonly<Record<string, unknown>>, client?: TestClient): Promise<string>;
  /** Expects this refusal: one event with this reason (none where the log is down), no changed row. */
  refused(code: ErrorCode, variety: string, send: () => Promise<RefusedAnswer>, events?: 0 | 1): Promise<void>;
  /** Notes something wrong that `refused` does not look at. */
  finding(code: ErrorCode, variety: string, problem: string): void;
  missing(what: string): void;
}

/** Input of the stage's act with a justification. */
export const freshInput = (stage: Stage, more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => inputOf(stage.act.row, stage.act.values, more);
