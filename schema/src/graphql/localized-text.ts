import type { Builder } from '../builder.ts';
import type { Text } from '../vocabulary/axes.ts';
import { open } from '../vocabulary/permission.ts';

const access = open('plumbing, holds no data');

/** One text in both languages of the house. */
export const addLocalizedText = (builder: Builder) =>
  builder.objectRef<Text>('LocalizedText').implement({
    fields: (t) => ({
      en: t.exposeString('en', { access, nullable: false }),
      id: t.exposeString('id', { access, nullable: false }),
    }),
  });

export type LocalizedText = ReturnType<typeof addLocalizedText>;
