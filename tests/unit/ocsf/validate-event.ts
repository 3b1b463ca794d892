import type { Attribute, Definitions, Shape } from './definitions.ts';

type Members = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value);

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const patterns = new Map<string, RegExp>();
function patternOf(text: string): RegExp {
  const known = patterns.get(text) ?? new RegExp(text);
  patterns.set(text, known);
  return known;
}

const SCALARS: Readonly<Record<string, (value: unknown) => boolean>> = {
  boolean_t: (value) => typeof value === 'boolean',
  float_t: (value) => typeof value === 'number',
  integer_t: (value) => Number.isInteger(value) && Math.abs(value as number) < 2 ** 31,
  long_t: (value) => Number.isSafeInteger(value),
  string_t: (value) => typeof value === 'string',
  json_t: (value) => value !== undefined,
};

/**
 * What is wrong with an event by the published definitions, a line each, with its path; empty where nothing is. Deprecated classes
 * and attributes count as wrong, and so does what only a profile would allow that the event does not name.
 */
export function faultsOf(definitions: Definitions, event: unknown): readonly string[] {
  if (!isObject(event)) return ['the event is no object'];
  const eventClass = definitions.classes.get(event['class_uid'] as number);
  if (!eventClass) return [`class_uid: no class ${String(event['class_uid'])}`];
  const metadata = event['metadata'];
  const profiles = new Set(isObject(metadata) && Array.isArray(metadata['profiles']) ? (metadata['profiles'] as unknown[]) : []);
  const faults: string[] = eventClass.isDeprecated ? [`class_uid: ${eventClass.caption} is deprecated`] : [];

  const checkScalar = (path: string, type: string, value: unknown): void => {
    const stated = definitions.scalars[type];
    const base = stated?.type ?? type;
    if (!SCALARS[base]?.(value)) return void faults.push(`${path}: not of type ${type}`);
    if (stated?.regex !== undefined && !patternOf(stated.regex).test(value as string)) faults.push(`${path}: not in the form of ${type}`);
    if (stated?.max_len !== undefined && (value as string).length > stated.max_len) faults.push(`${path}: longer than ${stated.max_len}`);
    if (stated?.range && ((value as number) < stated.range[0] || (value as number) > stated.range[1])) faults.push(`${path}: out of range`);
  };

  const checkOne = (path: string, { type, values }: Attribute, value: unknown): void => {
    if (values && !values.has(String(value))) faults.push(`${path}: ${String(value)} is none of its values`);
    if (definitions.scalars[type]) return checkScalar(path, type, value);
    if (!isObject(value)) return void faults.push(`${path}: no object`);
    // `object` is the one type that may hold anything.
    if (type !== 'object') checkShape(path, definitions.object(type), value);
  };

  /** The text beside a number is its caption, or the source's own word where the number is Other. */
  const checkSibling = (path: string, name: string, { sibling, values }: Attribute, members: Members): void => {
    const text = sibling === null ? undefined : members[sibling];
    const number = members[name];
    if (text === undefined || number === 99 || !values) return;
    if (values.get(String(number)) !== text) faults.push(`${path}.${String(sibling)}: ${shown(text)} is not the caption of ${name} ${String(number)}`);
  };

  const checkShape = (path: string, shape: Shape, members: Members): void => {
    for (const [name, value] of Object.entries(members)) {
      const attribute = shape.attributes.get(name);
      const at = `${path}.${name}`;
      if (!attribute || (attribute.profile !== null && !profiles.has(attribute.profile))) faults.push(`${at}: unknown to ${shape.name}`);
      else {
        if (attribute.isDeprecated) faults.push(`${at}: deprecated`);
        if (!attribute.isArray) checkOne(at, attribute, value);
        else if (!Array.isArray(value)) faults.push(`${at}: no array`);
        else for (const [index, item] of value.entries()) checkOne(`${at}[${index}]`, attribute, item);
        checkSibling(path, name, attribute, members);
      }
    }
    for (const [name, attribute] of shape.attributes)
      if (attribute.isRequired && members[name] === undefined && (attribute.profile === null || profiles.has(attribute.profile))) faults.push(`${path}.${name}: required`);
    for (const [kind, names] of shape.constraints) {
      const present = names.filter((name) => members[name] !== undefined).length;
      if (kind === 'at_least_one' && present === 0) faults.push(`${path}: needs one of ${names.join(', ')}`);
      if (kind === 'just_one' && present !== 1) faults.push(`${path}: needs exactly one of ${names.join(', ')}`);
      if (kind !== 'at_least_one' && kind !== 'just_one') faults.push(`${path}: has a constraint that is not understood, ${kind}`);
    }
  };

  checkShape('event', eventClass, event);
  const activity = event['activity_id'];
  const expected: Members = {
    type_uid: eventClass.uid * 100 + (activity as number),
    type_name: `${eventClass.caption}: ${eventClass.attributes.get('activity_id')?.values?.get(String(activity)) ?? ''}`,
  };
  for (const [name, value] of Object.entries(expected))
    if (event[name] !== undefined && event[name] !== value) faults.push(`event.${name}: ${shown(event[name])}, not ${shown(value)}`);
  return faults;
}
