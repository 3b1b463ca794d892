import type { InputFieldMap, InterfaceParam, SchemaTypes, TypeParam } from '@pothos/core';
import type { Access } from '../vocabulary/permission.ts';
import type { AccessPlugin } from './index.ts';

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      access: AccessPlugin<Types>;
    }
    export interface FieldOptions<
      Types extends SchemaTypes = SchemaTypes,
      ParentShape = unknown,
      Type extends TypeParam<Types> = TypeParam<Types>,
      Nullable extends import('@pothos/core').FieldNullability<Type> = import('@pothos/core').FieldNullability<Type>,
      Args extends InputFieldMap = InputFieldMap,
      ResolveShape = unknown,
      ResolveReturnShape = unknown,
    > {
      /** The permission that reads or runs this field, or `open(reason)`. Without it the build fails. */
      access?: Access;
      /** Data class of what the field holds. */
      dataClass?: import('../vocabulary/axes.ts').DataClass;
      /** When a step-up proof is asked for, in words. */
      sensitive?: string;
      /** The act is refused, and the refusal recorded, by the door instead of by the scope alone. */
      gate?: 'action';
    }
    export interface InputObjectTypeOptions<Types extends SchemaTypes = SchemaTypes, Fields extends InputFieldMap = InputFieldMap> {
      /** Rule of every field of this input that states none of its own. */
      access?: Access;
    }
    export interface InputFieldOptions<
      Types extends SchemaTypes = SchemaTypes,
      Type extends import('@pothos/core').InputType<Types> | [import('@pothos/core').InputType<Types>] =
        | import('@pothos/core').InputType<Types>
        | [import('@pothos/core').InputType<Types>],
      Req extends import('@pothos/core').FieldRequiredness<Type> = import('@pothos/core').FieldRequiredness<Type>,
    > {
      access?: Access;
    }
  }
}
export type { InterfaceParam };
