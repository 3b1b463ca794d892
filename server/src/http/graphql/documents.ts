import { GatewayError } from '@sallyport/schema/errors.ts';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
  visit,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { type CostPlan, planCost } from './cost.ts';
import { describeSyntaxError, describeValidationErrors } from './describe-invalid.ts';
import { DOCUMENT_LIMITS, limitDocument } from './document-limits.ts';
import type { CompiledOperation } from './execute.ts';

/** One operation of a document that has passed every check which depends on its text alone. */
export interface PreparedOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly operationName: string | null;
  readonly cost: CostPlan;
  /** Asks for nothing but `__typename`: all that a stranger may. */
  readonly harmless: boolean;
  /** Depends on its variables in shape (`@skip`, `@include`). */
  readonly conditional: boolean;
  /** How often it was run; the second time it is compiled. */
  sights: number;
  readonly compiled: Map<GraphQLSchema, CompiledOperation | null>;
}

interface PreparedDocument {
  readonly text: string;
  readonly document: DocumentNode;
  readonly operations: ReadonlyMap<string | null, PreparedOperation>;
}

export interface Documents {
  /**
   * The named operation of a text (the only one where no name is given).
   * @throws {GatewayError} BAD_INPUT or QUERY_REJECTED; strangers get UNAUTHENTICATED before validation could tell them anything.
   */
  prepare(text: string, operationName: string | null, signedIn: boolean): PreparedOperation;
}

/** Texts above this length are served but not remembered. */
const MAX_REMEMBERED_LENGTH = 16_384;

/**
 * Parsed, limited and validated documents by text. No verdict here depends on who asks (THREATS X7):
 * one text, one verdict, and what differs by person is decided at execution.
 */
export function createDocuments(schema: GraphQLSchema, options: { readonly introspection: boolean }): Documents {
  const rules = options.introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
  const parsed = new LRUCache<string, DocumentNode | GatewayError>({ max: 1000 });
  const prepared = new LRUCache<string, PreparedDocument | GatewayError>({ max: 500 });

  /** Runs `work`, remembering its value or its refusal. */
  const remember = <Value extends object>(cache: LRUCache<string, Value | GatewayError>, text: string, work: () => Value): Value => {
    const known = cache.get(text);
    if (known instanceof GatewayError) throw known;
    if (known !== undefined) return known;
    let value: Value | GatewayError;
    try {
      value = work();
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      value = error;
    }
    if (text.length <= MAX_REMEMBERED_LENGTH) cache.set(text, value);
    if (value instanceof GatewayError) throw value;
    return value;
  };

  const read = (text: string): DocumentNode => {
    try {
      return parse(text, { maxTokens: DOCUMENT_LIMITS.tokens });
    } catch (error) {
      throw error instanceof GraphQLError ? describeSyntaxError(error) : error;
    }
  };

  return {
    prepare(text, operationName, signedIn) {
      if (!signedIn) {
        // Strangers' documents never reach limits, validation or that cache.
        const document = remember(parsed, text, () => read(text));
        if (!isHarmless(document)) throw new GatewayError('UNAUTHENTICATED');
      }
      const entry = remember(prepared, text, () =>
        prepareDocument(
          text,
          remember(parsed, text, () => read(text)),
          schema,
          rules,
        ),
      );
      const found = operationName === null && entry.operations.size === 1 ? entry.operations.values().next().value : entry.operations.get(operationName);
      if (!found) throw new GatewayError('BAD_INPUT', 'Say by `operationName` which operation of the document to run.');
      return found;
    },
  };
}

/** Only `__typename`, written out directly. */
const isHarmless = (document: DocumentNode): boolean =>
  document.definitions.length === 1 &&
  document.definitions.every(
    (definition) =>
      definition.kind === Kind.OPERATION_DEFINITION &&
      definition.operation === 'query' &&
      definition.selectionSet.selections.every((selection) => selection.kind === Kind.FIELD && selection.name.value === '__typename'),
  );

function prepareDocument(text: string, document: DocumentNode, schema: GraphQLSchema, rules: typeof specifiedRules): PreparedDocument {
  limitDocument(document, schema);
  const errors = validate(schema, document, rules, { maxErrors: 10, hideSuggestions: true });
  if (errors.length > 0) throw describeValidationErrors(errors);
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  let conditional = false;
  visit(document, {
    Directive: () => {
      conditional = true;
    },
  });
  const operations = new Map<string | null, PreparedOperation>();
  for (const operation of document.definitions) {
    if (operation.kind !== Kind.OPERATION_DEFINITION) continue;
    if (operation.operation === 'subscription') throw new GatewayError('QUERY_REJECTED', 'Subscriptions are not offered.');
    const operationName = operation.name?.value ?? null;
    operations.set(operationName, {
      document,
      operation,
      operationName,
      cost: planCost(schema, operation, fragments),
      harmless: isHarmless(document),
      conditional,
      sights: 0,
      compiled: new Map(),
    });
  }
  return { text, document, operations };
}
