import { upperSnake } from '@sallyport/schema/graphql/names.ts';
import type { FieldChange } from '@sallyport/schema/ports.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import type { DataClass } from '@sallyport/schema/vocabulary/axes.ts';
import type { SideChange } from '@sallyport/schema/vocabulary/define-action.ts';
import type { AnyResource } from '@sallyport/schema/vocabulary/define-module.ts';
import type { FieldDeclaration } from '@sallyport/schema/vocabulary/field.ts';
import type { TargetRow } from './target-row.ts';

/** Everything that an effect changed, for the log: from stored rows, never from the request (H23). */
export interface ChangeSet {
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
  readonly classes: Readonly<Record<string, DataClass>>;
  readonly entries: readonly ChangeEntry[];
}

interface ChangeEntry {
  readonly resource: AnyResource;
  readonly id: string;
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
  /** `secret` also for what is not declared, and for what is being erased. */
  readonly class: DataClass;
}

const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

function entriesOf(resource: AnyResource, id: string, before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>, erases: boolean): ChangeEntry[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  // What is not a declared field is treated as secret: it may be replaced, never shown.
  const classOf = (field: string): DataClass => {
    const declared = resource.fields[field]?.class ?? 'secret';
    return erases && declared === 'personal' ? 'secret' : declared;
  };
  return [...names].flatMap((field) =>
    same(before[field], after[field]) ? [] : [{ resource, id, field, before: before[field] ?? null, after: after[field] ?? null, class: classOf(field) }],
  );
}

/** Changed fields of the target by name; of other rows under `resource/id.field`. Where the act `erases`, of personal fields nothing but that they change. */
export function describeChanges(resource: AnyResource, before: TargetRow, after: TargetRow | null, side: readonly SideChange[], erases = false): ChangeSet {
  const own = entriesOf(resource, before.id, before.fields, after?.fields ?? {}, erases);
  const others = side.flatMap((change) => entriesOf(change.resource, change.id, change.before ?? {}, change.after ?? {}, erases));
  const key = (entry: ChangeEntry): string => (entry.resource.name === resource.name && entry.id === before.id ? entry.field : `${entry.resource.name}/${entry.id}.${entry.field}`);
  const entries = [...own, ...others];
  return {
    entries,
    before: Object.fromEntries(entries.map((entry) => [key(entry), entry.before])),
    after: Object.fromEntries(entries.map((entry) => [key(entry), entry.after])),
    classes: Object.fromEntries(entries.map((entry) => [key(entry), entry.class])),
  };
}

/** The changes as this viewer may see them: personal values always masked, others where the field may be read. */
export function changesFor(viewer: Viewer, tenantId: string | null, changes: ChangeSet): FieldChange[] {
  return changes.entries.map(({ resource, id, field, before, after }) => {
    const declaration = resource.fields[field];
    const reach = declaration ? viewer.rights.get(declaration.access.name) : undefined;
    const readable = reach === 'global' || (reach !== undefined && tenantId !== null && reach.has(tenantId));
    const masked = !declaration || declaration.class === 'personal' || !readable;
    return { resource: resource.name, id, field, before: masked ? null : render(declaration, before), after: masked ? null : render(declaration, after), masked };
  });
}

/** As GraphQL would answer it: enums by their GraphQL names. */
function render(declaration: FieldDeclaration, value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return declaration.type === 'enum' ? upperSnake(text) : text;
}
