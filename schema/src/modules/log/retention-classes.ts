import type { EnumValue } from '../../vocabulary/field.ts';

/** As `audit.retention_class` sorts events: by outcome and effect alone. */
export const RETENTION_CLASSES = {
  act: { label: { en: 'What was done', id: 'Yang dilakukan' } },
  refusal: { label: { en: 'What was refused or failed', id: 'Yang ditolak atau gagal' } },
  reading: { label: { en: 'What was read or previewed', id: 'Yang dibaca atau dipratinjau' } },
} as const satisfies Readonly<Record<string, EnumValue>>;

export type RetentionClass = keyof typeof RETENTION_CLASSES;
