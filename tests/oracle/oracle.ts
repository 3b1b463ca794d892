import { all, canonicalId, type Filter, fits, inOrder, isFound, some, touchedBy } from './conditions.ts';
import { asText, type Fixture, type FixtureRow, type Person, type Value } from './fixture.ts';
import type { Matrix, OrderRule, RecordRule } from './matrix.ts';
import { type ArgumentValue, type Ask, type Continuation, type EnumName, type RootAsk, upperSnake } from './request.ts';
import { common, contains, isNowhere, isPart, type Reach, rightsOf } from './rights.ts';

/** Stands in an expected answer where any cursor will do. */
export const A_CURSOR = 'a cursor';

export interface Expectation {
  readonly data: { readonly [key: string]: Value };
  /** `path code`, path joined by dots. */
  readonly errors: readonly string[];
}

export interface ExpectationOptions {
  /** A step-up proof for this very document goes with it. */
  readonly confirmed?: boolean;
  /** Where the first root list goes on. */
  readonly continuation?: Continuation;
}

export type Oracle = (person: Person, roots: readonly RootAsk[], options?: ExpectationOptions) => Expectation;

type Path = readonly (string | number)[];

/** A refusal that the rules foresee. */
class Refusal extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/**
 * Says what the gateway must answer, to the byte, from the access matrix and a dump of the fixture alone. It
 * imports nothing of the gateway: the rules of the matrix's head section are written out here a second time.
 */
