import { randomBytes } from 'node:crypto';
import type { Tx } from '@sallyport/schema/ports.ts';
import type { ActionDeclaration } from '@sallyport/schema/vocabulary/define-action.ts';
import { sql } from 'kysely';
import { commitmentTo } from '../../audit/conceal-values.ts';
import { canonicalJson } from '../../audit/canonical-json.ts';
import { type Json, plainJson } from '../../audit/plain-json.ts';
import type { ChangeSet } from '../describe-changes.ts';

/** A personal value that stands beside a request, where it can be erased. */
export interface KeptValue {
  /** `arguments.email`, `changes.2.before`. */
  readonly name: string;
  readonly salt: Buffer;
  readonly value: Json;
  /** The record that the value is of. */
  readonly targetType: string;
  readonly targetId: string | null;
}

export type Arguments = Readonly<Record<string, Json>>;

/** A change as a request keeps it. */
export interface StoredChange {
  readonly resource: string;
  readonly id: string;
  readonly field: string;
  readonly before: Json;
  readonly after: Json;
  readonly class: 'public' | 'internal' | 'personal' | 'secret';
  /** What reads the field; null for what nobody reads. */
  readonly permission: string | null;
}

type Keep = (name: string, value: unknown) => Json;

/** Puts a commitment in place of a value, and the value aside. */
function keeperFor(kept: KeptValue[], target: Pick<KeptValue, 'targetType' | 'targetId'>): Keep {
  return (name, raw) => {
    const salt = randomBytes(32);
    const value = plainJson(raw);
    kept.push({ name, salt, value, ...target });
    return commitmentTo(salt, value);
  };
}

/** Arguments as they are kept: personal ones as salted commitments, so that digests over them give nothing away (H16). */
export function concealArguments(action: ActionDeclaration, values: Readonly<Record<string, unknown>>, targetId: string | null, kept: KeptValue[]): Arguments {
  const keep = keeperFor(kept, { targetType: action.on.name, targetId });
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, action.input[name]?.class === 'personal' ? keep(`arguments.${name}`, value) : plainJson(value)]],
    ),
  );
}

/** Changes as they are kept. Of secrets and of what is not declared nothing but that it changes. */
export function concealChanges({ entries }: ChangeSet, kept: KeptValue[]): readonly StoredChange[] {
  return entries.map(({ resource, id, field, before, after, class: dataClass }, index) => {
    const keep = keeperFor(kept, { targetType: resource.name, targetId: id });
    const side = (name: 'before' | 'after', value: unknown): Json => {
      if (dataClass === 'secret') return { replaced: true };
      return dataClass === 'personal' ? keep(`changes.${index}.${name}`, value) : plainJson(value);
    };
    return {
      resource: resource.name,
      id,
      field,
      before: side('before', before),
      after: side('after', after),
      class: dataClass,
      permission: dataClass === 'secret' ? null : (resource.fields[field]?.access.name ?? null),
    };
  });
}

/**
 * The arguments with their personal values put back.
 * @returns null where one was erased, or is not what was committed to.
 */
export async function openArguments(tx: Tx, requestId: string, action: ActionDeclaration, stored: Arguments): Promise<Arguments | null> {
  const personal = Object.keys(stored).filter((name) => action.input[name]?.class === 'personal');
  if (personal.length === 0) return stored;
  const { rows } = await sql<{ name: string; salt: Buffer; value: Json }>`
    select name, salt, value from gateway.approval_value where request_id = ${requestId} and name = any(${personal.map((name) => `arguments.${name}`)}::text[])`.execute(tx);
  const opened: Record<string, Json> = { ...stored };
  for (const name of personal) {
    const kept = rows.find((row) => row.name === `arguments.${name}`);
    if (!kept || canonicalJson(commitmentTo(kept.salt, kept.value)) !== canonicalJson(stored[name])) return null;
    opened[name] = kept.value;
  }
  return opened;
}
