import { GatewayError, type InputIssue } from '@sallyport/schema/errors.ts';
import {
  type ASTNode,
  coerceInputValue,
  type GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  isInputType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';

const MAX_ISSUES = 20;

/**
 * What a caller is told of a document that the engine refused. GraphQL's own texts repeat what was sent and
 * suggest names ("Did you mean"): none of it leaves (THREATS X10, I10, I11). The place in the caller's own text does.
 */
export function describeSyntaxError(error: GraphQLError): GatewayError {
  if (error.message.endsWith('Parsing aborted.')) return new GatewayError('QUERY_REJECTED', 'The document asks for too much at once.');
  const at = error.locations?.[0];
  return new GatewayError('BAD_INPUT', at ? `The document can't be read at line ${at.line}, column ${at.column}.` : "The document can't be read.");
}

/** Nodes around which GraphQL reports a value of the wrong type or a missing argument. */
const VALUE_KINDS = new Set<string>([Kind.INT, Kind.FLOAT, Kind.STRING, Kind.BOOLEAN, Kind.NULL, Kind.ENUM, Kind.LIST, Kind.OBJECT, Kind.OBJECT_FIELD]);

export function describeValidationErrors(errors: readonly GraphQLError[]): GatewayError {
  const places = errors.flatMap((error) => {
    const at = error.locations?.[0];
    return at ? [`line ${at.line}, column ${at.column}`] : [];
  });
  const first = places[0] ?? 'an unknown place';
  const isValue = (node: ASTNode | undefined) => node !== undefined && VALUE_KINDS.has(node.kind);
  if (errors.every((error) => isValue(error.nodes?.[0]))) {
    const issues = places.slice(0, MAX_ISSUES).map((path): InputIssue => ({ path, message: 'This value does not fit its type.' }));
    return new GatewayError('BAD_INPUT', `A value in the document does not fit its type, at ${first}.`, { issues });
  }
  return new GatewayError('QUERY_REJECTED', `The document does not fit the schema, at ${first}.`);
}

/**
 * The variables of an operation as its types want them.
 * @throws {GatewayError} BAD_INPUT with the paths that don't fit.
 */
export function coerceVariables(schema: GraphQLSchema, operation: OperationDefinitionNode, variables: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const definitions = operation.variableDefinitions ?? [];
  if (definitions.length === 0) return {};
  const { coerced } = getVariableValues(schema, definitions, variables, { maxErrors: 1 });
  if (!coerced) throw describeVariables(schema, operation, variables);
  return coerced;
}

/** Coerces once more, for the path that the engine's own message hides in prose. */
function describeVariables(schema: GraphQLSchema, operation: OperationDefinitionNode, variables: Readonly<Record<string, unknown>>): GatewayError {
  const issues: InputIssue[] = [];
  const add = (path: string, message: string) => {
    if (issues.length < MAX_ISSUES) issues.push({ path, message });
  };
  for (const definition of operation.variableDefinitions ?? []) {
    const name = definition.variable.name.value;
    const type = typeFromAST(schema, definition.type);
    if (!isInputType(type)) continue;
    const value = variables[name];
    if (value === undefined) {
      if (isNonNullType(type) && !definition.defaultValue) add(name, 'Required.');
      continue;
    }
    coerceInputValue(value, type, (path, _value, error) => {
      // The only part of the engine's text that is the schema's alone: which required field is missing below.
      const missing = /^Field "(\w+)" of required type/.exec(error.message)?.[1];
      const place = [name, ...path, ...(missing === undefined ? [] : [missing])].join('.');
      add(place, missing === undefined ? 'This value does not fit its type.' : 'Required.');
    });
  }
  return new GatewayError('BAD_INPUT', undefined, issues.length > 0 ? { issues } : {});
}
