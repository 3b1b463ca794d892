import type { Builder } from '../../builder.ts';
import { open } from '../../vocabulary/permission.ts';
import type { Text } from '../../vocabulary/axes.ts';
import type { Control } from '../audit/controls/control.ts';
import { answersMarkdown } from './answers-markdown.ts';
import { READ_ANSWERS } from './permissions.ts';
import { BASES, type Basis, type Figure, TOPICS, type Topic, UNITS, type Unit, VERDICTS, type Verdict } from './questions/question.ts';
import { type AnswerEvidence, CLAIM, REFERENCED, type SecurityAnswer, type SecurityAnswers } from './security-answers.ts';

const access = READ_ANSWERS;
const filled = { access, nullable: false } as const;

/** The names of a table of texts; TypeScript gives keys of an object as texts of any kind. */
const namesOf = <Name extends string>(table: Readonly<Record<Name, Text>>): readonly Name[] => Object.keys(table) as Name[];

/** GraphQL types of the answers. */
export function addAnswerTypes(builder: Builder) {
  const words = builder.objectRef<Text>('SecurityAnswerWords').implement({
    description: 'A text in the languages of the console.',
    fields: (t) => ({ en: t.exposeString('en', filled), id: t.exposeString('id', filled) }),
  });
  const verdict = builder.enumType('SecurityAnswerVerdict', {
    description: 'What the figures bear. NOT_APPLICABLE where nothing of the kind happened: of nothing nothing can be said.',
    values: namesOf<Verdict>(VERDICTS),
  });
  const basis = builder.enumType('SecurityAnswerBasis', {
    description: 'What the answer rests on: the rules in force, what was recorded, or both.',
    values: namesOf<Basis>(BASES),
  });
  const topic = builder.enumType('SecurityAnswerTopic', { values: namesOf<Topic>(TOPICS) });
  const unit = builder.enumType('SecurityAnswerUnit', { values: namesOf<Unit>(UNITS) });
  const language = builder.enumType('SecurityAnswerLanguage', { values: { EN: { value: 'en' }, ID: { value: 'id' } } as const });

  const figure = builder.objectRef<Figure>('SecurityAnswerFigure').implement({
    description: 'A number that bears the verdict.',
    fields: (t) => ({
      name: t.exposeString('name', filled),
      label: t.field({ type: words, ...filled, resolve: (told) => told.label }),
      value: t.exposeString('value', { ...filled, description: 'A decimal number; an instant where the unit is TIME.' }),
      unit: t.field({ type: unit, ...filled, resolve: (told) => told.unit }),
    }),
  });
  const control = builder.objectRef<Control>('SecurityAnswerControl').implement({
    description: 'A control that the events behind the answer help with; a claim of nothing.',
    fields: (t) => ({
      id: t.exposeID('id', filled),
      framework: t.exposeString('framework', filled),
      title: t.field({ type: words, ...filled, resolve: (stated) => stated.title }),
    }),
  });
  const evidence = builder.objectRef<AnswerEvidence>('SecurityAnswerEvidence').implement({
    description: 'What to select a report by, to see the events; reading it is a right of its own.',
    fields: (t) => ({
      control: t.exposeString('control', filled),
      tenantId: t.exposeID('tenantId', { access }),
      from: t.field({ type: 'DateTime', ...filled, resolve: (told) => told.from }),
      to: t.field({ type: 'DateTime', ...filled, resolve: (told) => told.to }),
    }),
  });
  const answer = builder.objectRef<SecurityAnswer>('SecurityAnswer').implement({
    description: 'A question of customers, answered by computing.',
    fields: (t) => ({
      id: t.exposeID('id', filled),
      topic: t.field({ type: topic, ...filled, resolve: (told) => told.topic }),
      topicWords: t.field({ type: words, ...filled, resolve: (told) => TOPICS[told.topic] }),
      question: t.field({ type: words, ...filled, resolve: (told) => told.question }),
      answer: t.field({ type: words, ...filled, resolve: (told) => told.answer }),
      verdict: t.field({ type: verdict, ...filled, resolve: (told) => told.verdict }),
      verdictWords: t.field({ type: words, ...filled, resolve: (told) => VERDICTS[told.verdict] }),
      basis: t.field({ type: basis, ...filled, resolve: (told) => told.basis }),
      basisWords: t.field({ type: words, ...filled, resolve: (told) => BASES[told.basis] }),
      figures: t.field({ type: [figure], ...filled, resolve: (told) => told.figures }),
      references: t.exposeStringList('references', { ...filled, description: `Identifiers of the ${REFERENCED} whose questions ask the same.` }),
      controls: t.field({ type: [control], ...filled, resolve: (told) => told.controls }),
      evidence: t.field({ type: evidence, ...filled, resolve: (told) => told.evidence }),
    }),
  });
  const answers = builder.objectRef<SecurityAnswers>('SecurityAnswers').implement({
    description: 'Answers to security questionnaires: sums and no names, of one tenant or of the whole gateway. No claim of certification.',
    fields: (t) => ({
      origin: t.exposeString('origin', { access, description: 'Name of the log; null before anything was sealed.' }),
      environment: t.exposeString('environment', filled),
      policyVersion: t.exposeString('policyVersion', filled),
      tenantId: t.exposeID('tenantId', { access, description: 'Null for the whole gateway.' }),
      from: t.field({ type: 'DateTime', ...filled, resolve: (made) => made.from }),
      to: t.field({ type: 'DateTime', ...filled, resolve: (made) => made.to }),
      madeAt: t.field({ type: 'DateTime', ...filled, resolve: (made) => made.madeAt }),
      events: t.exposeInt('events', { ...filled, description: 'Events of the period that were counted.' }),
      prunedClasses: t.exposeStringList('prunedClasses', { ...filled, description: 'Classes of retention of which something in the period has been dropped.' }),
      claim: t.field({ type: words, access: open('says what the answers are not; holds no data'), nullable: false, resolve: () => CLAIM }),
      referenced: t.field({ type: 'String', access: open('names a public catalogue'), nullable: false, resolve: () => REFERENCED }),
      answers: t.field({ type: [answer], ...filled, resolve: (made) => made.answers }),
      markdown: t.field({
        type: 'String',
        ...filled,
        description: 'The same as a text to send on.',
        args: { language: t.arg({ type: language, required: true }) },
        resolve: (made, asked) => answersMarkdown(made, asked.language),
      }),
    }),
  });
  return answers;
}
