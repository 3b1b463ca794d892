import { randomBytes } from 'node:crypto';
import { LONGEST_LIST, type ReportQuery } from '@sallyport/schema/modules/audit/report/matched-events.ts';
import { readApprovals, readDeliveries, readPolicies, readReadings, readRefusals } from '@sallyport/schema/modules/audit/report/read-context.ts';
import type { PolicyRole } from '@sallyport/schema/modules/audit/report/policy-parts.ts';
import { readCounts } from '@sallyport/schema/modules/audit/report/read-counts.ts';
import { readPeople, readSessions, readTenants } from '@sallyport/schema/modules/audit/report/read-people.ts';
import { readStories } from '@sallyport/schema/modules/audit/report/read-stories.ts';
import { namesGiven } from '@sallyport/schema/modules/audit/report/selection.ts';
import { type Declarations, textsFor } from '@sallyport/schema/modules/audit/story-texts.ts';
import type { ToldStory } from '@sallyport/schema/modules/audit/story-types.ts';
import type { Language } from '@sallyport/schema/vocabulary/axes.ts';
import { Html, html } from './html.ts';
import { SUMMARY_STYLE } from './summary-style.ts';
import { SUMMARY_TEXTS, type SummaryText } from './summary-texts.ts';

export interface SummaryFacts {
  readonly registry: Declarations;
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
const STORIES_AT_ONCE = 50;
const STEPS_OF_A_STORY = 100;

/**
 * The pack's events as a page to print: HTML in pieces, with no script and nothing loaded from anywhere. Everything in it comes from rows, so
 * everything is escaped.
 */
export async function* summaryPage(query: ReportQuery, facts: SummaryFacts): AsyncGenerator<string> {
  const { language } = facts;
  const t = (name: SummaryText): string => SUMMARY_TEXTS[name][language];
  const say = (piece: Html): string => `${piece.text}\n`;
  yield say(html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${t('title')}</title>
<style>${new Html(SUMMARY_STYLE)}</style>
</head>
<body>
<h1>${t('title')}</h1>
<p>${t('about')}</p>
<p>${t('noClaim')}</p>`);
  const range = facts.end - facts.begin;
  yield say(
    definitions(t, [
      [
        'selection',
        namesGiven(query.selection)
          .map((name) => selected(t, name, query))
          .join(' · '),
      ],
      ['madeAt', minutesOf(facts.madeAt)],
      ['madeBy', facts.madeBy],
      ['log', facts.origin],
      ['tree', facts.size],
      ['signedAt', minutesOf(facts.signedAt)],
      ['range', `${range} (${facts.begin} – ${facts.end - 1})`],
      ['disclosed', facts.disclosed],
      ['undisclosed', range - facts.disclosed],
    ]),
  );
  const counts = await readCounts(query);
  yield say(html`<h2>${t('figures')}</h2>`);
  yield say(
    definitions(t, [
      ['events', counts.events],
      ['done', counts.done],
      ['refused', counts.refused],
      ['failed', counts.failed],
      ['previewed', counts.previewed],
      ['readings', counts.readings],
      ['from', minutesOf(counts.firstAt)],
      ['to', minutesOf(counts.lastAt)],
    ]),
  );
  if (!counts.isComplete) yield say(html`<p class="note">${t('partial')}</p>`);

  const people = await readPeople(query, LONGEST_LIST);
  yield say(
    table(
      t,
      'people',
      ['name', 'roles', 'events', 'done', 'refused'],
      people.map((person) => [person.name ?? person.id, person.roles.join(', '), person.events, person.done, person.refused]),
    ),
  );
  const tenants = await readTenants(query, LONGEST_LIST);
  yield say(
    table(
      t,
      'tenants',
      ['tenant', 'events', 'done', 'refused', 'changes'],
      tenants.map(({ id, events, done, refused, changes }) => [id, events, done, refused, changes]),
    ),
  );
  const approvals = await readApprovals(query, LONGEST_LIST);
  yield say(
    table(
      t,
      'approvals',
      ['asked', 'act', 'askedBy', 'reason', 'decided', 'state'],
      approvals.map((request) => [
        minutesOf(request.requestedAt),
        `${request.action} · ${request.targetType} ${request.targetId ?? ''}`,
        request.requesterName ?? request.requesterId,
        [request.reason, request.ticket ?? ''].filter((text) => text !== '').join(' · '),
        request.decisions.map((decision) => `${decision.reviewerName ?? decision.reviewerId} ${t(decision.decision)} (${minutesOf(decision.reviewedAt)})`).join('; '),
        request.state,
      ]),
    ),
  );
  const policies = await readPolicies(query, LONGEST_LIST);
  yield say(
    table(
      t,
      'policies',
      ['hash', 'firstSeen', 'events', 'from', 'to'],
      policies.map(({ hash, firstSeenAt, events, firstAt, lastAt }) => [hash, minutesOf(firstSeenAt), events, minutesOf(firstAt), minutesOf(lastAt)]),
    ),
  );
  for (const { hash, parts } of policies) yield say(html`<h3>${t('rolesThen')}: <code>${hash.slice(0, 12)}</code></h3>${parts.roles.map(roleText)}`);
  const sessions = await readSessions(query, LONGEST_LIST);
  yield say(
    table(
      t,
      'sessions',
      ['name', 'from', 'to', 'secondFactor', 'events'],
      sessions.map((session) => [
        session.actorName ?? session.actorId ?? '',
        minutesOf(session.startedAt ?? session.firstAt),
        minutesOf(session.endedAt ?? session.lastAt),
        session.secondFactor ?? '',
        session.events,
      ]),
    ),
  );
  const readings = await readReadings(query, LONGEST_LIST);
  yield say(
    table(
      t,
      'readings',
      ['time', 'who', 'fields', 'tenant'],
      readings.map((reading) => [minutesOf(reading.time), reading.actorName ?? '', reading.fields.join(', '), reading.tenantId ?? '']),
    ),
  );
  const refusals = await readRefusals(query, LONGEST_LIST);
  yield say(
    table(
      t,
      'refusals',
      ['time', 'who', 'what', 'reason', 'tenant'],
      refusals.map((refusal) => [minutesOf(refusal.time), refusal.actorName ?? '', refusal.action ?? refusal.kind, refusal.reasonCode ?? '', refusal.tenantId ?? '']),
    ),
  );
  const deliveries = await readDeliveries(query, LONGEST_LIST);
  yield say(
    table(
      t,
      'deliveries',
      ['template', 'tenant', 'asked', 'delivered'],
      deliveries.map((message) => [message.template, message.tenantId ?? '', minutesOf(message.createdAt), minutesOf(message.deliveredAt)]),
    ),
  );
  yield* tale(query, facts, t);
  yield say(html`</body>
</html>`);
}

/** The stories in order, until the page is long enough. */
async function* tale(query: ReportQuery, { registry, language }: SummaryFacts, t: Say): AsyncGenerator<string> {
  yield `${html`<h2>${t('story')}</h2>`.text}\n`;
  // Cursors are for people who ask again: here each is used at once, under a key of its own.
  const key = randomBytes(32);
  const texts = textsFor(registry, query.viewer);
  let told = 0;
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof readStories>> = await readStories(query, key, texts, { first: STORIES_AT_ONCE, after, steps: STEPS_OF_A_STORY });
    for (const story of page.nodes) {
      if (told >= LONGEST_TALE) {
        yield `${html`<p class="note">${t('storyCut')}</p>`.text}\n`;
        return;
      }
      yield `${storyText(story, language, t).text}\n`;
      told += story.steps.length;
    }
    after = page.nextCursor;
  } while (after !== null);
}

function storyText({ correlationId, answers, steps, leftOut }: ToldStory, language: Language, t: Say): Html {
  return html`<section>
<h3>${answers.what[language]}</h3>
<p><code>${correlationId}</code><br>${t('who')}: ${answers.who ?? '–'} · ${t('tenant')}: ${answers.tenant ?? '–'} · ${t('why')}: ${answers.why ?? '–'}<br>${t('approvedUnder')}: ${answers.approvedUnder[language]}</p>
<table><thead><tr><th>${t('time')}</th><th>${t('who')}</th><th>${t('what')}</th><th>${t('index')}</th></tr></thead><tbody>
${steps.map(
  (step) => html`<tr><td>${secondsOf(step.time)}</td><td>${step.actorName ?? step.actorId ?? '–'}</td><td>${step.words[language]}${step.changes.map(
    (change) => html`<br><small>${change.resource ?? ''}.${change.field}: ${change.masked ? t('masked') : `${change.before ?? '∅'} → ${change.after ?? '∅'}`}</small>`,
  )}${step.fieldsRead?.length ? html`<br><small>${t('fields')}: ${step.fieldsRead.join(', ')}</small>` : null}</td><td>${step.logIndex ?? '–'}</td></tr>
`,
)}</tbody></table>
${leftOut > 0 ? html`<p class="note">+ ${leftOut}</p>` : null}</section>`;
}

type Say = (name: SummaryText) => string;
type Cell = string | number;

const definitions = (t: Say, rows: readonly (readonly [SummaryText, Cell])[]): Html => html`<dl>${rows.map(([name, value]) => html`<dt>${t(name)}</dt><dd>${value}</dd>`)}</dl>`;

function table(t: Say, title: SummaryText, head: readonly SummaryText[], rows: readonly (readonly Cell[])[]): Html {
  if (rows.length === 0) return html`<h2>${t(title)}</h2><p>${t('none')}</p>`;
  return html`<h2>${t(title)}</h2>
<table><thead><tr>${head.map((name) => html`<th>${t(name)}</th>`)}</tr></thead><tbody>
${rows.map(
  (row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>
`,
)}</tbody></table>${rows.length >= LONGEST_LIST ? html`<p class="note">${t('listCut')}</p>` : null}`;
}

const isSummaryText = (name: string): name is SummaryText => Object.hasOwn(SUMMARY_TEXTS, name);
const selected = (t: Say, name: string, { selection }: ReportQuery): string =>
  `${isSummaryText(name) ? t(name) : name}: ${Object.entries(selection).find(([given]) => given === name)?.[1] ?? ''}`;

const roleText = ({ name, permissions }: PolicyRole): Html => html`<p><strong>${name}</strong>: <small>${permissions.join(', ')}</small></p>`;

/** `2026-11-21T09:06:48.123456Z` → `2026-11-21 09:06 UTC`. */
const minutesOf = (time: string | null): string => (time === null ? '–' : `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`);
const secondsOf = (time: string): string => `${time.slice(0, 10)} ${time.slice(11, 23)}`;
