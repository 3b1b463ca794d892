import { access, glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Where the definitions of the Open Cybersecurity Schema Framework lie (ocsf/ocsf-schema, Apache 2.0): OCSF_DEFINITIONS, or beside
 * the project. They are no part of the project. Without them the tests are skipped and say so; in CI they fail.
 */
const DEFINITIONS = process.env['OCSF_DEFINITIONS'] ?? fileURLToPath(new URL('../../../../shared/data/ocsf', import.meta.url));

export const hasDefinitions = await access(join(DEFINITIONS, 'dictionary.json')).then(
  () => true,
  () => false,
);
if (!hasDefinitions) console.warn(`Skipped, for want of the published OCSF definitions at ${DEFINITIONS} (set OCSF_DEFINITIONS)`);

type EnumValues = Readonly<Record<string, { readonly caption: string }>>;

/** An attribute as dictionary, class, object or profile state it; the parts that a validator needs. */
interface StatedAttribute {
  readonly type?: string;
  readonly is_array?: boolean;
  readonly requirement?: string | null;
  readonly enum?: EnumValues;
  readonly sibling?: string;
  readonly profile?: string | null;
  readonly '@deprecated'?: object;
}

type Constraints = Readonly<Record<string, readonly string[]>>;

interface Stated {
  readonly name: string;
  readonly caption: string;
  readonly uid?: number;
  readonly category?: string;
  readonly extends?: string;
  readonly attributes?: Readonly<Record<string, StatedAttribute | readonly string[]>>;
  readonly constraints?: Constraints;
  readonly '@deprecated'?: object;
}

interface ScalarType {
  readonly type?: string;
  readonly regex?: string;
  readonly max_len?: number;
  readonly range?: readonly [number, number];
}

/** An attribute with everything that it inherits. */
export interface Attribute {
  readonly type: string;
  readonly isArray: boolean;
  readonly isRequired: boolean;
  readonly isDeprecated: boolean;
  readonly values: ReadonlyMap<string, string> | null;
  readonly sibling: string | null;
  /** Only there where an event names this profile. */
  readonly profile: string | null;
}

/** A class or an object with everything that it inherits and includes. */
export interface Shape {
  readonly name: string;
  readonly caption: string;
  readonly isDeprecated: boolean;
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly constraints: readonly (readonly [kind: string, names: readonly string[]])[];
}

export interface EventClass extends Shape {
  readonly uid: number;
  readonly category: { readonly uid: number; readonly caption: string };
}

export interface Definitions {
  readonly version: string;
  readonly classes: ReadonlyMap<number, EventClass>;
  /** @throws {TypeError} where there is no such object. */
  readonly object: (name: string) => Shape;
  readonly scalars: Readonly<Record<string, ScalarType>>;
}

const read = async <Kind>(path: string): Promise<Kind> => JSON.parse(await readFile(join(DEFINITIONS, path), 'utf8')) as Kind;

async function readAll(pattern: string): Promise<ReadonlyMap<string, Stated>> {
  const found = new Map<string, Stated>();
  for await (const path of glob(pattern, { cwd: DEFINITIONS })) {
    const stated = await read<Stated>(path);
    found.set(stated.name, stated);
  }
  return found;
}

interface Dictionary {
  readonly attributes: Readonly<Record<string, StatedAttribute>>;
  readonly types: { readonly attributes: Readonly<Record<string, ScalarType>> };
}

/** Reads the published definitions and resolves extends, includes, profiles and the dictionary, as OCSF's own compiler does. */
export async function readDefinitions(): Promise<Definitions> {
  const dictionary = await read<Dictionary>('dictionary.json');
  const categories = (await read<{ attributes: Readonly<Record<string, { uid: number; caption: string }>> }>('categories.json')).attributes;
  const [events, objects, profiles] = await Promise.all([readAll('events/**/*.json'), readAll('objects/*.json'), readAll('profiles/*.json')]);

  /** From the most general to the thing itself. */
  const lineOf = (stated: Stated, all: ReadonlyMap<string, Stated>): readonly Stated[] => {
    if (stated.extends === undefined) return [stated];
    const parent = all.get(stated.extends);
    if (!parent) throw new TypeError(`${stated.name} extends ${stated.extends}, which is not there`);
    return [...lineOf(parent, all), stated];
  };

  const attributesOf = (line: readonly Stated[]): ReadonlyMap<string, Attribute> => {
    const statements = new Map<string, StatedAttribute[]>();
    const add = (name: string, statement: StatedAttribute): void => void statements.set(name, [...(statements.get(name) ?? []), statement]);
    for (const { attributes = {} } of line) {
      const included = (attributes['$include'] ?? []) as readonly string[];
      for (const path of included) {
        const profile = profiles.get(path.replace(/^profiles\//, '').replace(/\.json$/, ''));
        if (!profile) throw new TypeError(`${path} is not there`);
        for (const [name, statement] of Object.entries(profile.attributes ?? {})) add(name, { ...(statement as StatedAttribute), profile: profile.name });
      }
      for (const [name, statement] of Object.entries(attributes)) if (name !== '$include') add(name, statement as StatedAttribute);
    }
    return new Map([...statements].map(([name, stated]) => [name, resolve(name, stated)]));
  };

  const resolve = (name: string, stated: readonly StatedAttribute[]): Attribute => {
    const known = dictionary.attributes[name];
    const all = known ? [known, ...stated] : stated;
    const whole = all.reduce<StatedAttribute>((merged, next) => ({ ...merged, ...next }), {});
    if (whole.type === undefined) throw new TypeError(`${name} has no type`);
    const values = all.flatMap(({ enum: each }) => Object.entries(each ?? {}).map(([value, { caption }]) => [value, caption] as const));
    // A statement without a profile, or with `null` for one, makes the attribute everybody's.
    const ofProfile = stated.every(({ profile }) => typeof profile === 'string') ? (whole.profile ?? null) : null;
    return {
      type: whole.type,
      isArray: whole.is_array ?? false,
      isRequired: whole.requirement === 'required',
      isDeprecated: whole['@deprecated'] !== undefined,
      values: values.length > 0 ? new Map(values) : null,
      sibling: known?.sibling ?? whole.sibling ?? null,
      profile: ofProfile,
    };
  };

  const shapeOf = (stated: Stated, all: ReadonlyMap<string, Stated>): Shape => {
    const line = lineOf(stated, all);
    return {
      name: stated.name,
      caption: stated.caption,
      isDeprecated: stated['@deprecated'] !== undefined,
      attributes: attributesOf(line),
      // The nearest statement replaces what is inherited.
      constraints: Object.entries(line.reduce<Constraints>((nearest, { constraints }) => constraints ?? nearest, {})),
    };
  };

  const shapes = new Map<string, Shape>();
  const classes = new Map<number, EventClass>();
  for (const stated of events.values()) {
    const category = lineOf(stated, events).reduce<string | undefined>((nearest, each) => each.category ?? nearest, undefined);
    const found = category === undefined ? undefined : categories[category];
    if (stated.uid === undefined || !found) continue;
    const shape = shapeOf(stated, events);
    const uid = found.uid * 1000 + stated.uid;
    // OCSF's compiler writes the class's own numbers where the files have those of the base event.
    const numbers = { category_uid: [found.uid, found.caption], class_uid: [uid, stated.caption] } as const;
    const own = Object.entries(numbers).map(([name, [value, caption]]) => {
      const inherited = shape.attributes.get(name);
      if (!inherited) throw new TypeError(`${stated.name} has no ${name}`);
      return [name, { ...inherited, values: new Map([[String(value), caption]]) }] as const;
    });
    classes.set(uid, { ...shape, attributes: new Map([...shape.attributes, ...own]), uid, category: found });
  }
  // The one class without a number of its own: what fits no other.
  const base = events.get('base_event');
  if (base) classes.set(0, { ...shapeOf(base, events), uid: 0, category: { uid: 0, caption: 'Uncategorized' } });
  return {
    version: (await read<{ version: string }>('version.json')).version,
    classes,
    scalars: dictionary.types.attributes,
    object(name) {
      const stated = objects.get(name);
      if (!stated) throw new TypeError(`There is no object ${name}`);
      const known = shapes.get(name) ?? shapeOf(stated, objects);
      shapes.set(name, known);
      return known;
    },
  };
}
