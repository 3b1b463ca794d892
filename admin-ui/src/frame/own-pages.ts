import type { CatalogueModule, CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import type { ConsoleModel } from '../catalogue/console-model.ts';

/** Resources that have a page of their own; their plain lists are reached from there. */
const OWN_PAGES: ReadonlySet<string> = new Set([
  'approvalRequest',
  'approvalReview',
  'accessReview',
  'accessReviewItem',
  'breakGlassUse',
  'outgoingMail',
  'logVerification',
  'logGap',
]);

/** Modules with the lists that menu and first page name. */
export const listedModules = ({ modules }: ConsoleModel): readonly { readonly module: CatalogueModule; readonly resources: readonly CatalogueResource[] }[] =>
  modules.map(({ module, resources }) => ({ module, resources: resources.filter(({ name }) => !OWN_PAGES.has(name)) })).filter(({ resources }) => resources.length > 0);
