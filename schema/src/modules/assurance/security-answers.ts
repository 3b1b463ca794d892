import type { Db } from '../../ports.ts';
import type { Registry } from '../../resources/registry.ts';
import type { Text } from '../../vocabulary/axes.ts';
import type { Control } from '../audit/controls/control.ts';
import { findControl } from '../audit/controls/controls.ts';
import { type Facts, readFacts } from './facts/read-facts.ts';
import type { AnswersPeriod } from './period.ts';
import type { Answered, Basis, Topic } from './questions/question.ts';
import { questions } from './questions/questions.ts';

/** The catalogue of controls whose identifiers `references` name: facts, no text of it. */
export const REFERENCED = 'CSA Cloud Controls Matrix 4.0';

/** Said wherever answers are: what they are not (C6). */
export const CLAIM: Text = {
  en: 'Controls help, auditors certify: this is no claim of certification or compliance.',
  id: 'Kontrol membantu, auditorlah yang mensertifikasi: ini bukan pernyataan sertifikasi atau kepatuhan.',
};

/** Where the events behind an answer are seen: a report's selection. */
export interface AnswerEvidence {
  readonly control: string;
  readonly tenantId: string | null;
  readonly from: string;
  readonly to: string;
}

export interface SecurityAnswer extends Answered {
  readonly id: string;
  readonly topic: Topic;
  readonly question: Text;
  readonly basis: Basis;
  readonly references: readonly string[];
  readonly controls: readonly Control[];
  readonly evidence: AnswerEvidence;
}

/** Answers of one tenant, or of the whole gateway, for one period. Sums only: no name, no address, no event. */
export interface SecurityAnswers extends AnswersPeriod {
  readonly tenantId: string | null;
  /** Name of the log; null before anything was sealed. */
  readonly origin: string | null;
  readonly environment: string;
  readonly policyVersion: string;
  readonly events: number;
  /** Classes of retention of which something in the period has been dropped: counts are of what is left. */
  readonly prunedClasses: readonly string[];
  readonly answers: readonly SecurityAnswer[];
}

const stated = (id: string): Control => {
  const control = findControl(id);
  if (!control) throw new TypeError(`No control is called ${id}`);
  return control;
};

/** The answers that facts give. Decides nothing else, reads nothing. */
export const answersOf = (facts: Facts): readonly SecurityAnswer[] =>
  questions.map(({ answer, controls, ...question }) => ({
    ...question,
    ...answer(facts),
    controls: controls.map(stated),
    evidence: { control: controls[0], tenantId: facts.tenantId, from: facts.period.from, to: facts.period.to },
  }));

/** Of whom, when, and under what the answers are made. That the tenant lies within the reach of whoever asks is for the caller to see to. */
export interface AnswersOrder {
  readonly period: AnswersPeriod;
  readonly tenantId: string | null;
  readonly environment: string;
  readonly policyVersion: string;
}

/** The one function that makes answers, for the console, the API and evidence packs. */
export async function makeSecurityAnswers(db: Db, registry: Registry, { period, tenantId, environment, policyVersion }: AnswersOrder): Promise<SecurityAnswers> {
  const facts = await readFacts(db, registry, period, tenantId);
  return {
    ...period,
    tenantId,
    environment,
    policyVersion,
    origin: facts.log.origin,
    events: facts.events.events,
    prunedClasses: facts.log.prunedClasses,
    answers: answersOf(facts),
  };
}
