import type { Config } from '../config.ts';
import type { StorePlace } from '../integrity/store/measure-store.ts';

/** What bounds the store of the log: the disk of a database of our own, and the limit that was set. */
export const storePlaceOf = ({ databaseUrl, databaseAppUrl, dataDirectory, logStoreLimitBytes }: Config): StorePlace => ({
  directory: databaseUrl === null && databaseAppUrl === null ? dataDirectory : null,
  limitBytes: logStoreLimitBytes,
});
