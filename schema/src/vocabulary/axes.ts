/** The three axes on which every permission is classified (DESIGN section 3). */
export type Effect = 'read' | 'write';
export type Reach = 'tenant' | 'global';
export type Tier = 'routine' | 'privileged';

/**
 * What a field holds. Reading `personal` is a permission of its own and leaves an event;
 * `secret` is never readable, only replaceable.
 */
export type DataClass = 'public' | 'internal' | 'personal' | 'secret';

/** A sentence or label in both languages of the console. */
export interface Text {
  readonly en: string;
  readonly id: string;
}

/** A language of the console. */
export type Language = keyof Text;
