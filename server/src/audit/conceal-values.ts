import { createHash, randomBytes } from 'node:crypto';
import type { AuditEventDraft, FieldValues } from '@sallyport/schema/ports.ts';
import { canonicalJson } from './canonical-json.ts';
import { type Json, plainJson } from './plain-json.ts';

/** A value that stands in `audit.personal_value`, beside the log, where it can be erased. */
export interface PersonalValue {
  readonly side: 'before' | 'after';
  readonly field: string;
  /** 32 random bytes, hex. */
  readonly salt: string;
  readonly value: Json;
}

/**
 * What an event says instead of a personal value: SHA-256 over salt ‖ RFC 8785 JSON of the value. The salt is
 * random and kept beside the value, so that erasing both leaves nothing to guess against, however few values are possible.
 */
export function commitmentTo(salt: Uint8Array, value: Json): { readonly commitment: string } {
  return { commitment: `sha256:${createHash('sha256').update(salt).update(canonicalJson(value)).digest('hex')}` };
}

/**
 * Turns one side of a change into what may stand on the log: `public` and `internal` plain, `personal` as a
 * salted commitment with the value added to `personal`, `secret` (and every class that is not known) as nothing
 * but the fact that it was replaced.
 */
export function concealValues(side: 'before' | 'after', values: FieldValues, classes: AuditEventDraft['classes'], personal: PersonalValue[]): { readonly [field: string]: Json } {
  const shown: [string, Json][] = [];
  for (const [field, raw] of Object.entries(values)) {
    if (raw === undefined) continue;
    const dataClass = classes && Object.hasOwn(classes, field) ? classes[field] : 'secret';
    if (dataClass === 'public' || dataClass === 'internal') {
      shown.push([field, plainJson(raw)]);
    } else if (dataClass === 'personal') {
      const salt = randomBytes(32);
      const value = plainJson(raw);
      shown.push([field, commitmentTo(salt, value)]);
      personal.push({ side, field, salt: salt.toString('hex'), value });
    } else {
      shown.push([field, { replaced: true }]);
    }
  }
  return Object.fromEntries(shown);
}
