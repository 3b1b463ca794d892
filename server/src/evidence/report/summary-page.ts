import { randomBytes } from 'node:crypto';
import { LONGEST_LIST, type ReportQuery } from '@sallyport/schema/modules/audit/report/matched-events.ts';
import { readApprovals, readDeliveries, readPolicies, readReadings, readRefusals } from '@sallyport/schema/modules/audit/report/read-context.ts';
import type { PolicyRole } from '@sallyport/schema/modules/audit/report/policy-parts.ts';
import { readCounts } from '@sallyport/schema/modules/audit/report/read-counts.ts';
import { readPeople, readSessions, readTenants } from '@sallyport/schema/modules/audit/report/read-people.ts';
import { readStories } from '@sallyport/schema/modules/audit/report/read-stories.ts';
import { namesGiven } from '@sallyport/schema/modules/audit/report/selection.ts';
import { textsFor } from '@sallyport/schema/modules/audit/story-texts.ts';
import type { ToldStory } from '@sallyport/schema/modules/audit/story-types.ts';
import type { Registry } from '@sallyport/schema/resources/registry.ts';
import type { Language } from '@sallyport/schema/vocabulary/axes.ts';
import { Html, html } from './html.ts';
import { type Cell, definitions, machineName, minutesOf, type Say, secondsOf, table } from './summary-pieces.ts';
import { pageFooter, SUMMARY_STYLE } from './summary-style.ts';
import { SUMMARY_TEXTS, type SummaryText } from './summary-texts.ts';
import { type SummaryWords, summaryWords } from './summary-words.ts';
import { tenantNames } from './tenant-names.ts';

export interface SummaryFacts {
  readonly registry: Registry;
  readonly language: Language;
  readonly origin: string;
  /** Entries of the tree, and the run of them that was looked through. */
  readonly size: number;
  readonly begin: number;
  readonly end: number;
  readonly disclosed: number;
  readonly madeAt: string;
  readonly madeBy: string;
  readonly signedAt: string;
}

/** Events told on the page; the pack goes on where the page ends. */
const LONGEST_TALE = 1000;
/** Each page of them costs a look at every event of the selection. */
const STORIES_AT_ONCE = 125;
const STEPS_OF_A_STORY = 100;

/** What every part of the page is written with. */
interface Pen {
  readonly query: ReportQuery;
  readonly facts: SummaryFacts;
  readonly t: Say;
  readonly words: SummaryWords;
  /** A tenant by its name, where its maker reads it, and always by its ID. */
  readonly tenant: (id: string | null) => Cell;
}

/**
 * The pack's events as a page to print: HTML in pieces, with no script and nothing loaded from anywhere. Everything in it comes from rows, so
 * everything is escaped. First what it is about and in figures, then what a reader looks for, then the stories, then what stood around them.
 */
export async function* summaryPage(query: ReportQuery, facts: SummaryFacts): AsyncGenerator<string> {
  const { language, registry } = facts;
  const t = (name: SummaryText): string => SUMMARY_TEXTS[name][language];
  const tenants = await readTenants(query, LONGEST_LIST);
  const names = await tenantNames(query.db, registry, query.viewer, [...tenants.map(({ id }) => id), ...(query.selection.tenantId ? [query.selection.tenantId] : [])]);
  const tenant = (id: string | null): Cell => {
    const name = id === null ? undefined : names.get(id);
    return id === null ? '–' : name === undefined ? machineName(id) : html`${name} <small><code>${id}</code></small>`;
  };
  const pen: Pen = { query, facts, t, words: summaryWords(registry, query.viewer, language), tenant };
  for await (const piece of pieces(pen, tenants)) yield `${piece.text}\n`;
}

