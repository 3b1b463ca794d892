import { z } from 'zod';

/** What the events of a report used of a policy. */
export interface PolicyUse {
  readonly actions: readonly string[];
  readonly permissions: readonly string[];
  readonly roles: readonly string[];
}

const named = z.looseObject({ name: z.string() });

// A stored policy is a catalogue of its time: what later ones call otherwise is left out here, and stands in the whole text.
const catalogue = z.object({
  permissions: z.array(named).catch([]),
  roles: z.array(named.extend({ permissions: z.array(z.string()).catch([]) })).catch([]),
  actions: z.array(named).catch([]),
  modules: z.array(named).catch([]),
});

/** A role as the policy had it. */
export interface PolicyRole {
  readonly name: string;
  readonly permissions: readonly string[];
}

const NOTHING: z.infer<typeof catalogue> = { permissions: [], roles: [], actions: [], modules: [] };

export interface PolicyParts {
  readonly permissions: readonly object[];
  readonly roles: readonly PolicyRole[];
  readonly actions: readonly object[];
  /** Limits that its rules speak of, by module. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The rules that counted, out of the whole policy: each permission, role and action that an event names, word for word. */
export function policyParts(body: unknown, used: PolicyUse): PolicyParts {
  const { permissions, roles, actions, modules } = catalogue.safeParse(body).data ?? NOTHING;
  const named = (wanted: readonly string[]) => (entry: { readonly name: string }) => wanted.includes(entry.name);
  return {
    permissions: permissions.filter(named(used.permissions)),
    roles: roles.filter(named(used.roles)),
    actions: actions.filter(named(used.actions)),
    settings: Object.fromEntries(modules.flatMap(({ name, settings }) => (settings !== undefined && Object.keys(Object(settings)).length > 0 ? [[name, settings]] : []))),
  };
}
