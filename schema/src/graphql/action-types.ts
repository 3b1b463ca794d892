import type { Builder } from '../builder.ts';
import { readOne } from '../resources/read-records.ts';
import type { Registry } from '../resources/registry.ts';
import { selectionOf } from '../resources/selection.ts';
import type { ActionDeclaration, InputDeclaration } from '../vocabulary/define-action.ts';
import { capitalized, upperSnake } from './names.ts';
import type { ActionAnswer, Plumbing } from './plumbing.ts';
import type { ResourceTypes } from './resource-types.ts';

const SCALARS = { text: 'String', email: 'String', url: 'String', integer: 'Int', money: 'Decimal', boolean: 'Boolean', reference: 'ID' } as const;
const LISTS = { tenants: ['ID'], permissions: ['String'] } as const;

/** When a step-up proof is asked for, in words for the SDL; undefined where never. */
export function sensitivity(action: ActionDeclaration): string | undefined {
  if (action.sensitive === 'never') return undefined;
  return action.sensitive === 'always' ? 'always' : action.sensitive.stated.en;
}

/** The mutation of an action with its input and payload types. It leads to the door and nowhere else. */
export function addAction(builder: Builder, registry: Registry, types: ResourceTypes, plumbing: Plumbing, action: ActionDeclaration): void {
  const name = capitalized(action.name);
  const input = addInput(builder, plumbing, action, name);
  const record = types.get(action.on.name);
  if (!record) throw new TypeError(`No type was declared for ${action.on.name}`);
  const sensitive = sensitivity(action);
  const payload = builder.objectRef<ActionAnswer>(`${name}Payload`).implement({
    interfaces: [plumbing.payload],
    isTypeOf: (value) => (value as ActionAnswer).typeName === `${name}Payload`,
    fields: (t) => ({
      [action.on.name]: t.field({
        type: record,
        access: action.on.read,
        resolve: (answer, _args, context, info) => (answer.result.recordId === null ? null : readOne(registry, action.on, answer.result.recordId, selectionOf(info), context)),
      }),
      ...Object.fromEntries(
        Object.entries(action.reveals ?? {}).map(([value, label]) => [
          value,
          t.field({ type: 'String', access: action.permission, description: `${label.en}. Shown this once.`, resolve: (answer) => answer.result.once[value] ?? null }),
        ]),
      ),
    }),
  });
  builder.mutationField(action.name, (t) =>
    t.field({
      type: payload,
      access: action.permission,
      gate: 'action',
      ...(sensitive ? { sensitive } : {}),
      description: action.description.en,
      args: { input: t.arg({ type: input, required: true }) },
      unauthorizedResolver: (_root, args, context) => context.door.refuseAction(action, args.input, context),
      resolve: async (_root, args, context): Promise<ActionAnswer> => ({ typeName: `${name}Payload`, result: await context.door.runAction(action, args.input, context) }),
    }),
  );
}

function addInput(builder: Builder, plumbing: Plumbing, action: ActionDeclaration, name: string) {
  const enums = new Map(
    Object.entries(action.input).flatMap(([field, input]) =>
      input.type === 'enum'
        ? [
            [
              field,
              builder.enumType(`${name}${capitalized(field)}`, {
                values: Object.fromEntries(Object.keys(input.values).map((value) => [upperSnake(value), { value }])) as Record<string, { value: string }>,
              }),
            ] as const,
          ]
        : [],
    ),
  );
  const ref = builder.inputRef<Readonly<Record<string, unknown>>>(`${name}Input`);
  ref.implement({
    access: action.permission,
    fields: (t) => ({
      ...(action.creates ? {} : { id: t.id({ required: true, description: `ID of the ${action.on.label.en.toLowerCase()}` }) }),
      ...Object.fromEntries(
        Object.entries(action.input).map(([field, input]) => {
          const common = { required: !input.optional, description: input.label.en };
          if (input.type === 'tenants' || input.type === 'permissions') return [field, t.field({ type: LISTS[input.type] as unknown as ['String'], ...common })];
          const type = enums.get(field) ?? scalarOf(input);
          return [field, t.field({ type: type as 'String', ...common })];
        }),
      ),
      // Asked for by the door, not by the type: a preview needs none, and its absence has a code of its own.
      justification: t.field({ type: plumbing.justification }),
      ...(action.on.version && !action.creates
        ? { expectedVersion: t.string({ description: 'Version of the record that the caller looked at; CONFLICT when it has moved on.' }) }
        : {}),
      preview: t.boolean({ defaultValue: false, description: 'Compute and show the effect, then undo it.' }),
    }),
  });
  return ref;
}

function scalarOf(input: Exclude<InputDeclaration, { type: 'tenants' | 'permissions' }>) {
  if (input.type === 'enum') throw new TypeError('An enum has a type of its own');
  return SCALARS[input.type];
}