async function* pieces(pen: Pen, tenants: Awaited<ReturnType<typeof readTenants>>): AsyncGenerator<Html> {
  const { query, facts, t, words, tenant } = pen;
  yield* opening(pen);
  yield table(
    t,
    'people',
    ['name', 'roles', 'events', 'done', 'refused'],
    (await readPeople(query, LONGEST_LIST)).map((person) => [
      person.name ?? machineName(person.id),
      person.roles.map(words.role).join(', '),
      person.events,
      person.done,
      person.refused,
    ]),
  );
  yield table(
    t,
    'tenants',
    ['tenant', 'events', 'done', 'refused', 'changes'],
    tenants.map(({ id, events, done, refused, changes }) => [tenant(id), events, done, refused, changes]),
  );
  yield table(
    t,
    'approvals',
    ['asked', 'act', 'askedBy', 'reason', 'decided', 'state'],
    (await readApprovals(query, LONGEST_LIST)).map((request) => [
      minutesOf(request.requestedAt),
      html`${words.act(request.action, request.action)}<br><small>${words.kind(request.targetType)} <code>${request.targetId ?? ''}</code></small>`,
      request.requesterName ?? machineName(request.requesterId),
      [request.reason, request.ticket ?? ''].filter((text) => text !== '').join(' · '),
      request.decisions.map((decision) => `${decision.reviewerName ?? decision.reviewerId} ${t(decision.decision)} (${minutesOf(decision.reviewedAt)})`).join('; '),
      words.value('approvalRequest', 'state', request.state),
    ]),
  );
  yield await refusalsOf(pen);
  yield table(
    t,
    'readings',
    ['time', 'who', 'fields', 'tenant'],
    (await readReadings(query, LONGEST_LIST)).map((reading) => [minutesOf(reading.time), reading.actorName ?? '', fieldsText(pen, reading.fields), tenant(reading.tenantId)]),
  );
  yield* tale(pen);
  yield table(
    t,
    'sessions',
    ['name', 'from', 'to', 'secondFactor', 'events'],
    (await readSessions(query, LONGEST_LIST)).map((session) => [
      session.actorName ?? session.actorId ?? '',
      minutesOf(session.startedAt ?? session.firstAt),
      minutesOf(session.endedAt ?? session.lastAt),
      session.secondFactor ?? '',
      session.events,
    ]),
  );
  yield table(
    t,
    'deliveries',
    ['template', 'tenant', 'asked', 'delivered'],
    (await readDeliveries(query, LONGEST_LIST)).map((message) => [message.template, tenant(message.tenantId), minutesOf(message.createdAt), minutesOf(message.deliveredAt)]),
  );
  const policies = await readPolicies(query, LONGEST_LIST);
  yield table(
    t,
    'policies',
    ['hash', 'firstSeen', 'events', 'from', 'to'],
    policies.map(({ hash, firstSeenAt, events, firstAt, lastAt }) => [machineName(hash), minutesOf(firstSeenAt), events, minutesOf(firstAt), minutesOf(lastAt)]),
  );
  for (const { hash, parts } of policies) yield html`<h3>${t('rolesThen')}: <code>${hash.slice(0, 12)}</code></h3>${parts.roles.map((role) => roleText(role, words))}`;
  yield html`<p class="note">${t('log')} ${facts.origin} · ${minutesOf(facts.madeAt)}</p></body>
</html>`;
}

async function* opening({ query, facts, t, tenant }: Pen): AsyncGenerator<Html> {
  yield html`<!doctype html>
<html lang="${facts.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${t('title')}</title>
<style>${new Html(`${SUMMARY_STYLE}${pageFooter(`${facts.origin} · ${minutesOf(facts.madeAt)}`)}`)}</style>
</head>
<body>
<h1>${t('title')}</h1>
<p>${t('about')}</p>
<p>${t('noClaim')}</p>`;
  const range = facts.end - facts.begin;
  const counts = await readCounts(query);
  yield definitions(t, [
    ['selection', html`${namesGiven(query.selection).map((name, place) => html`${place === 0 ? '' : ' · '}${selected(t, name, query, tenant)}`)}`],
    ['madeAt', minutesOf(facts.madeAt)],
    ['madeBy', facts.madeBy],
    ['log', facts.origin],
    ['tree', facts.size],
    ['signedAt', minutesOf(facts.signedAt)],
    ['range', range === 0 ? 0 : `${range} (${facts.begin} – ${facts.end - 1})`],
    ['disclosed', facts.disclosed],
    ['undisclosed', range - facts.disclosed],
  ]);
  yield html`<h2>${t('figures')}</h2>`;
  yield definitions(t, [
    ['events', counts.events],
    ['done', counts.done],
    ['refused', counts.refused],
    ['failed', counts.failed],
    ['previewed', counts.previewed],
    ['readings', counts.readings],
    ['from', minutesOf(counts.firstAt)],
    ['to', minutesOf(counts.lastAt)],
  ]);
  yield html`<p class="note">${t('refusedHelp')}</p>`;
  if (!counts.isComplete) yield html`<p class="note">${t('partial')}</p>`;
}

