import { type DocumentNode, getOperationAST, type GraphQLSchema, Kind, type SelectionSetNode, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import { fieldMetadata } from '../plugin-access/field-metadata.ts';
import { sameReach, type TenantReach, type Viewer } from '../viewer.ts';

/** What one operation of a document needs, found once and remembered with the parsed document. */
export interface DocumentNeeds {
  /** Names of all permissions that its fields stand under. */
  readonly permissions: readonly string[];
}

const remembered = new WeakMap<DocumentNode, Map<string, DocumentNeeds>>();

/**
 * The permissions of every field that an operation could touch, in whatever fragment or branch.
 * Depends on document and schema only, never on variables or on who asks (X7).
 */
export function documentNeeds(schema: GraphQLSchema, document: DocumentNode, operationName: string | null): DocumentNeeds {
  const byName = remembered.get(document) ?? new Map<string, DocumentNeeds>();
  remembered.set(document, byName);
  const known = byName.get(operationName ?? '');
  if (known) return known;
  const permissions = new Set<string>();
  const operation = getOperationAST(document, operationName);
  const fragments = new Map(document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [])));
  const reached = new Set<string>();
  const typeInfo = new TypeInfo(schema);
  const collect = (node: { readonly selectionSet: SelectionSetNode; readonly kind: Kind.OPERATION_DEFINITION | Kind.FRAGMENT_DEFINITION }): void => {
    visit(
      node as Parameters<typeof visit>[0],
      visitWithTypeInfo(typeInfo, {
        Field() {
          const permission = fieldMetadata(typeInfo.getFieldDef() ?? undefined)?.permission;
          if (permission) permissions.add(permission);
        },
        FragmentSpread(spread) {
          reached.add(spread.name.value);
        },
      }),
    );
  };
  if (operation) collect(operation);
  // Sets iterate over what is added meanwhile: fragments within fragments are reached too.
  for (const name of reached) {
    const fragment = fragments.get(name);
    if (fragment) collect(fragment);
  }
  const needs = { permissions: [...permissions] };
  byName.set(operationName ?? '', needs);
  return needs;
}

/**
 * Whether every field of the operation is allowed wherever the viewer may look, so that no field needs
 * asking again: each permission is held, and all in the very same reach. Anything less certain goes
 * the careful way, field by field. It grants nothing: rows are still SQL's to give.
 */
export function decideDocument(schema: GraphQLSchema, document: DocumentNode, operationName: string | null, viewer: Viewer | null): boolean {
  if (!viewer) return false;
  let common: TenantReach | undefined;
  for (const permission of documentNeeds(schema, document, operationName).permissions) {
    const reach = viewer.rights.get(permission);
    if (reach === undefined) return false;
    if (common === undefined) common = reach;
    else if (!sameReach(common, reach)) return false;
  }
  return true;
}
