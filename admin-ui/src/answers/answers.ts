import { useQuery } from '@tanstack/react-query';
import type { Text } from '@sallyport/schema/vocabulary/axes.ts';
import type { Tone } from '@sallyport/schema/vocabulary/field.ts';
import { sendDocument } from '../gateway/send-request.ts';

/** Permission by its name in the catalogue. */
export const ANSWERING = 'assurance.answers.read';

export type Verdict = 'YES' | 'PARTLY' | 'NO' | 'NOT_APPLICABLE';
export const TONES = { YES: 'good', PARTLY: 'warning', NO: 'bad', NOT_APPLICABLE: 'neutral' } as const satisfies Readonly<Record<Verdict, Tone>>;

export interface AnswerFigure {
  readonly name: string;
  readonly label: Text;
  /** A decimal number; an instant where the unit is TIME. */
  readonly value: string;
  readonly unit: 'COUNT' | 'MINUTES' | 'HOURS' | 'YEARS' | 'TIME';
}

export interface Answer {
  readonly id: string;
  readonly topic: string;
  readonly topicWords: Text;
  readonly question: Text;
  readonly answer: Text;
  readonly verdict: Verdict;
  readonly verdictWords: Text;
  readonly basisWords: Text;
  readonly figures: readonly AnswerFigure[];
  readonly references: readonly string[];
  readonly controls: readonly { readonly id: string; readonly framework: string; readonly title: Text }[];
  readonly evidence: { readonly control: string; readonly tenantId: string | null; readonly from: string; readonly to: string };
}

export interface Answers {
  readonly origin: string | null;
  readonly environment: string;
  readonly policyVersion: string;
  readonly tenantId: string | null;
  readonly from: string;
  readonly to: string;
  readonly madeAt: string;
  readonly events: number;
  readonly prunedClasses: readonly string[];
  readonly claim: Text;
  readonly referenced: string;
  readonly answers: readonly Answer[];
  /** The whole as text to send on. */
  readonly markdown: Text;
}

/** Of whom and of when; without a tenant of the whole gateway. */
export interface Asked {
  readonly tenantId?: string;
  readonly from: string;
  readonly to: string;
}

const NAMES = ['tenantId', 'from', 'to'] as const;

/** What an address asks; null where it asks nothing. */
export function askedFrom(search: URLSearchParams): Asked | null {
  const [tenantId = '', from = '', to = ''] = NAMES.map((name) => search.get(name)?.trim() ?? '');
  return from === '' || to === '' ? null : { ...(tenantId === '' ? {} : { tenantId }), from, to };
}

export const toSearch = (asked: Asked): URLSearchParams => new URLSearchParams(NAMES.flatMap((name) => (asked[name] ? [[name, asked[name]]] : [])));

const DAY = 86_400_000;
/** Days that one may choose by name, and days that answers look at, at most. */
export const PERIODS = [30, 90, 365] as const;
export const LONGEST_DAYS = 366;

/** The days before `now` (milliseconds). */
export const lastDays = (days: number, now: number): Pick<Asked, 'from' | 'to'> => ({ from: new Date(now - days * DAY).toISOString(), to: new Date(now).toISOString() });

export const isTooLong = ({ from, to }: Pick<Asked, 'from' | 'to'>): boolean => Date.parse(to) - Date.parse(from) > LONGEST_DAYS * DAY;

const TEXT = '{ en id }';
const ANSWERS_QUERY = `query SecurityAnswers($tenantId: ID, $from: DateTime, $to: DateTime) {
  made: securityAnswers(tenantId: $tenantId, from: $from, to: $to) {
    origin environment policyVersion tenantId from to madeAt events prunedClasses claim ${TEXT} referenced
    answers {
      id topic topicWords ${TEXT} question ${TEXT} answer ${TEXT} verdict verdictWords ${TEXT} basisWords ${TEXT}
      figures { name label ${TEXT} value unit } references controls { id framework title ${TEXT} } evidence { control tenantId from to }
    }
    en: markdown(language: EN) id: markdown(language: ID)
  }
}`;

type Sent = Omit<Answers, 'markdown'> & Text;

export const useAnswers = (asked: Asked) =>
  useQuery({
    queryKey: ['security-answers', asked],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }): Promise<Answers> => {
      const { data } = await sendDocument<{ made: Sent }>(ANSWERS_QUERY, { ...asked }, { signal });
      const { en, id, ...made } = data.made;
      return { ...made, markdown: { en, id } };
    },
  });
