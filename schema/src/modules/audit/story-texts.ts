import { BREAK_GLASS, SINGLE_PERMISSIONS } from '../../policy/rights.ts';
import { ROLES } from '../../policy/roles.ts';
import { reachOf, type Viewer } from '../../viewer.ts';
import type { Text } from '../../vocabulary/axes.ts';
import type { ActionDeclaration } from '../../vocabulary/define-action.ts';
import type { AnyResource, ModuleDeclaration } from '../../vocabulary/define-module.ts';
import type { StoryTexts } from './story.ts';

/** What stories need of everything declared. */
export interface Declarations {
  readonly modules: readonly ModuleDeclaration[];
  readonly resources: ReadonlyMap<string, AnyResource>;
  readonly actions: ReadonlyMap<string, ActionDeclaration>;
}

/** What a grant can name in place of a task role. */
const OTHER_GRANTS: Readonly<Record<string, Text>> = {
  [SINGLE_PERMISSIONS]: { en: 'Single permissions', id: 'Izin tersendiri' },
  [BREAK_GLASS]: { en: 'Break-glass', id: 'Akses darurat' },
};

/** The words of the declarations in force, and where this viewer may read which field. */
export function textsFor(declarations: Declarations, viewer: Viewer): StoryTexts {
  const kinds = new Map<string, Text>(declarations.modules.flatMap((module) => module.events.map((event) => [event.kind, event.label] as const)));
  const roles = new Map<string, Text>([...Object.entries(ROLES).map(([role, { label }]) => [role, label] as const), ...Object.entries(OTHER_GRANTS)]);
  return {
    labelOfKind: (kind) => kinds.get(kind) ?? null,
    labelOfAction: (action) => declarations.actions.get(action)?.label ?? null,
    labelOfRole: (role) => roles.get(role) ?? null,
    fieldReach: (resource, field) => {
      const access = declarations.resources.get(resource)?.fields[field]?.access;
      return access ? reachOf(viewer, access) : null;
    },
  };
}
