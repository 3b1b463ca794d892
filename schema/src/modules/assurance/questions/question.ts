import type { Text } from '../../../vocabulary/axes.ts';
import type { Facts } from '../facts/read-facts.ts';

export const TOPICS = {
  AUTHENTICATION: { en: 'Signing in', id: 'Proses masuk' },
  ACCESS: { en: 'Access rights', id: 'Hak akses' },
  OVERSIGHT: { en: 'Second people and emergencies', id: 'Orang kedua dan keadaan darurat' },
  DATA: { en: 'Customer data', id: 'Data pelanggan' },
  LOG: { en: 'Audit log', id: 'Log audit' },
} as const satisfies Readonly<Record<string, Text>>;
export type Topic = keyof typeof TOPICS;

export const VERDICTS = {
  YES: { en: 'Yes', id: 'Ya' },
  PARTLY: { en: 'Partly', id: 'Sebagian' },
  NO: { en: 'No', id: 'Tidak' },
  NOT_APPLICABLE: { en: 'Not applicable', id: 'Tidak berlaku' },
} as const satisfies Readonly<Record<string, Text>>;
export type Verdict = keyof typeof VERDICTS;

/** What an answer rests on: the rules in force, what was recorded, or both. */
export const BASES = {
  DECLARED: { en: 'the rules in force', id: 'aturan yang berlaku' },
  OBSERVED: { en: 'what was recorded', id: 'yang tercatat' },
  BOTH: { en: 'the rules in force and what was recorded', id: 'aturan yang berlaku dan yang tercatat' },
} as const satisfies Readonly<Record<string, Text>>;
export type Basis = keyof typeof BASES;

export const UNITS = {
  COUNT: { en: '', id: '' },
  MINUTES: { en: 'minutes', id: 'menit' },
  HOURS: { en: 'hours', id: 'jam' },
  YEARS: { en: 'years', id: 'tahun' },
  TIME: { en: '', id: '' },
} as const satisfies Readonly<Record<string, Text>>;
export type Unit = keyof typeof UNITS;

export interface Figure {
  /** Stable, camelCase. */
  readonly name: string;
  readonly label: Text;
  /** A decimal number; an instant in ISO 8601 where the unit is TIME. */
  readonly value: string;
  readonly unit: Unit;
}

export interface Answered {
  readonly verdict: Verdict;
  /** One or more sentences with the figures that bear the verdict. */
  readonly answer: Text;
  readonly figures: readonly Figure[];
}

/** A question as customers ask it, in our own words, and how it is answered. */
export interface Question {
  /** Stable, in kebab-case. */
  readonly id: string;
  readonly topic: Topic;
  readonly question: Text;
  readonly basis: Basis;
  /** Identifiers of the Cloud Security Alliance's Cloud Controls Matrix 4.0 whose questions (CAIQ) ask the same; named as facts. */
  readonly references: readonly string[];
  /** Controls of ours (`audit/controls`) whose events show it; the first is what a report is opened with. */
  readonly controls: readonly [string, ...string[]];
  readonly answer: (facts: Facts) => Answered;
}

/** How much of something is so; of nothing nothing can be said. */
export function share(good: number, all: number): Verdict {
  if (all === 0) return 'NOT_APPLICABLE';
  if (good === all) return 'YES';
  return good === 0 ? 'NO' : 'PARTLY';
}
