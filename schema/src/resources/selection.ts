import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionNode, type SelectionSetNode } from 'graphql';

/** Names of the fields asked for below one field, as a tree; conditional ones count as asked for when their condition holds. */
export interface Selection {
  readonly names: ReadonlySet<string>;
  readonly below: ReadonlyMap<string, Selection>;
}

type Variables = Readonly<Record<string, unknown>>;
const EMPTY: Selection = { names: new Set(), below: new Map() };
const remembered = new WeakMap<FieldNode, Selection>();

/**
 * What a resolver's field is asked for. Remembered per document node, as parsed documents are
 * cached; documents with `@skip` or `@include` depend on variables and are read each time.
 */
export function selectionOf(info: GraphQLResolveInfo): Selection {
  const first = info.fieldNodes[0];
  if (!first) return EMPTY;
  const known = info.fieldNodes.length === 1 ? remembered.get(first) : undefined;
  if (known) return known;
  const state = { conditional: false };
  const selection = read(
    info.fieldNodes.map((node) => node.selectionSet),
    info,
    state,
  );
  if (!state.conditional && info.fieldNodes.length === 1) remembered.set(first, selection);
  return selection;
}

/** The selection under a path of names, e.g. `edges`, `node`. */
export function below(selection: Selection, ...path: readonly string[]): Selection {
  return path.reduce<Selection>((at, name) => at.below.get(name) ?? EMPTY, selection);
}

export function union(a: Selection, b: Selection): Selection {
  if (a.names.size === 0) return b;
  if (b.names.size === 0) return a;
  const merged = new Map(a.below);
  for (const [name, selection] of b.below) merged.set(name, union(merged.get(name) ?? EMPTY, selection));
  return { names: a.names.union(b.names), below: merged };
}

function read(sets: readonly (SelectionSetNode | undefined)[], info: GraphQLResolveInfo, state: { conditional: boolean }): Selection {
  const fields = new Map<string, SelectionSetNode[]>();
  const visit = (nodes: readonly SelectionNode[]): void => {
    for (const node of nodes) {
      if (node.directives?.length) {
        state.conditional = true;
        if (!included(node, info.variableValues)) continue;
      }
      if (node.kind === Kind.FIELD) {
        const sets = fields.get(node.name.value) ?? [];
        if (node.selectionSet) sets.push(node.selectionSet);
        fields.set(node.name.value, sets);
      } else if (node.kind === Kind.INLINE_FRAGMENT) visit(node.selectionSet.selections);
      else {
        const fragment = info.fragments[node.name.value];
        if (fragment) visit(fragment.selectionSet.selections);
      }
    }
  };
  for (const set of sets) if (set) visit(set.selections);
  const deeper = new Map<string, Selection>();
  for (const [name, inner] of fields) if (inner.length > 0) deeper.set(name, read(inner, info, state));
  return { names: new Set(fields.keys()), below: deeper };
}

function included(node: SelectionNode, variables: Variables): boolean {
  for (const directive of node.directives ?? []) {
    const name = directive.name.value;
    if (name !== 'skip' && name !== 'include') continue;
    const argument = directive.arguments?.find((candidate) => candidate.name.value === 'if')?.value;
    const value = argument?.kind === Kind.VARIABLE ? variables[argument.name.value] === true : argument?.kind === Kind.BOOLEAN && argument.value;
    if (value === (name === 'skip')) return false;
  }
  return true;
}
