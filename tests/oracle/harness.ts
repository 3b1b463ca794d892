import { type ActualAnswer, type Difference, type DifferenceKind, differencesOf } from './compare.ts';
import { asText, type Fixture, type Person, type Value } from './fixture.ts';
import { type GeneratedQuery, generateQuery } from './generate.ts';
import type { Matrix } from './matrix.ts';
import { createOracle } from './oracle.ts';
import { createRandom, type Random } from './random.ts';
import type { Continuation } from './request.ts';

/** Somebody who can be asked through the gateway under test. */
export interface Asker {
  readonly person: Person;
  ask(text: string, variables: Readonly<Record<string, unknown>>): Promise<ActualAnswer>;
  /** Asks with a step-up proof for the one act that wants it; absent where the door is not part of the test. */
  askConfirmed?(text: string, variables: Readonly<Record<string, unknown>>): Promise<ActualAnswer>;
}

export interface HarnessOptions {
  readonly matrix: Matrix;
  readonly fixture: Fixture;
  readonly askers: readonly Asker[];
  readonly queries: number;
  readonly seed: number;
  /** Whether the gateway takes a document of this size at all. @throws where the document is not valid: that is the generator's fault. */
  readonly fits: (query: GeneratedQuery) => boolean;
  /** Ends after the first query with a difference of this kind. */
  readonly untilFound?: Difference['kind'];
}

export interface Finding extends Difference {
  readonly query: number;
  readonly person: string;
  readonly text: string;
  readonly variables: string;
}

export interface Report {
  readonly queries: number;
  readonly answers: number;
  readonly counts: Readonly<Record<DifferenceKind, number>>;
  readonly findings: readonly Finding[];
  /** How often each thing was met: values compared, refusals by code, continued and confirmed lists. */
  readonly met: Readonly<Record<string, number>>;
}

const MOST_FINDINGS = 40;

/** Asks everybody every query and compares each answer with the oracle's, value by value. */
export async function runHarness(options: HarnessOptions): Promise<Report> {
  const { matrix, fixture, askers, fits } = options;
  const oracle = createOracle(matrix, fixture);
  const counts = { unauthorised: 0, withheld: 0, other: 0 };
  const findings: Finding[] = [];
  const met: Record<string, number> = {};
  const meet = (what: string, times = 1): void => void (met[what] = (met[what] ?? 0) + times);
  let queries = 0;
  let answers = 0;

  for (; queries < options.queries && !findings.some((finding) => finding.kind === options.untilFound); queries += 1) {
    const random = createRandom(options.seed * 1_000_003 + queries);
    const query = generateFitting(options, random, fits);
    let lent: string | null = null;
    for (let turn = 0; turn < askers.length; turn += 1) {
      // Whoever comes first meets a new document, the others a known one: everybody takes both places.
      const asker = askers[(turn + queries) % askers.length];
      if (!asker) continue;
      const check = (answer: ActualAnswer, variables: Readonly<Record<string, unknown>>, told: { confirmed?: boolean; continuation?: Continuation } = {}): void => {
        const expected = oracle(asker.person, query.roots, told);
        answers += 1;
        meet('values', leavesOf(expected.data));
        for (const error of expected.errors) meet(error.slice(error.lastIndexOf(' ') + 1));
        for (const difference of differencesOf(expected, answer)) {
          counts[difference.kind] += 1;
          if (findings.length < MOST_FINDINGS) findings.push({ ...difference, query: queries, person: asker.person.name, text: query.text, variables: JSON.stringify(variables) });
        }
      };
      const answer = await asker.ask(query.text, query.variables);
      check(answer, query.variables);
      const wanting = answer.errors.filter(({ code }) => code === 'STEP_UP_REQUIRED');
      if (wanting.length === 1 && asker.askConfirmed) {
        check(await asker.askConfirmed(query.text, query.variables), query.variables, { confirmed: true });
        meet('confirmed');
      }
      const cursors = cursorsOf(query, answer);
      const at = random.below(Math.max(1, cursors.length));
      const cursor = cursors[at];
      if (cursor !== undefined) {
        const variables = { ...query.variables, after: cursor };
        const next = await asker.ask(query.text, variables);
        check(next, variables, { continuation: { afterRow: at } });
        meet('continued');
      }
      if (lent !== null && query.walk) {
        const variables = { ...query.variables, after: lent };
        check(await asker.ask(query.text, variables), variables, { continuation: { foreign: true } });
        meet('lent cursors');
      }
      lent = cursor ?? lent;
    }
  }
  return { queries, answers, counts, findings, met };
}

function generateFitting({ matrix, fixture }: HarnessOptions, random: Random, fits: HarnessOptions['fits']): GeneratedQuery {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const query = generateQuery(matrix, fixture, random);
    if (fits(query)) return query;
  }
  throw new Error('No generated document is small enough for the gateway');
}

function cursorsOf(query: GeneratedQuery, answer: ActualAnswer): string[] {
  if (!query.walk) return [];
  const list = answer.data?.[query.walk.root] as { readonly [key: string]: Value } | null | undefined;
  const edges = (list?.[query.walk.edges] ?? []) as readonly { readonly [key: string]: Value }[];
  return edges.map((edge) => asText(edge[query.walk?.cursor ?? ''] ?? null));
}

const leavesOf = (value: Value): number =>
  typeof value !== 'object' || value === null ? 1 : Object.values(value).reduce<number>((sum, inner) => sum + leavesOf(inner as Value), 0);

/** The report as a person reads it. */
export function describeReport(report: Report, people: number): string {
  const { counts, met, findings } = report;
  const seen = Object.entries(met).map(([what, times]) => `${what} ${times}`);
  const lines = findings.map(
    (finding) =>
      `${finding.kind} · query ${finding.query} · ${finding.person} · ${finding.path}: expected ${finding.expected}, answered ${finding.answered}\n  ${finding.text.replaceAll('\n', '\n  ')}\n  ${finding.variables}`,
  );
  return [
    ...lines,
    `${report.answers} answers: ${seen.join(', ')}`,
    `${report.queries} queries × ${people} people: unauthorised ${counts.unauthorised}, wrongly withheld ${counts.withheld}, other differences ${counts.other}`,
  ].join('\n');
}
