import type { Text } from '@sallyport/schema/vocabulary/axes.ts';
import type { CataloguePermission } from '@sallyport/schema/vocabulary/catalogue.ts';
import type { ConsoleModel } from '../catalogue/console-model.ts';

/** A column of the matrix: a task role, what everybody has, or what an emergency opens. */
export interface Bundle {
  readonly name: string;
  readonly kind: 'role' | 'everyone' | 'break-glass';
  /** Null where the console has words of its own for it. */
  readonly label: Text | null;
  readonly purpose: Text | null;
  readonly permissions: ReadonlySet<string>;
}

/** Task roles as declared, then what everybody has and what an emergency opens. */
export function bundlesOf({ catalogue }: ConsoleModel): readonly Bundle[] {
  const roles = catalogue.roles.map((role): Bundle => ({ name: role.name, kind: 'role', label: role.label, purpose: role.purpose, permissions: new Set(role.permissions) }));
  return [
    ...roles,
    { name: 'everyone', kind: 'everyone', label: null, purpose: null, permissions: new Set(catalogue.everyone) },
    { name: 'break-glass', kind: 'break-glass', label: null, purpose: null, permissions: new Set(catalogue.breakGlass) },
  ];
}

export interface MatrixFilter {
  readonly text: string;
  readonly mine: boolean;
  readonly privileged: boolean;
  /** Only what this bundle carries; null for all. */
  readonly bundle: Bundle | null;
}

export interface MatrixGroup {
  readonly module: { readonly name: string; readonly label: Text };
  readonly permissions: readonly CataloguePermission[];
}

/** Permissions that a filter leaves, by module in the order of the catalogue. */
export function matrixOf(model: ConsoleModel, filter: MatrixFilter, say: (text: Text) => string): readonly MatrixGroup[] {
  const needle = filter.text.trim().toLowerCase();
  const fits = (permission: CataloguePermission): boolean =>
    (needle === '' || `${say(permission.label)} ${permission.name}`.toLowerCase().includes(needle)) &&
    (!filter.mine || model.holds(permission.name)) &&
    (!filter.privileged || permission.tier === 'privileged') &&
    (filter.bundle === null || filter.bundle.permissions.has(permission.name));
  return model.catalogue.modules
    .map((module) => ({ module, permissions: model.catalogue.permissions.filter((permission) => permission.module === module.name && fits(permission)) }))
    .filter(({ permissions }) => permissions.length > 0);
}
