import type { Text } from '@sallyport/schema/vocabulary/axes.ts';
import { stringify } from 'csv-stringify/sync';
import { defuseCell } from '../../audit/export-format.ts';
import { controls, kindsOf } from '@sallyport/schema/modules/audit/controls/controls.ts';

const HEADER = ['control', 'framework', 'title', 'how it helps', 'event kinds'] as const;

/**
 * The controls as RFC 4180 lines, with those of `kinds` that help with each, parted by spaces; a control that none of them helps with
 * is left out. "Helps with" is all that it says: it claims no compliance and no certification.
 */
export function controlsCsv(kinds: readonly string[], language: keyof Text = 'en'): string {
  const rows = controls.flatMap((control) => {
    const helping = kindsOf(control, kinds);
    return helping.length === 0 ? [] : [[control.id, control.framework, control.title[language], control.helps[language], helping.join(' ')]];
  });
  return stringify([[...HEADER], ...rows.map((row) => row.map(defuseCell))], { quoted: true, record_delimiter: 'windows' });
}
