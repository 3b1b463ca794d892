import { type RawBuilder, sql } from 'kysely';

/** SQL for the name of the member of staff whom a row names in `column`. */
export const nameOf =
  (column: string) =>
  (row: string): RawBuilder<unknown> =>
    sql`(select named.display_name from gateway.staff named where named.id = ${sql.id(row, column)})`;
