import { localStorageStore, memoryStore, type Store } from 'ra-core';

/** Preferences that may outlive the tab: how things look, never what was looked at. */
const LASTING = /^(locale|theme|timeZone|preferences\..+|[A-Za-z]+\.datatable(_columnRanks)?|sidebar\.[a-z]+)$/;

/**
 * react-admin's store, with list positions, filters and selections kept in memory: they could hold
 * what a person searched for, and nothing of that belongs on the disk of a shared machine.
 */
export function createConsoleStore(): Store {
  const lasting = localStorageStore('1', 'sallyport');
  const passing = memoryStore();
  const storeOf = (key: string): Store => (LASTING.test(key) ? lasting : passing);
  return {
    setup: () => {
      lasting.setup();
      passing.setup();
    },
    teardown: () => {
      lasting.teardown();
      passing.teardown();
    },
    getItem: (key, defaultValue) => storeOf(key).getItem(key, defaultValue),
    setItem: (key, value) => storeOf(key).setItem(key, value),
    removeItem: (key) => storeOf(key).removeItem(key),
    removeItems: (prefix) => {
      lasting.removeItems(prefix);
      passing.removeItems(prefix);
    },
    reset: () => {
      lasting.reset();
      passing.reset();
    },
    subscribe: (key, callback) => storeOf(key).subscribe(key, callback),
  };
}
