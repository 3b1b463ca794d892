import type { Kysely } from 'kysely';
import type { Builder } from '../builder.ts';
import type { RoleName } from '../policy/roles.ts';
import type { Registry } from '../resources/registry.ts';
import type { Text } from './axes.ts';
import type { ActionDeclaration } from './define-action.ts';
import type { EventDeclaration } from './define-event.ts';
import type { ResourceDeclaration } from './define-resource.ts';
import type { FieldMap } from './field.ts';
import type { Permission } from './permission.ts';

/** A resource with its row type erased. */
export type AnyResource = ResourceDeclaration<FieldMap>;

export interface SeedOptions {
  readonly tenants: number;
  /** Fixed seed of the generator: the same rows on every machine. */
  readonly seed: number;
}

export interface ModuleDeclaration {
  readonly name: string;
  readonly label: Text;
  readonly description: Text;
  /** Name of a Material icon, e.g. `ReceiptLong`. */
  readonly icon: string;
  readonly permissions: readonly Permission[];
  readonly resources: readonly AnyResource[];
  readonly actions: readonly ActionDeclaration[];
  readonly events: readonly EventDeclaration[];
  /** Which of this module's permissions each task role carries. */
  readonly roles: Readonly<Partial<Record<RoleName, readonly Permission[]>>>;
  /** What every member of staff may do, about themselves: asking, seeing own requests. Holds without any grant. */
  readonly everyone?: readonly Permission[];
  /** What an emergency opens (break-glass). Never an approval, never a change of access or of the log. */
  readonly breakGlass?: readonly Permission[];
  /** Limits that rules speak of; part of the policy's version. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
  /** Hand-made GraphQL fields; each must carry an access rule or the build fails. */
  readonly extend?: (builder: Builder, registry: Registry) => void;
  /** Folder of further numbered migrations, for a module that lives outside `migrations/`. */
  readonly migrations?: URL;
  /** Demo rows, written once into an empty database, in module order. */
  readonly seed?: (db: Kysely<unknown>, options: SeedOptions) => Promise<void>;
}

/**
 * Declares one slice of the gateway. To add a module: one migration, one folder, one line.
 * @throws {TypeError} when a resource, action or role names a permission that the module does not declare.
 */
export function defineModule(declaration: ModuleDeclaration): ModuleDeclaration {
  const names = new Set(declaration.permissions.map((permission) => permission.name));
  const known = (permission: Permission, where: string): void => {
    if (!names.has(permission.name)) throw new TypeError(`Module ${declaration.name}: ${where} uses ${permission.name}, which the module does not declare`);
  };
  if (names.size !== declaration.permissions.length) throw new TypeError(`Module ${declaration.name} declares a permission twice`);
  for (const resource of declaration.resources) {
    known(resource.read, `resource ${resource.name}`);
    if (resource.crossTenantSearch) known(resource.crossTenantSearch, `resource ${resource.name}`);
    for (const [field, { access }] of Object.entries(resource.fields)) known(access, `field ${resource.name}.${field}`);
  }
  const kinds = new Set(declaration.events.map((event) => event.kind));
  for (const action of declaration.actions) {
    known(action.permission, `action ${action.name}`);
    if (!kinds.has(action.event.kind)) throw new TypeError(`Module ${declaration.name}: action ${action.name} emits ${action.event.kind}, which the module does not declare`);
  }
  for (const [role, permissions] of Object.entries(declaration.roles)) for (const permission of permissions) known(permission, `role ${role}`);
  for (const permission of [...(declaration.everyone ?? []), ...(declaration.breakGlass ?? [])]) known(permission, 'what everyone or an emergency may do');
  return Object.freeze(declaration);
}
