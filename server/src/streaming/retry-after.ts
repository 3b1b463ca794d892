import type { IncomingHttpHeaders } from 'node:http';

/** Longest that a receiver may ask us to wait, in milliseconds: beyond an hour it is asked again anyway. */
const LONGEST_MS = 3_600_000;
/** Of the three forms of HTTP-date, the one that is sent. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;

/**
 * Milliseconds that `Retry-After` asks for (RFC 9110, section 10.2.3): seconds, or a date, measured against the answer's own `Date`, so that
 * two clocks that differ do no harm. Null where there is none or it says nothing that can be understood.
 */
export function readRetryAfter(headers: Pick<IncomingHttpHeaders, 'retry-after' | 'date'>, now = Date.now()): number | null {
  const text = headers['retry-after']?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Math.min(LONGEST_MS, Number(text) * 1_000);
  if (!HTTP_DATE.test(text)) return null;
  const said = Date.parse(headers.date ?? '');
  const wait = Date.parse(text) - (Number.isNaN(said) ? now : said);
  return Number.isNaN(wait) ? null : Math.min(LONGEST_MS, Math.max(0, wait));
}
