import { LONGEST_LIST } from '@sallyport/schema/modules/audit/report/matched-events.ts';
import { type Html, html } from './html.ts';
import type { SummaryText } from './summary-texts.ts';

export type Say = (name: SummaryText) => string;
export type Cell = Html | string | number;

/** A machine's name for something, e.g. an ID or a hash: it may break anywhere, where words may not. */
export const machineName = (text: string): Html => html`<code>${text}</code>`;

export const definitions = (t: Say, rows: readonly (readonly [SummaryText, Cell])[]): Html =>
  html`<dl>${rows.map(([name, value]) => html`<dt>${t(name)}</dt><dd>${value}</dd>`)}</dl>`;

/** A list under its heading; columns of numbers stand to the right. */
export function table(t: Say, title: SummaryText, head: readonly SummaryText[], rows: readonly (readonly Cell[])[], note: Html | null = null): Html {
  if (rows.length === 0) return html`<h2>${t(title)}</h2><p>${t('none')}</p>${note}`;
  const isFigure = head.map((_name, place) => rows.every((row) => typeof row[place] === 'number'));
  return html`<h2>${t(title)}</h2>
<table><thead><tr>${head.map((name, place) => (isFigure[place] ? html`<th class="figure">${t(name)}</th>` : html`<th>${t(name)}</th>`))}</tr></thead><tbody>
${rows.map(
  (row) => html`<tr>${row.map((cell, place) => (isFigure[place] ? html`<td class="figure">${cell}</td>` : html`<td>${cellOf(cell)}</td>`))}</tr>
`,
)}</tbody></table>${rows.length >= LONGEST_LIST ? html`<p class="note">${t('listCut')}</p>` : null}${note}`;
}

const MINUTES = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d UTC)$/;

/** A cell as it stands on the page: the day of a time stays in one piece. */
function cellOf(cell: Cell): Cell {
  const [, day, time] = (typeof cell === 'string' && MINUTES.exec(cell)) || [];
  return day === undefined ? cell : html`<span class="date">${day}</span> ${time ?? ''}`;
}

/** `2026-11-21T09:06:48.123456Z` → `2026-11-21 09:06 UTC`. */
export const minutesOf = (time: string | null): string => (time === null ? '–' : `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`);
/** The same to the millisecond, under a heading that says UTC. */
export const secondsOf = (time: string): string => `${time.slice(0, 10)} ${time.slice(11, 23)}`;
