import type { Viewer } from '@sallyport/schema/viewer.ts';
import { type DocumentNode, type ExecutionResult, execute, GraphQLScalarType, type GraphQLSchema, Kind } from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import type { PreparedOperation } from './documents.ts';

/** An operation as one JavaScript function. */
export type CompiledOperation = CompiledQuery['query'];

export interface ExecuteOptions {
  /** Every field behind its scope. */
  readonly schema: GraphQLSchema;
  /** The same schema without a scope around each field; row rules stay in SQL. */
  readonly fastSchema: GraphQLSchema | null;
  /** Whether every field of the operation is allowed to this viewer wherever they may look. */
  readonly mayRunFast: (operation: PreparedOperation, viewer: Viewer) => boolean;
}

export interface Variables {
  /** As they were sent. */
  readonly sent: Readonly<Record<string, unknown>>;
  /** As graphql-js coerced them. */
  readonly coerced: Readonly<Record<string, unknown>>;
}

export type Execute = (operation: PreparedOperation, variables: Variables, context: unknown, viewer: Viewer | null) => Promise<ExecutionResult>;

/**
 * Runs an operation. Queries seen a second time are compiled by graphql-jit (2.5 times the speed, see
 * tests/bench); mutations and documents with `@skip` or `@include` stay with graphql-js, whose order of
 * effects is the reference. Compiled code lives as long as its document is remembered.
 */
export function createExecute({ schema, fastSchema, mayRunFast }: ExecuteOptions): Execute {
  return async (operation, variables, contextValue, viewer) => {
    const isQuery = operation.operation.operation === 'query';
    const chosen = fastSchema !== null && isQuery && viewer !== null && mayRunFast(operation, viewer) ? fastSchema : schema;
    operation.sights += 1;
    const compiled = isQuery && !operation.conditional && operation.sights > 1 ? compiledFor(operation, chosen) : null;
    if (compiled) return compiled(undefined, contextValue, variables.coerced);
    return execute({ schema: chosen, document: operation.document, operationName: operation.operationName, variableValues: variables.sent, contextValue });
  };
}

function compiledFor(operation: PreparedOperation, schema: GraphQLSchema): CompiledOperation | null {
  const known = operation.compiled.get(schema);
  if (known !== undefined) return known;
  let compiled: CompiledOperation | null = null;
  try {
    const candidate = compileQuery(withAnyType(schema), withAnyVariables(operation.document), operation.operationName ?? '', { disablingCapturingStackErrors: true });
    if (isCompiledQuery(candidate)) compiled = candidate.query;
  } catch {
    // What graphql-jit can't compile runs uncompiled.
  }
  operation.compiled.set(schema, compiled);
  return compiled;
}

/** Takes any value as it is. No schema has it: the name is reserved for introspection. */
const ANY = new GraphQLScalarType({ name: '__AnyVariable' });

/** The schema as graphql-jit is shown it: the same, and knowing the type above. */
function withAnyType(schema: GraphQLSchema): GraphQLSchema {
  const shown = Object.create(schema) as GraphQLSchema;
  shown.getType = (name) => (name === ANY.name ? ANY : schema.getType(name));
  return shown;
}

/**
 * graphql-jit writes out the coercion of an input type in full, and a filter that contains filters never ends
 * (gigabytes for three fields). So variables come coerced by graphql-js, and the compiled code takes them as they are.
 */
function withAnyVariables(document: DocumentNode): DocumentNode {
  return {
    ...document,
    definitions: document.definitions.map((definition) =>
      definition.kind !== Kind.OPERATION_DEFINITION || !definition.variableDefinitions
        ? definition
        : {
            ...definition,
            variableDefinitions: definition.variableDefinitions.map(({ kind, variable }) => ({
              kind,
              variable,
              type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: ANY.name } },
            })),
          },
    ),
  };
}
