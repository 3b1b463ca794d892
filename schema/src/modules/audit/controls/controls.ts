import type { Control } from './control.ts';
import { isoControls } from './iso-controls.ts';
import { nistControls } from './nist-controls.ts';

/** Every control that the log helps with, by framework and in its order. */
export const controls: readonly Control[] = [...nistControls, ...isoControls];

const byId: ReadonlyMap<string, Control> = new Map(controls.map((control) => [control.id, control]));

/** The control of this official identifier, e.g. `AC-6(9)`; undefined where we say nothing of it. */
export const findControl = (id: string): Control | undefined => byId.get(id);

/** Whether a pattern of a control names this kind: by its name, or by the start of it before a final `*`. */
export const isNamedBy = (pattern: string, kind: string): boolean => (pattern.endsWith('*') ? kind.startsWith(pattern.slice(0, -1)) : kind === pattern);

const helpsWith = ({ kinds }: Control, kind: string): boolean => kinds === 'every' || kinds.some((pattern) => isNamedBy(pattern, kind));

/** The controls that events of this kind help with; those of the log as a whole are among them. */
export const controlsOf = (kind: string): readonly Control[] => controls.filter((control) => helpsWith(control, kind));

/** Those of `kinds` (the catalogue's, as a rule) that help with a control, in the order given. */
export const kindsOf = (control: Control, kinds: readonly string[]): readonly string[] => kinds.filter((kind) => helpsWith(control, kind));
