import { useStore } from 'ra-core';

export interface FocusedTenant {
  readonly id: string;
  readonly title: string;
}

/** The one tenant that lists are narrowed to, or null. Kept in memory: it ends with the tab. */
export const useFocusedTenant = () => useStore<FocusedTenant | null>('focus.tenant', null);
