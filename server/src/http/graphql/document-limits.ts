import { GatewayError } from '@sallyport/schema/errors.ts';
import { fieldMetadata } from '@sallyport/schema/plugin-access/field-metadata.ts';
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
} from 'graphql';

/** How much one document may ask for. Counted on the text alone, the same for everybody (THREATS X7). */
export const DOCUMENT_LIMITS = {
  tokens: 2000,
  depth: 12,
  aliases: 30,
  directives: 10,
  rootFields: 20,
  /** The same answer name within one selection set. */
  repeats: 10,
  /** Selections after fragments are spread out. */
  selections: 3000,
  operations: 5,
} as const;

/** Introspection is deeper than any query of ours and is allowed or not as a whole. */
const INTROSPECTION = new Set(['__schema', '__type']);

const tooMuch = (): never => {
  throw new GatewayError('QUERY_REJECTED', 'The document asks for too much at once.');
};

interface PlacedField {
  readonly node: FieldNode;
  /** Fragments that the field stands in: meeting one of them again below it is a circle. */
  readonly within: ReadonlySet<string>;
}

/**
 * Counts depth, aliases, directives, repeated fields and root fields with every fragment spread out, before
 * validation (whose own work grows with the square of some of these). Circular fragments are refused here
 * (THREATS I05). Bounded: each definition is expanded to at most `selections` nodes.
 * @throws {GatewayError} QUERY_REJECTED; it names no field and not which limit, so that nothing can be felt out.
 */
export function limitDocument(document: DocumentNode, schema: GraphQLSchema): void {
  const fragments = new Map<string, FragmentDefinitionNode>();
  const operations: OperationDefinitionNode[] = [];
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    else if (definition.kind === Kind.OPERATION_DEFINITION) operations.push(definition);
    else throw new GatewayError('QUERY_REJECTED', 'A document holds operations and fragments only.');
  }
  if (operations.length > DOCUMENT_LIMITS.operations) tooMuch();
  // Fragments that no operation uses are counted too: validation would walk them.
  for (const [name, fragment] of fragments) expand(fragment, new Set([name]), fragments);
  let guarded = 0;
  for (const operation of operations) {
    const roots = expand(operation, new Set(), fragments);
    if (roots.length > DOCUMENT_LIMITS.rootFields) tooMuch();
    if (operation.operation === OperationTypeNode.MUTATION) guarded += roots.filter((root) => isGuarded(root.node, schema)).length;
  }
  // Rights are read once per document; a second guarded act must ask again (THREATS X6).
  if (guarded > 1) throw new GatewayError('QUERY_REJECTED', 'Only one privileged or sensitive mutation fits in one document.');
}

function isGuarded(node: FieldNode, schema: GraphQLSchema): boolean {
  const metadata = fieldMetadata(schema.getMutationType()?.getFields()[node.name.value]);
  return metadata !== undefined && (metadata.tier === 'privileged' || metadata.sensitive !== null);
}

/** Walks one definition as it would be executed, counting; answers its top fields. */
function expand(definition: OperationDefinitionNode | FragmentDefinitionNode, within: ReadonlySet<string>, fragments: ReadonlyMap<string, FragmentDefinitionNode>): PlacedField[] {
  let selections = 0;
  let aliases = 0;
  let directives = definition.directives?.length ?? 0;

  const collect = (set: SelectionSetNode, around: ReadonlySet<string>, into: PlacedField[]): PlacedField[] => {
    for (const node of set.selections) {
      selections += 1;
      directives += node.directives?.length ?? 0;
      if (selections > DOCUMENT_LIMITS.selections || directives > DOCUMENT_LIMITS.directives) tooMuch();
      if (node.kind === Kind.FIELD) {
        if (node.alias) aliases += 1;
        if (aliases > DOCUMENT_LIMITS.aliases) tooMuch();
        into.push({ node, within: around });
      } else if (node.kind === Kind.INLINE_FRAGMENT) collect(node.selectionSet, around, into);
      else {
        const name = node.name.value;
        if (around.has(name)) throw new GatewayError('QUERY_REJECTED', 'Fragments must not contain themselves.');
        const fragment = fragments.get(name);
        if (fragment) collect(fragment.selectionSet, new Set([...around, name]), into);
      }
    }
    return into;
  };

  const descend = (set: SelectionSetNode, around: ReadonlySet<string>, depth: number): PlacedField[] => {
    if (depth > DOCUMENT_LIMITS.depth) tooMuch();
    const fields = collect(set, around, []);
    const repeats = new Map<string, number>();
    for (const { node, within: place } of fields) {
      const name = node.alias?.value ?? node.name.value;
      const seen = (repeats.get(name) ?? 0) + 1;
      if (seen > DOCUMENT_LIMITS.repeats) tooMuch();
      repeats.set(name, seen);
      if (node.selectionSet && !INTROSPECTION.has(node.name.value)) descend(node.selectionSet, place, depth + 1);
    }
    return fields;
  };

  return descend(definition.selectionSet, within, 1);
}
