import type { Fixture } from './fixture.ts';
import { type ArgumentSource, createArgumentSource } from './generate-arguments.ts';
import type { Matrix, RecordRule } from './matrix.ts';
import type { Random } from './random.ts';
import { type Arguments, type RootAsk } from './request.ts';
import { type Directive, type Fragment, literal, merged, printOperation, type Written } from './written.ts';

export interface GeneratedQuery {
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly roots: readonly RootAsk[];
  /** The answer's place of the first root's cursors; such a query can go on with the variable `after`. */
  readonly walk: { readonly root: string; readonly edges: string; readonly cursor: string } | null;
}

/** Keys taken at one place of the answer, with what stands under each: two that differ would not be valid. */
type Scope = Map<string, { readonly name: string; readonly arguments: Arguments; readonly text: string; readonly below: Scope }>;

const DEEPEST_RELATION = 4;
const WALK = { edges: 'walked', cursor: 'place' } as const;

/**
 * Draws one operation: one or two lists or records with aliases (also under other fields' names), named
 * fragments used in several places, inline fragments, repetitions, conditions, relations up to four deep, acts,
 * pages and arguments as literals or variables. Knows the types from the access matrix alone.
 */
export function generateQuery(matrix: Matrix, fixture: Fixture, random: Random): GeneratedQuery {
  const source: ArgumentSource = createArgumentSource(matrix, fixture, random);
  const records = [...matrix.records.values()];
  const guarded = records.filter((record) => record.crossTenant !== null);
  const fragments: Fragment[] = [];
  const definitions: string[] = [];
  const variables: Record<string, unknown> = {};
  const isConditional = random.chance(0.12);
  let names = 0;

  function variable(type: string, value: unknown): string {
    const name = `v${definitions.length}`;
    definitions.push(`$${name}: ${type}`);
    variables[name] = value;
    return `$${name}`;
  }

  function argumentText(given: Arguments, types: Readonly<Record<string, string>>): string {
    const parts = Object.entries(given).map(([name, value]) => `${name}: ${random.chance(0.5) ? variable(types[name] ?? 'ID!', value) : literal(value)}`);
    return parts.length > 0 ? `(${parts.join(', ')})` : '';
  }

  function directive(): Directive | null {
    if (!isConditional || !random.chance(0.3)) return null;
    const name = random.pick(['include', 'skip'] as const);
    const value = random.chance(0.5);
    return { text: `@${name}(if: ${random.chance(0.5) ? variable('Boolean!', value) : value})`, includes: (name === 'include') === value };
  }

  interface Candidate {
    readonly name: string;
    /** Type below, or null for a plain value. */
    readonly type: string | null;
    readonly given?: () => Arguments;
    readonly types?: Readonly<Record<string, string>>;
  }

  /** Writes a field under a free or fitting key; null where none is. */
  function field(candidate: Candidate, scope: Scope, depth: number, preferred?: string): Written | null {
    const others = [...(matrix.records.get(candidate.type ?? '')?.fields.keys() ?? []), 'email', 'id2', 'name', 'total'];
    const key = preferred ?? (random.chance(0.12) ? `${random.chance(0.4) ? random.pick(others) : `a${(names += 1)}`}` : candidate.name);
    let taken = scope.get(key);
    if (taken && (taken.name !== candidate.name || (candidate.given && !random.chance(0.5)))) return null;
    if (!taken) {
      const given = candidate.given?.() ?? {};
      taken = { name: candidate.name, arguments: given, text: argumentText(given, candidate.types ?? {}), below: new Map() };
      scope.set(key, taken);
    }
    const below = candidate.type === null ? [] : selection(candidate.type, taken.below, depth);
    return { kind: 'field', key, name: taken.name, arguments: taken.arguments, text: taken.text, below };
  }

  function candidatesOf(type: string, depth: number): readonly Candidate[] {
    const plain = (...fields: readonly string[]): Candidate[] => fields.map((name) => ({ name, type: null }));
    const record = matrix.records.get(type);
    if (record) {
      const relations = depth >= DEEPEST_RELATION ? [] : [...record.relations.values()];
      return [
        ...plain('id', ...(record.tenant === 'of no tenant' ? [] : ['tenantId']), ...(record.versioned ? ['version'] : []), ...record.fields.keys()),
        // A relation as often as several fields: they are what differs between people.
        ...relations.flatMap((relation): Candidate[] =>
          Array.from({ length: 3 }, () =>
            relation.kind === 'count'
              ? { name: relation.name, type: null }
              : { name: relation.name, type: relation.to, ...(relation.kind === 'many' ? { given: source.related, types: { first: 'Int!' } } : {}) },
          ),
        ),
        ...(matrix.acts.some((act) => act.on === type) || random.chance(0.2) ? [{ name: 'actions', type: 'RecordAction' }] : []),
      ];
    }
    if (type === 'RecordAction') return [...plain('name', 'enabled', 'stepUp'), { name: 'because', type: 'LocalizedText' }];
    if (type === 'PageInfo') return plain('hasNextPage', 'hasPreviousPage', 'startCursor', 'endCursor');
    if (type.endsWith('Edge')) return [{ name: 'node', type: type.slice(0, -'Edge'.length) }, { name: 'node', type: type.slice(0, -'Edge'.length) }, ...plain('cursor')];
    if (type.endsWith('Connection')) {
      const of = type.slice(0, -'Connection'.length);
      return [
        { name: 'nodes', type: of },
        { name: 'nodes', type: of },
        { name: 'nodes', type: of },
        { name: 'edges', type: `${of}Edge` },
        { name: 'pageInfo', type: 'PageInfo' },
        ...plain('totalCount', 'totalCount'),
      ];
    }
    return [];
  }

  function selection(type: string, scope: Scope, depth: number, wrapped = 0): Written[] {
    const isRecord = matrix.records.has(type);
    const parts: Written[] = [];
    const candidates = candidatesOf(type, depth);
    const wanted = candidates.length === 0 ? 0 : 1 + random.below((isRecord ? (depth > 1 ? 4 : 7) : 3) - wrapped);
    for (let turn = 0; turn < wanted; turn += 1) {
      const luck = random.below(100);
      const known = fragments.filter((fragment) => fragment.on === type && (depth <= 1 || relationDepth(fragment.below) === 0));
      if (luck < 14 && known.length > 0) {
        const fragment = random.pick(known);
        if (!takes(scope, fragment.below)) continue;
        claim(scope, fragment.below);
        parts.push({ kind: 'spread', fragment, directive: directive() });
      } else if (luck < 22 && wrapped < 2 && fragments.length < 8) {
        const below = selection(type, scope, depth, wrapped + 1);
        const fragment = { name: `F${(names += 1)}`, on: type, below };
        fragments.push(fragment);
        parts.push({ kind: 'spread', fragment, directive: directive() });
      } else if (luck < 32 && wrapped < 2)
        parts.push({ kind: 'inline', on: random.chance(0.6) ? type : null, directive: directive(), below: selection(type, scope, depth, wrapped + 1) });
      else if (luck < 36) parts.push(typename(scope));
      else {
        const candidate = random.pick(candidates);
        const written = field(candidate, scope, matrix.records.get(type)?.relations.has(candidate.name) ? depth + 1 : depth);
        if (written) parts.push(written);
      }
    }
    return parts.length > 0 ? parts : [typename(scope)];
  }

  function typename(scope: Scope): Written {
    const key = scope.get('__typename') === undefined || scope.get('__typename')?.name === '__typename' ? '__typename' : `a${(names += 1)}`;
    scope.set(key, { name: '__typename', arguments: {}, text: '', below: new Map() });
    return { kind: 'field', key, name: '__typename', arguments: {}, text: '', below: [] };
  }

  function root(record: RecordRule, scope: Scope, index: number): Written & { readonly kind: 'field' } {
    const isList = index > 0 ? random.chance(0.6) : random.chance(0.8);
    const isWalk = index === 0 && isList && random.chance(0.15);
    const key = isWalk ? 'walk' : index === 0 && random.chance(0.6) ? (isList ? record.list : record.query) : `r${index}`;
    const given: Arguments = isList ? source.list(record, isWalk) : source.one(record);
    let text = argumentText(given, { id: 'ID!', filter: `${record.type}Filter`, orderBy: `[${record.type}Order!]`, first: 'Int', offset: 'Int' });
    if (isWalk) {
      definitions.push('$after: String');
      variables['after'] = null;
      text = text === '' ? '(after: $after)' : `${text.slice(0, -1)}, after: $after)`;
    }
    const below: Scope = new Map();
    const name = isList ? record.list : record.query;
    scope.set(key, { name, arguments: given, text, below });
    const type = isList ? `${record.type}Connection` : record.type;
    const walked: Written[] = isWalk
      ? [
          {
            kind: 'field',
            key: WALK.edges,
            name: 'edges',
            arguments: {},
            text: '',
            below: [{ kind: 'field', key: WALK.cursor, name: 'cursor', arguments: {}, text: '', below: [] }],
          },
        ]
      : [];
    claim(below, walked);
    return { kind: 'field', key, name, arguments: given, text, below: [...walked, ...selection(type, below, 0)] };
  }

  const scope: Scope = new Map();
  const chosen = Array.from({ length: random.chance(0.75) ? 1 : 2 + random.below(2) }, () => random.pick(guarded.length > 0 && random.chance(0.15) ? guarded : records));
  const written = chosen.map((record, index) => ({ record, written: root(record, scope, index) }));
  const roots = written.map(({ record, written: part }): RootAsk => {
    const [ask] = merged([part]);
    if (!ask) throw new TypeError('A root that asks for nothing');
    return { ...ask, type: record.type, kind: part.name === record.list ? 'list' : 'one' };
  });
  return {
    text: printOperation(
      definitions,
      written.map((entry) => entry.written),
    ),
    variables: JSON.parse(JSON.stringify(variables)) as Record<string, unknown>,
    roots,
    walk: 'after' in variables ? { root: 'walk', ...WALK } : null,
  };
}

function takes(scope: Scope, parts: readonly Written[]): boolean {
  return parts.every((part) => {
    if (part.kind === 'inline') return takes(scope, part.below);
    if (part.kind === 'spread') return takes(scope, part.fragment.below);
    const taken = scope.get(part.key);
    return !taken || (taken.name === part.name && taken.text === part.text && takes(taken.below, part.below));
  });
}

function claim(scope: Scope, parts: readonly Written[]): void {
  for (const part of parts) {
    if (part.kind === 'inline') claim(scope, part.below);
    else if (part.kind === 'spread') claim(scope, part.fragment.below);
    else {
      const taken = scope.get(part.key) ?? { name: part.name, arguments: part.arguments, text: part.text, below: new Map() };
      scope.set(part.key, taken);
      claim(taken.below, part.below);
    }
  }
}

/** How deep relations go in a fragment: what would go too deep elsewhere is not used there. */
const relationDepth = (parts: readonly Written[]): number =>
  Math.max(
    0,
    ...parts.map((part) =>
      part.kind === 'field' ? (part.below.length > 0 ? 1 + relationDepth(part.below) : 0) : relationDepth(part.kind === 'inline' ? part.below : part.fragment.below),
    ),
  );