export function createOracle(matrix: Matrix, fixture: Fixture): Oracle {
  const byId = new Map(Object.entries(fixture.types).map(([type, rows]) => [type, new Map(rows.map((row) => [row.id, row]))]));
  const pageRule = (argument: string) => matrix.pages.get(argument) ?? missing(`the page argument ${argument}`);
  const recordOf = (type: string): RecordRule => matrix.records.get(type) ?? missing(`the type ${type}`);

  return (person, roots, options = {}) => {
    const reachOf = rightsOf(matrix, person);
    const errors: string[] = [];
    const isOwn = (what: string, row: FixtureRow): boolean => (fixture.own[what]?.[person.name] ?? missing(`whose rows of ${what} are whose`)).includes(row.id);
    const exists = (record: RecordRule, row: FixtureRow): boolean => contains(reachOf(record.permission), row.tenantId) && (!record.ownRows || isOwn(record.type, row));

    /** Null with the refusal's code at its path. */
    function attempt(path: Path, work: () => Value): Value {
      try {
        return work();
      } catch (refusal) {
        if (!(refusal instanceof Refusal)) throw refusal;
        errors.push(`${path.join('.')} ${refusal.code}`);
        return null;
      }
    }

    function answer(asks: readonly Ask[], path: Path, typeName: string, valueOf: (ask: Ask, path: Path) => Value): Value {
      return Object.fromEntries(asks.map((ask) => [ask.key, ask.name === '__typename' ? typeName : attempt([...path, ask.key], () => valueOf(ask, [...path, ask.key]))]));
    }

    const recordAnswer = (record: RecordRule, row: FixtureRow, asks: readonly Ask[], at: Path): Value =>
      answer(asks, at, record.type, (ask, path) => {
        if (ask.name === 'id') return row.id;
        if (ask.name === 'tenantId') return row.tenantId;
        if (ask.name === 'version') return row.version;
        if (ask.name === 'actions') return actsOn(record, row, ask, path);
        const field = record.fields.get(ask.name);
        if (!field) return relationAnswer(record, row, ask, path);
        if (!contains(reachOf(field.permission), row.tenantId)) throw new Refusal('FORBIDDEN');
        return row.fields[field.name] ?? null;
      });

    function relationAnswer(record: RecordRule, row: FixtureRow, ask: Ask, path: Path): Value {
      const relation = record.relations.get(ask.name) ?? missing(`the field ${record.type}.${ask.name}`);
      const related = recordOf(relation.to);
      if (isNowhere(reachOf(relation.permission))) throw new Refusal('FORBIDDEN');
      const targets = (row.relations[relation.name] ?? []).flatMap((id) => {
        const target = byId.get(relation.to)?.get(id);
        return target && exists(related, target) ? [target] : [];
      });
      if (relation.kind === 'count') return targets.length;
      if (relation.kind === 'one') return targets[0] ? recordAnswer(related, targets[0], ask.below, path) : null;
      const order = relation.order ?? missing(`the order of ${record.type}.${relation.name}`);
      const first = bounded(ask.arguments['first'], 'relation first');
      return inOrder(related, targets, total([order]))
        .slice(0, first)
        .map((target, index) => recordAnswer(related, target, ask.below, [...path, index]));
    }

    const actsOn = (record: RecordRule, row: FixtureRow, ask: Ask, path: Path): Value =>
      matrix.acts
        .filter((act) => act.on === record.type && !act.makesOne && contains(reachOf(act.permission), row.tenantId) && (!act.ownRows || isOwn(act.name, row)))
        .map((act, index) => {
          const enabled = !act.onlyWhile || act.onlyWhile.values.includes(asText(row.fields[act.onlyWhile.field] ?? null));
          return answer(ask.below, [...path, index], 'RecordAction', ({ name, below }) => {
            if (name === 'name') return act.name;
            if (name === 'enabled') return enabled;
            if (name === 'stepUp') return act.stepUp;
            return enabled ? null : answer(below, [], 'LocalizedText', () => missing('the words of a reason'));
          });
        });

    function one(root: RootAsk, path: Path): Value {
      const record = recordOf(root.type);
      if (isNowhere(reachOf(record.permission))) throw new Refusal('FORBIDDEN');
      const row = byId.get(root.type)?.get(canonicalId(root.arguments['id'] as string));
      if (!row || !exists(record, row)) throw new Refusal('NOT_FOUND');
      return recordAnswer(record, row, root.below, path);
    }

    function list(root: RootAsk, path: Path, continuation: Continuation | undefined): Value {
      const record = recordOf(root.type);
      const filter = (root.arguments['filter'] ?? {}) as Filter;
      const asked = ((root.arguments['orderBy'] ?? []) as { field: EnumName; direction?: EnumName }[]).map((term) => ({
        field: fieldNamed(record, term.field.name),
        descending: term.direction?.name === 'DESC',
      }));
      const terms = asked.length > 0 ? asked : [record.order];
      const base = reachOf(record.permission);
      if (isNowhere(base)) throw new Refusal('FORBIDDEN');
      const covered = narrowed(record, base, filter);
      const { fields, searches } = touchedBy(filter);
      const touched = new Set([...fields, ...terms.map((term) => term.field)]);
      touched.delete('id');
      for (const name of touched) {
        const held = reachOf(record.fields.get(name)?.permission ?? missing(`the field ${record.type}.${name}`));
        if (isNowhere(common(held, base)) || !isPart(covered, held)) throw new Refusal('FORBIDDEN');
      }
      const searched = searches ? [...record.fields.values()].filter((field) => field.searchable && !isNowhere(reachOf(field.permission))) : [];
      if (searches && searched.length === 0) throw new Refusal('FORBIDDEN');
      const isPersonal = searched.some((field) => field.personal) || [...touched].some((name) => record.fields.get(name)?.personal);
      if (record.crossTenant && isPersonal && (covered === 'global' || covered.size > 1)) {
        if (reachOf(record.crossTenant) !== 'global') throw new Refusal('FORBIDDEN');
        if (!options.confirmed) throw new Refusal('STEP_UP_REQUIRED');
      }
      const first = bounded(root.arguments['first'], 'list first');
      const offset = bounded(root.arguments['offset'], 'list offset');
      if (continuation && 'foreign' in continuation) throw new Refusal('BAD_INPUT');

      const finds = (row: FixtureRow) => (text: string) =>
        some(searched.map((field) => all([contains(reachOf(field.permission), row.tenantId), isFound(fixture, field.kind, text.trim(), row.fields[field.name] ?? null)])));
      const fitting = (fixture.types[root.type] ?? []).filter(
        (row) => contains(covered, row.tenantId) && exists(record, row) && fits(fixture, record, filter, row, finds(row)) === true,
      );
      const start = continuation ? continuation.afterRow + 1 : offset;
      const rows = inOrder(record, fitting, total(terms)).slice(start, start + first);
      const nodesAt = (ask: Ask, at: Path): Value => rows.map((row, index) => recordAnswer(record, row, ask.below, [...at, index]));
      return answer(root.below, path, `${record.type}Connection`, (ask, at) => {
        if (ask.name === 'totalCount') return fitting.length;
        if (ask.name === 'nodes') return nodesAt(ask, at);
        if (ask.name === 'edges')
          return rows.map((row, index) =>
            answer(ask.below, [...at, index], `${record.type}Edge`, (part, where) => (part.name === 'cursor' ? A_CURSOR : recordAnswer(record, row, part.below, where))),
          );
        return answer(ask.below, at, 'PageInfo', ({ name }) => {
          if (name === 'hasNextPage') return fitting.length > start + rows.length && first > 0;
          if (name === 'hasPreviousPage') return start > 0;
          return rows.length > 0 ? A_CURSOR : null;
        });
      });
    }

    function bounded(value: ArgumentValue | undefined, argument: string): number {
      const { least, most, usual } = pageRule(argument);
      const number = (value ?? usual) as number;
      if (number < least || number > most) throw new Refusal('BAD_INPUT');
      return number;
    }

    const data = answer(roots, [], 'Query', (ask, path) => {
      const root = ask as RootAsk;
      return root.kind === 'one' ? one(root, path) : list(root, path, root === roots[0] ? options.continuation : undefined);
    });
    return { data: data as Expectation['data'], errors: errors.sort() };
  };
}

/** The tenants that remain where a filter itself names them, at the top or under `and` alone. */
function narrowed(record: RecordRule, reach: Reach, filter: Filter): Reach {
  let result = reach;
  for (const name of record.tenant === 'is the tenant' ? ['tenantId', 'id'] : ['tenantId']) {
    const own = (filter[name] ?? {}) as { readonly eq?: string | null; readonly in?: readonly string[] | null };
    if (own.eq !== null && own.eq !== undefined) result = common(result, new Set([canonicalId(own.eq)]));
    if (own.in) result = common(result, new Set(own.in.map(canonicalId)));
  }
  for (const part of (filter['and'] ?? []) as readonly Filter[]) result = narrowed(record, result, part);
  return result;
}

/** Made total by the ID, in the direction of the last term. */
const total = (terms: readonly OrderRule[]): OrderRule[] => [...terms, { field: 'id', descending: terms.at(-1)?.descending ?? false }];

function fieldNamed(record: RecordRule, orderName: string): string {
  return orderName === 'ID' ? 'id' : ([...record.fields.keys()].find((name) => upperSnake(name) === orderName) ?? missing(`an order by ${orderName}`));
}

function missing(what: string): never {
  throw new TypeError(`The access matrix says nothing of ${what}`);
}
