import type { Language, Text } from '../../vocabulary/axes.ts';
import { BASES, type Figure, type Topic, TOPICS, UNITS, VERDICTS } from './questions/question.ts';
import { CLAIM, REFERENCED, type SecurityAnswer, type SecurityAnswers } from './security-answers.ts';

const TEXTS = {
  title: { en: 'Answers to security questionnaires', id: 'Jawaban kuesioner keamanan' },
  gateway: { en: 'Gateway', id: 'Gerbang' },
  environment: { en: 'environment', id: 'lingkungan' },
  about: { en: 'About', id: 'Tentang' },
  everything: { en: 'all customers', id: 'semua pelanggan' },
  tenant: { en: 'customer', id: 'pelanggan' },
  period: { en: 'Period', id: 'Periode' },
  madeAt: { en: 'Computed', id: 'Dihitung' },
  policy: { en: 'Rules in force', id: 'Aturan yang berlaku' },
  events: { en: 'Events counted', id: 'Peristiwa yang dihitung' },
  pruned: {
    en: 'Part of the period has been dropped from the log after its time: counts are of what is left.',
    id: 'Sebagian periode telah dihapus dari log setelah habis masanya: hitungan berlaku atas yang tersisa.',
  },
  state: {
    en: 'Counts are of the period; what is said of accounts, copies and periods of keeping is as of the time of computing.',
    id: 'Hitungan berlaku untuk periode; yang dikatakan tentang akun, salinan, dan masa simpan berlaku pada saat dihitung.',
  },
  rests: { en: 'Rests on', id: 'Berdasarkan' },
  compare: { en: 'Compare', id: 'Bandingkan' },
  controls: { en: 'Helps with', id: 'Mendukung' },
  evidence: { en: 'Evidence: report on control', id: 'Bukti: laporan atas kontrol' },
} as const satisfies Readonly<Record<string, Text>>;

/** To the minute, in UTC. */
const minute = (iso: string): string => `${iso.slice(0, 16).replace('T', ' ')} UTC`;

/** IDs come from the product: what would be markup is written as text. */
const escaped = (text: string): string => text.replace(/[\\`*_{}[\]()<>#+!|~-]/g, (character) => `\\${character}`).replace(/\s+/g, ' ');

/** A figure's value with its unit, as a person reads it. */
export function figureText({ value, unit }: Figure, language: Language): string {
  if (unit === 'TIME') return minute(value);
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(Number(value));
  return unit === 'COUNT' ? number : `${number} ${UNITS[unit][language]}`;
}

const head = (made: SecurityAnswers, t: (name: keyof typeof TEXTS) => string, language: Language): readonly string[] => [
  `# ${t('title')}`,
  '',
  `**${CLAIM[language]}**`,
  '',
  `- ${t('gateway')}: ${escaped(made.origin ?? '–')}, ${t('environment')} ${escaped(made.environment)}`,
  `- ${t('about')}: ${made.tenantId === null ? t('everything') : `${t('tenant')} ${escaped(made.tenantId)}`}`,
  `- ${t('period')}: ${minute(made.from)} – ${minute(made.to)}`,
  `- ${t('madeAt')}: ${minute(made.madeAt)}`,
  `- ${t('policy')}: ${made.policyVersion}`,
  `- ${t('events')}: ${new Intl.NumberFormat(language).format(made.events)}`,
  '',
  t('state'),
  ...(made.prunedClasses.length > 0 ? ['', t('pruned')] : []),
];

function section(told: SecurityAnswer, t: (name: keyof typeof TEXTS) => string, language: Language): readonly string[] {
  const { question, verdict, answer, basis, references, controls, evidence, figures } = told;
  return [
    '',
    `### ${question[language]}`,
    '',
    `**${VERDICTS[verdict][language]}.** ${answer[language]}`,
    '',
    ...figures.map((figure) => `- ${figure.label[language]}: ${figureText(figure, language)}`),
    '',
    [
      `${t('rests')} ${BASES[basis][language]}.`,
      ...(references.length > 0 ? [`${t('compare')}: ${REFERENCED} ${references.join(', ')}.`] : []),
      `${t('controls')}: ${controls.map(({ id, framework }) => `${framework} ${id}`).join('; ')}.`,
      `${t('evidence')} ${evidence.control}.`,
    ].join(' '),
  ];
}

/** The answers as Markdown to send on: first what they are and are not, then topic by topic. */
export function answersMarkdown(made: SecurityAnswers, language: Language): string {
  const t = (name: keyof typeof TEXTS): string => TEXTS[name][language];
  const topics = Object.keys(TOPICS) as readonly Topic[];
  const body = topics.flatMap((topic) => [
    '',
    `## ${TOPICS[topic][language]}`,
    ...made.answers.filter((told) => told.topic === topic).flatMap((told) => section(told, t, language)),
  ]);
  return `${[...head(made, t, language), ...body].join('\n')}\n`;
}
