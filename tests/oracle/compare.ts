import type { Value } from './fixture.ts';
import { A_CURSOR, type Expectation } from './oracle.ts';

/** `unauthorised`: shown and shouldn't be; `withheld`: should be shown and isn't; `other`: order, codes, shapes. */
export type DifferenceKind = 'unauthorised' | 'withheld' | 'other';

export interface Difference {
  readonly kind: DifferenceKind;
  readonly path: string;
  readonly expected: string;
  readonly answered: string;
}

export interface ActualAnswer {
  readonly data: { readonly [key: string]: Value } | null | undefined;
  readonly errors: readonly { readonly path?: readonly (string | number)[] | undefined; readonly code: string }[];
}

/** Every place where an answer is not what it must be. */
export function differencesOf(expected: Expectation, actual: ActualAnswer): Difference[] {
  const found: Difference[] = [];
  const add = (kind: DifferenceKind, path: string, wanted: unknown, got: unknown): void => void found.push({ kind, path, expected: brief(wanted), answered: brief(got) });

  function visit(wanted: Value, got: Value | undefined, path: string): void {
    if (wanted === A_CURSOR) {
      if (typeof got !== 'string' || got === '') add('withheld', path, wanted, got);
    } else if (wanted === null || got === null || got === undefined) {
      if (wanted !== (got ?? null)) add(wanted === null ? 'unauthorised' : 'withheld', path, wanted, got);
      else if (got === undefined) add('other', path, wanted, got);
    } else if (Array.isArray(wanted) && Array.isArray(got)) visitList(wanted, got, path);
    else if (isObject(wanted) && isObject(got)) {
      for (const key of new Set([...Object.keys(wanted), ...Object.keys(got)])) {
        if (key in wanted) visit(wanted[key] ?? null, got[key], `${path}.${key}`);
        else add('unauthorised', `${path}.${key}`, undefined, got[key]);
      }
    } else if (wanted !== got) {
      const isFewer = typeof wanted === 'number' && typeof got === 'number' && got < wanted;
      add(isFewer ? 'withheld' : 'unauthorised', path, wanted, got);
    }
  }

  function visitList(wanted: readonly Value[], got: readonly Value[], path: string): void {
    if (wanted.length === got.length && JSON.stringify(wanted) !== JSON.stringify(got) && sameItems(wanted, got)) add('other', path, 'this order', 'another order');
    else if (wanted.length === got.length) for (const [index, item] of wanted.entries()) visit(item, got[index], `${path}.${index}`);
    else add(got.length > wanted.length ? 'unauthorised' : 'withheld', path, `${wanted.length} items`, `${got.length} items`);
  }

  visit(expected.data, actual.data, '');
  const codes = actual.errors.map(({ path = [], code }) => `${path.join('.')} ${code}`).sort();
  if (JSON.stringify(codes) !== JSON.stringify(expected.errors)) {
    add(
      'other',
      'errors',
      expected.errors.filter((code) => !codes.includes(code)),
      codes.filter((code) => !expected.errors.includes(code)),
    );
  }
  return found;
}

const isObject = (value: Value): value is { readonly [name: string]: Value } => typeof value === 'object' && value !== null && !Array.isArray(value);
const sorted = (items: readonly Value[]): string => JSON.stringify(items.map((item) => JSON.stringify(item)).sort());
const sameItems = (a: readonly Value[], b: readonly Value[]): boolean => sorted(a) === sorted(b);
const brief = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 300);
