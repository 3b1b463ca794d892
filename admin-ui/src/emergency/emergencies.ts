import type { CatalogueModule, CataloguePermission } from '@sallyport/schema/vocabulary/catalogue.ts';
import type { ConsoleModel } from '../catalogue/console-model.ts';

/** The resource of emergencies, and the act that begins one, by their names in the catalogue. */
export const USE = 'breakGlassUse';
export const TAKE = 'activateBreakGlass';
export const END = 'endBreakGlass';
export const REVIEW = 'reviewBreakGlass';

export const IN_FORCE = 'IN_FORCE';
export const AWAITING_REVIEW = 'AWAITING_REVIEW';

export interface OpenedModule {
  readonly module: CatalogueModule;
  readonly permissions: readonly CataloguePermission[];
}

/** What an emergency opens, by module, in the catalogue's order. */
export function openedModules({ catalogue }: Pick<ConsoleModel, 'catalogue'>): readonly OpenedModule[] {
  const opened = new Set(catalogue.breakGlass);
  return catalogue.modules
    .map((module) => ({ module, permissions: catalogue.permissions.filter((permission) => permission.module === module.name && opened.has(permission.name)) }))
    .filter(({ permissions }) => permissions.length > 0);
}

/** Whether others' emergencies are this viewer's to see, as far as the catalogue tells: some permission over them besides the one for their own. */
export const seesOthers = (model: ConsoleModel): boolean => model.holds('emergency.break-glass.read') || model.holds('emergency.break-glass.review');