/** Who was turned away, and why. That a code was asked for turns nobody away: it is counted below, and told in the stories. */
async function refusalsOf({ query, t, words, tenant }: Pen): Promise<Html> {
  const refusals = await readRefusals(query, LONGEST_LIST);
  const turnedAway = refusals.filter(({ reasonCode }) => reasonCode !== 'STEP_UP_REQUIRED');
  const asked = refusals.length - turnedAway.length;
  const notes = [...(asked > 0 ? [`${t('codesAsked')}: ${asked}.`] : []), ...(refusals.length >= LONGEST_LIST ? [t('listCut')] : [])];
  return table(
    t,
    'refusals',
    ['time', 'who', 'what', 'tenant'],
    turnedAway.map((refusal) => [
      minutesOf(refusal.time),
      refusal.actorName ?? '',
      refusal.outcome === 'denied'
        ? words.refusal(refusal.action, refusal.kind, refusal.reasonCode)
        : `${words.act(refusal.action, refusal.kind)}: ${t('failed')}${refusal.reasonCode === null ? '' : ` (${refusal.reasonCode})`}`,
      tenant(refusal.tenantId),
    ]),
    notes.length === 0 ? null : html`<p class="note">${notes.join(' ')}</p>`,
  );
}

/** The stories in order, until the page is long enough. */
async function* tale(pen: Pen): AsyncGenerator<Html> {
  const { query, facts, t } = pen;
  yield html`<h2>${t('story')}</h2>`;
  // Cursors are for people who ask again: here each is used at once, under a key of its own.
  const key = randomBytes(32);
  const texts = textsFor(facts.registry, query.viewer);
  let told = 0;
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof readStories>> = await readStories(query, key, texts, { first: STORIES_AT_ONCE, after, steps: STEPS_OF_A_STORY });
    for (const story of page.nodes) {
      if (told >= LONGEST_TALE) {
        yield html`<p class="note">${t('storyCut')}</p>`;
        return;
      }
      yield storyText(story, pen);
      told += story.steps.length;
    }
    after = page.nextCursor;
  } while (after !== null);
}

function storyText({ correlationId, answers, steps, leftOut }: ToldStory, pen: Pen): Html {
  const { t, tenant, words } = pen;
  const { language } = pen.facts;
  return html`<section>
<h3>${answers.what[language]}</h3>
<p class="answers"><code>${correlationId}</code><br>${t('who')}: ${answers.who ?? '–'} · ${t('tenant')}: ${html`${tenant(answers.tenant)}`} · ${t('why')}: ${answers.why ?? '–'}<br>${t('approvedUnder')}: ${answers.approvedUnder[language]}</p>
<table><thead><tr><th class="time">${t('time')}</th><th>${t('who')}</th><th>${t('what')}</th><th class="figure">${t('index')}</th></tr></thead><tbody>
${steps.map(
  (step) => html`<tr><td class="time">${secondsOf(step.time)}</td><td>${step.actorName ?? step.actorId ?? '–'}</td><td>${step.words[language]}${step.changes.map(
    (change) => html`<br><small>${words.field(change.resource, change.field)}: ${changeText(change, pen)}</small>`,
  )}${step.fieldsRead?.length ? html`<br><small>${t('fields')}: ${fieldsText(pen, step.fieldsRead)}</small>` : null}</td><td class="figure">${step.logIndex ?? '–'}</td></tr>
`,
)}</tbody></table>
${leftOut > 0 ? html`<p class="note">${t('leftOut')}: ${leftOut}</p>` : null}</section>`;
}

/** What was there and what is there now; of something new, what is there now. */
function changeText({ resource, field, before, after, masked }: ToldStory['steps'][number]['changes'][number], { t, words }: Pen): string {
  if (masked) return t('masked');
  const say = (value: string | null): string => (value === null ? '–' : words.value(resource, field, value));
  return before === null ? say(after) : `${say(before)} → ${say(after)}`;
}

/** Fields as the log names them, `person.email`, in words. */
const fieldsText = ({ words }: Pen, fields: readonly string[]): string =>
  fields
    .map((name) => {
      const dot = name.indexOf('.');
      return dot < 0 ? name : words.field(name.slice(0, dot), name.slice(dot + 1));
    })
    .join(', ');

const isSummaryText = (name: string): name is SummaryText => Object.hasOwn(SUMMARY_TEXTS, name);

function selected(t: Say, name: string, { selection }: ReportQuery, tenant: Pen['tenant']): Html {
  const value = Object.entries(selection).find(([given]) => given === name)?.[1] ?? '';
  return html`${isSummaryText(name) ? t(name) : name}: ${name === 'tenantId' ? html`${tenant(value)}` : value}`;
}

const roleText = ({ name, permissions }: PolicyRole, words: SummaryWords): Html =>
  html`<p><strong>${words.role(name)}</strong> <code>${name}</code>: <small>${permissions.join(', ')}</small></p>`;
