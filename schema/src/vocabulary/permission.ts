import type { Effect, Reach, Text, Tier } from './axes.ts';

/**
 * A named permission, `module.thing.verb`, classified on the three axes.
 * Holding one never implies another: privileged does not follow from routine, write not from
 * read, global not from tenant.
 */
export interface Permission {
  readonly name: string;
  readonly effect: Effect;
  readonly reach: Reach;
  readonly tier: Tier;
  readonly label: Text;
}

const NAME = /^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*){2}$/;

/** @throws {TypeError} when the name is not of the form `module.thing.verb`. */
export function definePermission(name: string, axes: Omit<Permission, 'name'>): Permission {
  if (!NAME.test(name)) throw new TypeError(`Permission name "${name}" is not of the form module.thing.verb`);
  return Object.freeze({ name, ...axes });
}

/** Plumbing that carries no data may be open, with its reason printed in the SDL. */
export interface Open {
  readonly open: string;
}

export const open = (reason: string): Open => {
  if (reason.trim() === '') throw new TypeError('open() needs a reason');
  return Object.freeze({ open: reason });
};

export type Access = Permission | Open;
export const isOpen = (access: Access): access is Open => 'open' in access;
