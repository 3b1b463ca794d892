import { restoreCell } from '@sallyport/server/audit/export-format.ts';
import { controlsCsv } from '@sallyport/server/evidence/controls/controls-csv.ts';
import { controls, controlsOf, findControl, isNamedBy, kindsOf } from '@sallyport/schema/modules/audit/controls/controls.ts';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { kinds } from './sample-records.ts';

/** Control families of SP 800-53 and themes of Annex A with the number of controls that each has, from the published tables of contents. */
const FAMILIES: Readonly<Record<string, number>> = { AC: 25, AU: 16, CM: 14, IA: 13, IR: 10, PS: 9, SC: 51, SI: 23 };
const THEMES: Readonly<Record<string, number>> = { '5': 37, '6': 8, '7': 14, '8': 34 };

const patternsOf = (control: (typeof controls)[number]): readonly string[] => (control.kinds === 'every' ? [] : control.kinds);

describe('C6, 4.12: the controls that events help with', () => {
  test('at least twelve, each once, each with an identifier that its framework has', () => {
    expect(controls.length).toBeGreaterThanOrEqual(25);
    expect(new Set(controls.map(({ id }) => id)).size).toBe(controls.length);
    for (const { id, framework } of controls) {
      const [, family = '', number = '', enhancement] = /^(?:A\.(?=\d))?([A-Z]{2}|[5-8])[-.](\d{1,2})(?:\((\d{1,2})\))?$/.exec(id) ?? [];
      const most = (framework === 'ISO/IEC 27001:2022' ? THEMES : FAMILIES)[family] ?? 0;
      expect({ id, exists: Number(number) >= 1 && Number(number) <= most && (enhancement === undefined || framework !== 'ISO/IEC 27001:2022') }).toEqual({ id, exists: true });
    }
  });

  test.each(kinds)('%s helps with a control of its own in each framework, besides those of the log as a whole', (kind) => {
    const own = controlsOf(kind).filter((control) => control.kinds !== 'every');
    expect(new Set(own.map(({ framework }) => framework)).size).toBe(2);
  });

  test('no control names a kind that is not there', () => {
    const idle = controls.flatMap((control) => patternsOf(control).filter((pattern) => !kinds.some((kind) => isNamedBy(pattern, kind))));
    expect(idle).toEqual([]);
  });

  test('kinds of a control and controls of a kind are the same relation', () => {
    const differing = controls.flatMap((control) => kinds.filter((kind) => kindsOf(control, kinds).includes(kind) !== controlsOf(kind).includes(control)));
    expect(differing).toEqual([]);
    expect(kindsOf(controls[0] as (typeof controls)[number], ['access.grant.given', 'no.such.kind'])).toEqual(['access.grant.given']);
    expect(findControl('AC-6(9)')?.framework).toBe('NIST SP 800-53 Rev. 5');
    for (const id of ['AC-99', '', 'constructor', '__proto__', 'ac-2']) expect(findControl(id)).toBeUndefined();
  });

  test('a kind that only begins like another is not meant', () => {
    expect(isNamedBy('access.password.changed', 'access.password.changed-again')).toBe(false);
    expect(isNamedBy('access.grant.*', 'access.grants.given')).toBe(false);
  });

  test('each says in both languages how events help, and nothing claims more', () => {
    const claims = /certif|complian|conform|guarantee|satisf|fulfil|meets|sertifi|memenuhi|kepatuhan|menjamin bahwa|patuh/i;
    for (const { id, title, helps } of controls)
      for (const text of [title.en, title.id, helps.en, helps.id]) {
        expect({ id, text, claims: claims.test(text) }).toEqual({ id, text, claims: false });
        expect(text.trim()).toBe(text);
        expect(text.length).toBeGreaterThan(5);
      }
    const said = controls.flatMap(({ helps }) => [helps.en, helps.id]);
    expect(new Set(said).size).toBe(said.length);
    for (const sentence of said) expect(sentence).toMatch(/^\p{Lu}.*\.$/u);
  });

  test.each(['en', 'id'] as const)('the CSV in %s reads back, a line for each control', (language) => {
    const rows = parse(controlsCsv(kinds, language), { columns: true, relax_quotes: false }) as Record<string, string>[];
    expect(Object.keys(rows[0] ?? {})).toEqual(['control', 'framework', 'title', 'how it helps', 'event kinds']);
    expect(rows.map((row) => row['control'])).toEqual(controls.map(({ id }) => id));
    for (const [index, control] of controls.entries())
      expect(rows[index]).toEqual({
        control: control.id,
        framework: control.framework,
        title: control.title[language],
        'how it helps': control.helps[language],
        'event kinds': kindsOf(control, kinds).join(' '),
      });
    expect(rows.every((row) => Object.values(row).every((cell) => restoreCell(cell) === cell))).toBe(true);
  });

  test('the CSV leaves out what none of the kinds helps with', () => {
    const rows = parse(controlsCsv(['data-exports.export.ordered']), { columns: true }) as Record<string, string>[];
    expect(rows.map((row) => row['control'])).toEqual(controlsOf('data-exports.export.ordered').map(({ id }) => id));
    expect(parse(controlsCsv([]), { columns: true })).toEqual(controls.filter(() => false));
  });
});
