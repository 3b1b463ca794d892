import { ROLE_NAMES } from '../../../policy/roles.ts';
import type { Registry } from '../../../resources/registry.ts';
import type { ActionDeclaration } from '../../../vocabulary/define-action.ts';
import type { Permission } from '../../../vocabulary/permission.ts';
import { READ_EVENT } from '../../audit/permissions.ts';

/** What the rules in force say, whatever has happened. */
export interface DeclaredFacts {
  readonly roles: number;
  readonly permissions: number;
  readonly privilegedPermissions: number;
  /** Privileged permissions of the role that has most of them. */
  readonly largestRole: number;
  readonly privilegedActs: number;
  /** Of the privileged acts: asked for a fresh code always, under a condition, never. */
  readonly codeAlways: number;
  readonly codeSometimes: number;
  readonly codeNever: number;
  /** Acts with a rule for a second person. */
  readonly approvable: number;
  /** Roles that may both do an act and approve it. */
  readonly rolesOfBothSides: number;
  readonly resources: number;
  readonly tenantedResources: number;
  readonly personalFields: number;
  /** Personal fields that whoever sees the record sees too. */
  readonly openPersonalFields: number;
  readonly erasingActs: number;
  readonly exportingActs: number;
  readonly kindsOfEvents: number;
  readonly rolesReadingTheLog: number;
  /** GraphQL names of acts, by which the log is counted. */
  readonly names: {
    readonly codeAlways: readonly string[];
    readonly approvable: readonly string[];
    readonly exporting: readonly string[];
  };
}

const isPrivileged = ({ tier }: Permission): boolean => tier === 'privileged';

/** By the standard name of its permission: `module.export.verb` or `module.thing.export`. Taking one back is routine, and lets nothing out. */
const isExport = ({ permission }: ActionDeclaration): boolean => isPrivileged(permission) && permission.name.split('.').slice(1).includes('export');

const approversOf = ({ approval }: ActionDeclaration): readonly string[] => (approval ?? []).flatMap(({ alternatives }) => alternatives.map(({ approver }) => approver.name));

export function declaredFacts(registry: Registry): DeclaredFacts {
  const actions = [...registry.actions.values()];
  const privileged = actions.filter(({ permission }) => isPrivileged(permission));
  const always = privileged.filter(({ sensitive }) => sensitive === 'always');
  const never = privileged.filter(({ sensitive }) => sensitive === 'never');
  const approvable = actions.filter((action) => approversOf(action).length > 0);
  const exporting = actions.filter(isExport);
  const resources = [...registry.resources.values()];
  const personal = resources.flatMap((resource) =>
    Object.values(resource.fields).flatMap((field) => (field.class === 'personal' ? [{ isOpen: field.access.name === resource.read.name }] : [])),
  );
  const held = ROLE_NAMES.map((role) => new Set((registry.roles.get(role) ?? []).map(({ name }) => name)));
  const privilegedNames = [...registry.permissions.values()].filter(isPrivileged).map(({ name }) => name);
  return {
    roles: ROLE_NAMES.length,
    permissions: registry.permissions.size,
    privilegedPermissions: privilegedNames.length,
    largestRole: Math.max(0, ...held.map((names) => privilegedNames.filter((name) => names.has(name)).length)),
    privilegedActs: privileged.length,
    codeAlways: always.length,
    codeSometimes: privileged.length - always.length - never.length,
    codeNever: never.length,
    approvable: approvable.length,
    rolesOfBothSides: held.filter((names) => approvable.some((action) => names.has(action.permission.name) && approversOf(action).some((name) => names.has(name)))).length,
    resources: resources.length,
    tenantedResources: resources.filter(({ tenant }) => !('none' in tenant)).length,
    personalFields: personal.length,
    openPersonalFields: personal.filter(({ isOpen }) => isOpen).length,
    erasingActs: actions.filter(({ erases }) => erases).length,
    exportingActs: exporting.length,
    kindsOfEvents: registry.modules.reduce((sum, { events }) => sum + events.length, 0),
    rolesReadingTheLog: held.filter((names) => names.has(READ_EVENT.name)).length,
    names: {
      codeAlways: always.map(({ name }) => name),
      approvable: approvable.map(({ name }) => name),
      exporting: exporting.map(({ name }) => name),
    },
  };
}
