import './global-types.ts';
import SchemaBuilder, { BasePlugin, type PothosInputFieldConfig, type PothosOutputFieldConfig, PothosSchemaError, type SchemaTypes } from '@pothos/core';
import { type GraphQLSchema, isInterfaceType, isIntrospectionType, isObjectType } from 'graphql';
import { type Access, isOpen } from '../vocabulary/permission.ts';
import { type FieldMetadata, fieldMetadata } from './field-metadata.ts';

const pluginName = 'access';
export default pluginName;

/**
 * No rule, no field. Every output and input field states its permission or `open(reason)`; from
 * that come the scope, the metadata that gates and limits read, and the SDL's `@access`, `@open`,
 * `@sensitive`, `@personal`. The finished schema is walked once more: an object that redeclares an
 * interface's field must carry the same rule (X4), and no scope map may be empty (X2).
 */
export class AccessPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    const options = field.pothosOptions;
    const place = `${field.parentType}.${field.name}`;
    const access = options.access;
    if (!access) throw new PothosSchemaError(`Field ${place} has no access rule. Name a permission, or open('reason').`);
    if ('authScopes' in options && options.authScopes !== undefined) throw new PothosSchemaError(`Field ${place} sets authScopes by hand. Its access rule makes them.`);
    if (isOpen(access) && (options.dataClass === 'personal' || options.dataClass === 'secret'))
      throw new PothosSchemaError(`Field ${place} holds ${options.dataClass} data and can't be open.`);
    const metadata: FieldMetadata = {
      permission: isOpen(access) ? null : access.name,
      effect: isOpen(access) ? null : access.effect,
      reach: isOpen(access) ? null : access.reach,
      tier: isOpen(access) ? null : access.tier,
      open: isOpen(access) ? access.open : null,
      dataClass: options.dataClass ?? null,
      sensitive: options.sensitive ?? null,
      kind: options.gate ?? 'field',
    };
    const pothosOptions = isOpen(access) ? options : { ...options, authScopes: { signedIn: true, held: access.name } };
    // Only `authScopes` is added to the options; which kind of field it is stays as it was.
    return {
      ...field,
      pothosOptions,
      extensions: {
        ...field.extensions,
        sallyport: metadata,
        directives: {
          ...directivesOf(access),
          ...(options.sensitive ? { sensitive: { when: options.sensitive } } : {}),
          ...(options.dataClass === 'personal' ? { personal: {} } : {}),
        },
      },
    } as PothosOutputFieldConfig<Types>;
  }

  override onInputFieldConfig(field: PothosInputFieldConfig<Types>): PothosInputFieldConfig<Types> {
    const options = field.pothosOptions;
    const owner = field.kind === 'InputObject' ? this.buildCache.getTypeConfig(field.parentType, 'InputObject') : null;
    const inherited = owner ? (owner.pothosOptions as { access?: Access }).access : undefined;
    const access = options.access ?? inherited;
    // Arguments are part of their field and stand under its rule.
    if (!owner) return field;
    if (!access) throw new PothosSchemaError(`Input field ${field.parentType}.${field.name} has no access rule.`);
    return { ...field, extensions: { ...field.extensions, sallyport: { permission: isOpen(access) ? null : access.name }, directives: directivesOf(access) } };
  }

  override afterBuild(schema: GraphQLSchema): GraphQLSchema {
    for (const type of Object.values(schema.getTypeMap())) {
      if (isIntrospectionType(type) || !isObjectType(type)) continue;
      for (const parent of type.getInterfaces()) {
        if (!isInterfaceType(parent)) continue;
        for (const [name, inherited] of Object.entries(parent.getFields())) {
          const own = fieldMetadata(type.getFields()[name]);
          const theirs = fieldMetadata(inherited);
          if (own?.permission !== theirs?.permission || own?.open !== theirs?.open)
            throw new PothosSchemaError(`${type.name}.${name} does not carry the access rule of ${parent.name}.${name}.`);
        }
      }
    }
    return schema;
  }
}

function directivesOf(access: Access): Readonly<Record<string, object>> {
  if (isOpen(access)) return { open: { reason: access.open } };
  const { name: permission, effect, reach, tier } = access;
  return { access: { permission, effect, reach, tier } };
}

SchemaBuilder.registerPlugin(pluginName, AccessPlugin);
