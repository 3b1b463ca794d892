/** Amount in words of the locale, exact: the decimal text goes to Intl as it is. `4500000.00` → `IDR 4,500,000`. */
export function formatMoney(amount: string, currency: string | null, locale: string): string {
  if (!/^-?\d+(\.\d+)?$/.test(amount)) return amount;
  const exact = amount as `${number}`;
  if (!currency || !/^[A-Za-z]{3}$/.test(currency)) return new Intl.NumberFormat(locale, { minimumFractionDigits: 2 }).format(exact);
  const formatter = new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: 'code', minimumFractionDigits: 2, trailingZeroDisplay: 'stripIfInteger' });
  return formatter.format(exact).replaceAll('\u00A0', ' ');
}

export function formatDecimal(value: string, locale: string): string {
  return /^-?\d+(\.\d+)?$/.test(value) ? new Intl.NumberFormat(locale, { maximumFractionDigits: 20 }).format(value as `${number}`) : value;
}

/** Date and time in a zone, with the zone's name: `21 Nov 2026, 16:04 WIB`. */
export function formatTime(iso: string, locale: string, timeZone: string, seconds = false): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  const text = new Intl.DateTimeFormat(locale, {
    timeZone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    ...(seconds ? { second: '2-digit' } : {}),
    hour12: false,
  }).format(time);
  return `${text} ${zoneName(timeZone)}`;
}

/** Short names that people in Indonesia use; Intl would say GMT+7 in English. */
export const zoneName = (timeZone: string): string => (timeZone === 'Asia/Jakarta' ? 'WIB' : timeZone);

/** A calendar date has no zone and must not move by one: `2026-11-21`. */
export function formatDate(date: string, locale: string): string {
  const time = new Date(`${date.slice(0, 10)}T00:00:00Z`);
  return Number.isNaN(time.getTime()) ? date : new Intl.DateTimeFormat(locale, { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric' }).format(time);
}

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** Time from now in words, `3 hours ago`; `now` in milliseconds. */
export function formatRelative(iso: string, now: number, locale: string): string {
  const seconds = (Date.parse(iso) - now) / 1000;
  if (Number.isNaN(seconds)) return iso;
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  for (const [unit, size] of STEPS) if (Math.abs(seconds) >= size) return words.format(Math.trunc(seconds / size), unit);
  return words.format(Math.trunc(seconds), 'second');
}

/** Time since the start of a story: `+0.4 s`, `+2 min 5 s`. */
export function formatElapsed(milliseconds: number, locale: string): string {
  const number = (value: number, digits: number) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
  if (milliseconds < 1000) return `+${number(Math.max(0, milliseconds), 0)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `+${number(seconds, 1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `+${number(minutes, 0)} min ${number(Math.floor(seconds % 60), 0)} s`;
  return `+${number(Math.floor(minutes / 60), 0)} h ${number(minutes % 60, 0)} min`;
}

const HIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu;

/** Makes characters visible that could make a text read as something else (THREATS J10): `U+202E` → `␦202E`. */
export const showHidden = (text: string): string => text.replace(HIDDEN, (character) => `␦${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`);

/** `01890f3c-…-7b21` for a narrow place; short IDs stay whole. */
export const shortId = (id: string): string => (id.length > 20 ? `${id.slice(0, 8)}…${id.slice(-4)}` : id);

/** Only plain web addresses become links (J02). */
export function safeLink(url: string): string | null {
  try {
    const parsed = new URL(url);
    return parsed.protocol === 'https:' || parsed.protocol === 'http:' ? parsed.href : null;
  } catch {
    return null;
  }
}

/** A length of time in its two largest units: `3 hours 5 minutes`; under a minute in seconds. */
export function formatDuration(seconds: number, locale: string): string {
  const left = Math.max(0, Math.round(seconds));
  const parts: readonly (readonly [unit: 'day' | 'hour' | 'minute' | 'second', amount: number])[] = [
    ['day', Math.floor(left / 86_400)],
    ['hour', Math.floor((left % 86_400) / 3600)],
    ['minute', Math.floor((left % 3600) / 60)],
    ['second', left < 60 ? left : 0],
  ];
  const said = parts.filter(([unit, amount]) => amount > 0 || (unit === 'second' && left === 0)).slice(0, 2);
  return said.map(([unit, amount]) => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(amount)).join(' ');
}
