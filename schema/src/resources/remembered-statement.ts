import type { CompiledQuery } from 'kysely';

/** Stands in a statement where the one value comes in that differs from request to request. */
export const ASKED_VALUE: unknown = Object.freeze({ asked: true });

/** The statement with its value put in. */
export const withValue = (statement: CompiledQuery, value: unknown): CompiledQuery => ({
  ...statement,
  parameters: statement.parameters.map((parameter) => (parameter === ASKED_VALUE ? value : parameter)),
});

/**
 * Remembers what was made for a sequence of objects, as long as these live. A statement is made of who may see what and
 * of what is asked for; rights and selections are the same objects as long as they say the same, so it need not be
 * made and compiled for every request.
 */
export function createMemory<Value>(): (keys: readonly object[], make: () => Value) => Value {
  const root = new WeakMap<object, unknown>();
  return (keys, make) => {
    let level = root;
    for (const key of keys.slice(0, -1)) {
      let next = level.get(key) as WeakMap<object, unknown> | undefined;
      if (!next) level.set(key, (next = new WeakMap()));
      level = next;
    }
    const last = keys.at(-1) ?? root;
    const known = level.get(last) as Value | undefined;
    if (known !== undefined) return known;
    const made = make();
    level.set(last, made);
    return made;
  };
}
