import type { QueryResultRow } from 'pg';

/** Runs a statement, prepared once per connection where there is a pool. */
export type RunStatement = <R extends QueryResultRow>(name: string, text: string, values: readonly unknown[]) => Promise<readonly R[]>;

/** Sessions or tokens read in one statement, at most. */
export const LARGEST_BATCH = 64;
