import { createContext, use } from 'react';
import type { Catalogue } from '@sallyport/schema/vocabulary/catalogue.ts';

/** A right that somebody lacks, and where they need it. */
export interface Lacking {
  readonly permission: string;
  /** Null: in the tenant in focus, or everywhere where the permission is of global reach. */
  readonly tenantId: string | null;
}

export interface Asking {
  readonly ask: (lacking: Lacking) => void;
  readonly lendable: ReadonlySet<string>;
}

export const AskForContext = createContext<Asking | null>(null);

/** The way to ask for rights, and which are worth asking for; null where there is none. */
export const useAsking = (): Asking | null => use(AskForContext);

/** Opens the request for a right that the viewer lacks; null where this gateway takes no such requests, not from them, or not for that. */
export function useAskFor(permission: string | null): ((lacking: Lacking) => void) | null {
  const asking = use(AskForContext);
  return asking && permission !== null && asking.lendable.has(permission) ? asking.ask : null;
}

/** Modules whose writes decide over access itself, or over the log. */
const GOVERNING: ReadonlySet<string> = new Set(['access', 'approvals', 'emergency', 'reviews', 'tokens', 'audit']);

/** Permissions worth asking for: the gateway lends nothing that decides over access, or on what others ask for. It judges again. */
export function lendable({ permissions, actions, everyone }: Catalogue): ReadonlySet<string> {
  const deciding = new Set(actions.flatMap((action) => action.approval.flatMap((rule) => rule.alternatives.map((alternative) => alternative.approver))));
  const names = permissions.filter(({ name, effect, module }) => !deciding.has(name) && !(effect === 'write' && GOVERNING.has(module)) && !everyone.includes(name));
  return new Set(names.map(({ name }) => name));
}
