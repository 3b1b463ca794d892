import type { Text } from '../../../vocabulary/axes.ts';
import type { Figure, Unit } from './question.ts';

const LOCALES = { en: 'en', id: 'id' } as const;

/** A number as each language writes it: `1,234.5` and `1.234,5`. */
export const number = (value: number, language: keyof Text): string => new Intl.NumberFormat(LOCALES[language], { maximumFractionDigits: 1 }).format(value);

/** English: the number and its noun. */
export const many = (count: number, one: string, more = `${one}s`): string => `${number(count, 'en')} ${count === 1 ? one : more}`;
/** Indonesian has one form. */
export const banyak = (count: number, noun: string): string => `${number(count, 'id')} ${noun}`;

/** "3 of 12 acts" and "3 dari 12 tindakan". */
export const ofAll = (part: number, all: number, one: string, more?: string): string => `${number(part, 'en')} of ${many(all, one, more)}`;
export const dari = (part: number, all: number, noun: string): string => `${number(part, 'id')} dari ${banyak(all, noun)}`;

/** A length in the unit in which people think of it. */
export function length(hours: number): Text {
  if (hours < 1) return { en: many(Math.round(hours * 60), 'minute'), id: banyak(Math.round(hours * 60), 'menit') };
  if (hours < 48) return { en: many(Math.round(hours * 10) / 10, 'hour'), id: banyak(Math.round(hours * 10) / 10, 'jam') };
  return { en: many(Math.round(hours / 2.4) / 10, 'day'), id: banyak(Math.round(hours / 2.4) / 10, 'hari') };
}

/** Sentences that are true; what is left out leaves no trace. */
export const sentences = (...parts: readonly (Text | null)[]): Text => ({
  en: parts.flatMap((part) => (part ? [part.en] : [])).join(' '),
  id: parts.flatMap((part) => (part ? [part.id] : [])).join(' '),
});

/** The text where the condition holds. */
export const where = (holds: boolean, en: string, id: string): Text | null => (holds ? { en, id } : null);

export function figure(name: string, en: string, id: string, value: number, unit: Unit = 'COUNT'): Figure {
  return { name, label: { en, id }, value: String(Math.round(value * 1000) / 1000), unit };
}

export const instant = (name: string, en: string, id: string, value: string): Figure => ({ name, label: { en, id }, value, unit: 'TIME' });
