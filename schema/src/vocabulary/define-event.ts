import type { Text } from './axes.ts';

/** A kind of audit event: a stable name in the past tense, `module.thing.verbed`. */
export interface EventDeclaration {
  readonly kind: string;
  readonly label: Text;
  readonly description: Text;
}

const KIND = /^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*){2}$/;

/** @throws {TypeError} when the name is not of the form `module.thing.verbed`. */
export function defineEvent(kind: string, texts: Omit<EventDeclaration, 'kind'>): EventDeclaration {
  if (!KIND.test(kind)) throw new TypeError(`Event kind "${kind}" is not of the form module.thing.verbed`);
  return Object.freeze({ kind, ...texts });
}
