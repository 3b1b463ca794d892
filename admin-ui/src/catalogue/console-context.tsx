import { createContext, use, type ReactNode } from 'react';
import { useLocale } from 'ra-core';
import type { Text } from '@sallyport/schema/vocabulary/axes.ts';
import type { CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import type { ConsoleModel } from './console-model.ts';

const ModelContext = createContext<ConsoleModel | null>(null);

export const ModelProvider = ({ model, children }: { model: ConsoleModel; children: ReactNode }) => <ModelContext value={model}>{children}</ModelContext>;

/** The catalogue as this viewer meets it. Only below the signed-in console. */
export function useModel(): ConsoleModel {
  const model = use(ModelContext);
  if (!model) throw new Error('useModel outside of the console');
  return model;
}

/** Picks the text of the language in use. */
export function useText(): (text: Text) => string {
  const locale = useLocale();
  return (text) => (locale === 'id' ? text.id : text.en);
}

/** The resource of a list or record page, by the plural in its path. */
export function useResource(plural: string): CatalogueResource {
  const resource = useModel().byPlural(plural);
  if (!resource) throw new Error(`The catalogue has no resource ${plural}`);
  return resource;
}
