import type { DataClass, Effect, Reach, Tier } from '../vocabulary/axes.ts';

/** What the access plugin leaves on every field of the built schema, under `extensions.sallyport`. */
export interface FieldMetadata {
  readonly permission: string | null;
  readonly effect: Effect | null;
  readonly reach: Reach | null;
  readonly tier: Tier | null;
  readonly open: string | null;
  readonly dataClass: DataClass | null;
  /** In words; null where no step-up is ever asked for. */
  readonly sensitive: string | null;
  readonly kind: 'action' | 'field';
}

interface Extended {
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** Metadata of a built field. Undefined for fields of introspection. */
export function fieldMetadata(field: Extended | undefined): FieldMetadata | undefined {
  return field?.extensions['sallyport'] as FieldMetadata | undefined;
}

export const fieldPermission = (field: Extended | undefined): string | null => fieldMetadata(field)?.permission ?? null;
