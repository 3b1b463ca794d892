import { GatewayError } from '@sallyport/schema/errors.ts';
import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';

const id = z.string().min(1).max(200);
const instant = z.iso.datetime({ offset: true });

const parameters = z.strictObject({
  format: z.enum(['csv', 'jsonl']).default('csv'),
  from: instant.optional(),
  to: instant.optional(),
  actorId: id.optional(),
  tenantId: id.optional(),
  action: id.optional(),
  kind: id.optional(),
  outcome: z.enum(['ok', 'denied', 'failed', 'previewed']).optional(),
  reasonCode: id.optional(),
  targetType: id.optional(),
  targetId: id.optional(),
  correlationId: id.optional(),
  approvalId: id.optional(),
  tokenId: id.optional(),
  breakGlassId: id.optional(),
});

export type ExportFormat = z.infer<typeof parameters>['format'];
export type ExportFilter = Omit<z.infer<typeof parameters>, 'format'>;

/**
 * Reads `?format=csv|jsonl&from=…&to=…&actorId=…` and so on. `from` is inclusive, `to` exclusive, both ISO 8601 with offset.
 * @throws {GatewayError} BAD_INPUT naming each parameter that is unknown, repeated or malformed; values are not repeated.
 */
export function parseExportRequest(search: URLSearchParams): { readonly format: ExportFormat; readonly filter: ExportFilter } {
  const names = [...search.keys()];
  const repeated = names.filter((name, index) => names.indexOf(name) !== index);
  const parsed = parameters.safeParse(Object.fromEntries(search));
  if (!parsed.success || repeated.length > 0) {
    const unknown = names.filter((name) => !Object.hasOwn(parameters.shape, name)).length;
    const wrong = parsed.success ? [] : parsed.error.issues.flatMap((issue) => (issue.path.length > 0 ? [String(issue.path[0])] : []));
    throw new GatewayError('BAD_INPUT', undefined, {
      issues: [
        ...wrong.map((path) => ({ path, message: 'is malformed' })),
        ...repeated.filter((name) => Object.hasOwn(parameters.shape, name)).map((path) => ({ path, message: 'is given more than once' })),
        ...(unknown > 0 ? [{ path: '', message: `${unknown} unknown parameter(s)` }] : []),
      ],
    });
  }
  const { format, ...filter } = parsed.data;
  return { format, filter };
}

/** The filter as conditions on `audit.event event`. */
export function exportCondition({ from, to, ...equal }: ExportFilter): RawBuilder<unknown> {
  const columns = {
    actorId: 'actor_id',
    tenantId: 'tenant_id',
    action: 'action',
    kind: 'kind',
    outcome: 'outcome',
    reasonCode: 'reason_code',
    targetType: 'target_type',
    targetId: 'target_id',
    correlationId: 'correlation_id',
    approvalId: 'approval_id',
    tokenId: 'token_id',
    breakGlassId: 'break_glass_id',
  } as const satisfies Record<keyof typeof equal, string>;
  const conditions = (Object.keys(columns) as (keyof typeof columns)[])
    .filter((name) => equal[name] !== undefined)
    .map((name) => sql`event.${sql.id(columns[name])} = ${equal[name]}`);
  if (from !== undefined) conditions.push(sql`event.time >= ${from}::timestamptz`);
  if (to !== undefined) conditions.push(sql`event.time < ${to}::timestamptz`);
  return conditions.length > 0 ? sql.join(conditions, sql` and `) : sql`true`;
}
