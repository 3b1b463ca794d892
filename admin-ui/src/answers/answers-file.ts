import type { Language } from '@sallyport/schema/vocabulary/axes.ts';
import { toCsv } from '../lists/export-rows.ts';
import type { Answers } from './answers.ts';

/** `security-answers-all-2026-08-23-2026-11-21.md` */
export const fileName = ({ tenantId, from, to }: Answers, ending: 'md' | 'csv'): string =>
  `security-answers-${(tenantId ?? 'all').replace(/[^\w-]/g, '_').slice(0, 60)}-${from.slice(0, 10)}-${to.slice(0, 10)}.${ending}`;

const COLUMNS = ['id', 'topic', 'question', 'verdict', 'answer', 'figures', 'basis', 'references', 'controls'] as const;

/** The answers as CSV: what they are and are not in the first line, then a line for each. */
export function answersCsv(made: Answers, language: Language): string {
  const about = [made.claim[language], made.origin ?? '', made.environment, made.tenantId ?? '*', `${made.from} – ${made.to}`, made.madeAt, made.policyVersion];
  return toCsv(about, [
    COLUMNS,
    ...made.answers.map(({ id, topicWords, question, verdictWords, answer, figures, basisWords, references, controls }) => [
      id,
      topicWords[language],
      question[language],
      verdictWords[language],
      answer[language],
      figures.map(({ name, value, unit }) => `${name}: ${value}${unit === 'COUNT' || unit === 'TIME' ? '' : ` ${unit}`}`).join('; '),
      basisWords[language],
      references.map((reference) => `${made.referenced} ${reference}`).join('; '),
      controls.map((control) => `${control.framework} ${control.id}`).join('; '),
    ]),
  ]);
}
