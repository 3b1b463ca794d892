import { defaultFieldResolver, type GraphQLSchema, isObjectType } from 'graphql';
import { type Builder, createBuilder } from './builder.ts';
import { catalogueOf } from './catalogue.ts';
import { addAction } from './graphql/action-types.ts';
import { addPlumbing } from './graphql/plumbing.ts';
import { addResource, declareResourceTypes } from './graphql/resource-types.ts';
import { addScalars } from './graphql/scalars.ts';
import { addViewer } from './graphql/viewer-type.ts';
import { fieldMetadata } from './plugin-access/field-metadata.ts';
import { type Registry, registerModules } from './resources/registry.ts';
import type { Catalogue } from './vocabulary/catalogue.ts';
import type { ModuleDeclaration } from './vocabulary/define-module.ts';

export interface GatewaySchema {
  readonly registry: Registry;
  readonly catalogue: Catalogue;
  /** Every field behind its scope and its row rule. */
  readonly schema: GraphQLSchema;
  /**
   * The same types without scope wrappers, for documents of which `decideDocument` has found every
   * field allowed wherever the viewer may look. SQL's row conditions hold in both.
   */
  readonly fastSchema: GraphQLSchema;
}

/**
 * Builds everything from the modules' declarations.
 * @throws {TypeError | PothosSchemaError} naming what is undeclared, contradictory or without a rule.
 */
export function buildGatewaySchema(modules: readonly ModuleDeclaration[]): GatewaySchema {
  const registry = registerModules(modules);
  const builder: Builder = createBuilder();
  builder.queryType({});
  if (registry.actions.size > 0) builder.mutationType({});
  addScalars(builder);
  addViewer(builder);
  const types = declareResourceTypes(builder, registry);
  const plumbing = addPlumbing(builder, registry, types);
  for (const resource of registry.resources.values()) addResource(builder, registry, types, plumbing, resource);
  for (const action of registry.actions.values()) addAction(builder, registry, types, plumbing, action);
  for (const module of modules) module.extend?.(builder, registry);
  return { registry, catalogue: catalogueOf(registry), schema: builder.toSchema({}), fastSchema: withPlainProperties(builder.toSchema({ disableScopeAuth: true })) };
}

/** Fields that are a property of their row (`extensions.property`) lose their resolver: the executor reads the property itself. */
function withPlainProperties(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      if (field.extensions['property'] === field.name && fieldMetadata(field)) field.resolve = defaultFieldResolver;
    }
  }
  return schema;
}
