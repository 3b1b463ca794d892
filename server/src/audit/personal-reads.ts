import type { AuditEventDraft, PersonalReads, Surface } from '@sallyport/schema/ports.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import type { AuditLog } from '../kernel/seams.ts';

/** Who asked, and under which ID: what the events of one request have in common. */
export interface ReadingContext {
  readonly viewer: Viewer | null;
  readonly correlationId: string;
  readonly surface: Surface;
  readonly ip: string;
}

export interface RequestReads extends PersonalReads {
  /**
   * Writes what was noted, at most one event for personal fields, one for each kind of listing and one for each code of refusals,
   * in one commit, and forgets it. To be awaited before the answer leaves.
   * @throws {GatewayError} AUDIT_UNAVAILABLE: the answer must be withheld.
   */
  flush(audit: AuditLog, context: ReadingContext): Promise<void>;
}

const MOST_TARGETS = 200;

interface RecordsRead {
  readonly ids: Set<string>;
  count: number;
}

/** Collects over one request what its answer shows; holds names and IDs, never values. */
export function createPersonalReads(): RequestReads {
  let fields = new Set<string>();
  let records = new Map<string, RecordsRead>();
  let tenants = new Set<string | null>();
  let conditions = new Set<string>();
  let listings = new Map<string, Set<string>>();
  /** By code and, of each, by permission. */
  let refusals = new Map<'FORBIDDEN' | 'RATE_LIMITED', Map<string, Set<string>>>();
  let seen = new Set<string>();

  const personalDraft = (): Partial<AuditEventDraft> => {
    const [onlyType, ...otherTypes] = [...records.keys()];
    const [onlyId, ...otherIds] = onlyType && otherTypes.length === 0 ? [...(records.get(onlyType)?.ids ?? [])] : [];
    const [onlyTenant, ...otherTenants] = [...tenants];
    return {
      kind: 'access.personal-fields.read',
      outcome: 'ok',
      fieldsRead: [...fields].sort(),
      ...(onlyType && onlyId && otherIds.length === 0 ? { target: { type: onlyType, id: onlyId } } : {}),
      ...(onlyTenant && otherTenants.length === 0 ? { tenantId: onlyTenant } : {}),
      detail: {
        records: Object.fromEntries([...records].map(([type, { ids, count }]) => [type, { count, ids: [...ids] }])),
        ...(otherTenants.length > 0 ? { tenants: { count: tenants.size, ids: [...tenants].filter((tenant) => tenant !== null).slice(0, MOST_TARGETS) } } : {}),
        ...(conditions.size > 0 ? { conditions: [...conditions].sort() } : {}),
      },
    };
  };

  const drafts = (): Partial<AuditEventDraft>[] => [
    ...(fields.size > 0 || conditions.size > 0 ? [personalDraft()] : []),
    ...[...listings].map(([kind, names]): Partial<AuditEventDraft> => ({ kind, outcome: 'ok', detail: { conditions: [...names].sort() } })),
    ...[...refusals].map(
      ([reasonCode, refused]): Partial<AuditEventDraft> => ({
        kind: 'access.field.refused',
        outcome: 'denied',
        reasonCode,
        ...(refused.size === 1 ? { permission: [...refused.keys()].join() } : {}),
        detail: { refused: Object.fromEntries([...refused].map(([permission, names]) => [permission, [...names].sort()])) },
      }),
    ),
  ];

  return {
    note(resource, field, id, tenantId) {
      fields.add(`${resource}.${field}`);
      tenants.add(tenantId);
      const read = records.get(resource) ?? { ids: new Set<string>(), count: 0 };
      records.set(resource, read);
      const key = `${resource} ${id}`;
      if (seen.has(key)) return;
      seen.add(key);
      read.count += 1;
      if (read.ids.size < MOST_TARGETS) read.ids.add(id);
    },
    noteCondition(resource, field) {
      conditions.add(`${resource}.${field}`);
    },
    noteListing(kind, names) {
      const known = listings.get(kind) ?? new Set<string>();
      for (const each of names) known.add(each);
      listings.set(kind, known);
    },
    refuse(permission, field, code = 'FORBIDDEN') {
      const refused = refusals.get(code) ?? new Map<string, Set<string>>();
      const known = refused.get(permission) ?? new Set<string>();
      if (known.size < MOST_TARGETS) known.add(field);
      refusals.set(code, refused.set(permission, known));
    },
    async flush(audit, { viewer, correlationId, surface, ip }) {
      const pending = drafts();
      fields = new Set();
      records = new Map();
      tenants = new Set();
      conditions = new Set();
      listings = new Map();
      refusals = new Map();
      seen = new Set();
      await Promise.all(pending.map((draft) => audit.record({ kind: '', outcome: 'ok', ...draft, viewer, correlationId, surface, ip })));
    },
  };
}
