import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** Records that one document may make the gateway read, estimated from its page sizes. */
export const MAX_RECORDS = 10_000;

/** What a list holds whose length nobody states. */
const UNSTATED_LENGTH = 10;
const DEFAULT_PAGE = 25;

type Size = { readonly fixed: number } | { readonly variable: string; readonly fallback: number };

interface CostNode {
  /** Null where the field gives one record. */
  readonly size: Size | null;
  readonly below: readonly CostNode[];
}

/** Estimate of an operation, worked out once per document; asked per execution because page sizes come in variables (THREATS I06). */
export type CostPlan = (variables: Readonly<Record<string, unknown>>) => number;

export function planCost(schema: GraphQLSchema, operation: OperationDefinitionNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>): CostPlan {
  const root = schema.getRootType(operation.operation);
  if (!root) return () => 0;
  const defaults = new Map<string, number>();
  for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
    if (defaultValue?.kind === Kind.INT) defaults.set(variable.name.value, Number(defaultValue.value));
  }

  const read = (set: SelectionSetNode, typeName: string, paged: boolean): CostNode[] =>
    set.selections.flatMap((node) => {
      if (node.kind === Kind.INLINE_FRAGMENT) return read(node.selectionSet, node.typeCondition?.name.value ?? typeName, paged);
      if (node.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(node.name.value);
        return fragment ? read(fragment.selectionSet, fragment.typeCondition.name.value, paged) : [];
      }
      const type = schema.getType(typeName);
      const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;
      if (!field || !node.selectionSet || !isCompositeType(getNamedType(field.type))) return [];
      const pages = field.args.some((argument) => argument.name === 'first');
      const isList = isListType(isNonNullType(field.type) ? field.type.ofType : field.type);
      // `nodes` and `edges` of a connection hold the page that its parent's `first` has counted already.
      const size: Size | null = pages ? pageSize(node, field, defaults) : isList && !paged ? { fixed: UNSTATED_LENGTH } : null;
      return [{ size, below: read(node.selectionSet, getNamedType(field.type).name, pages && !isList) }];
    });

  const nodes = read(operation.selectionSet, root.name, false);
  const usesVariables = (node: CostNode): boolean => (node.size !== null && 'variable' in node.size) || node.below.some(usesVariables);
  const total = (variables: Readonly<Record<string, unknown>>) => nodes.reduce((sum, node) => sum + costOf(node, 1, variables), 0);
  if (nodes.some(usesVariables)) return total;
  const constant = total({});
  return () => constant;
}

function pageSize(node: FieldNode, field: GraphQLField<unknown, unknown>, defaults: ReadonlyMap<string, number>): Size {
  const declared: unknown = field.args.find((argument) => argument.name === 'first')?.defaultValue;
  const fallback = typeof declared === 'number' ? declared : DEFAULT_PAGE;
  const value = node.arguments?.find((argument) => argument.name.value === 'first')?.value;
  if (value?.kind === Kind.INT) return { fixed: Number(value.value) };
  if (value?.kind === Kind.VARIABLE) return { variable: value.name.value, fallback: defaults.get(value.name.value) ?? fallback };
  return { fixed: fallback };
}

function costOf(node: CostNode, times: number, variables: Readonly<Record<string, unknown>>): number {
  let size = 1;
  if (node.size !== null) {
    if ('fixed' in node.size) size = node.size.fixed;
    else {
      const sent = variables[node.size.variable];
      size = typeof sent === 'number' ? sent : node.size.fallback;
    }
  }
  const records = times * Math.max(1, size);
  let sum = records;
  for (const child of node.below) sum += costOf(child, records, variables);
  return sum;
}
