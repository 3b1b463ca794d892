/** An act that the page in view offers, for the search box. */
export interface ActInView {
  readonly name: string;
  readonly label: string;
  readonly object: string;
  readonly run: () => void;
}

let acts: readonly ActInView[] = [];
const listeners = new Set<() => void>();

/** The record page says what can be done on it, and nothing when it is left. */
export function setActsInView(next: readonly ActInView[]): void {
  acts = next;
  for (const listener of listeners) listener();
}

export const actsInView = {
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  current: (): readonly ActInView[] => acts,
};
