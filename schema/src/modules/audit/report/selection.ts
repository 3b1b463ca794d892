import { type RawBuilder, sql } from 'kysely';
import { GatewayError, type InputIssue } from '../../../errors.ts';
import { isKey } from '../../../resources/columns.ts';
import type { Control } from '../controls/control.ts';
import { findControl } from '../controls/controls.ts';

/** What a report or an evidence pack is about. All that is given holds at once. */
export interface ReportSelection {
  readonly correlationId?: string | null | undefined;
  readonly tenantId?: string | null | undefined;
  readonly actorId?: string | null | undefined;
  /** Identifier of a control, e.g. `AC-2`: the events whose kinds help with it. */
  readonly control?: string | null | undefined;
  /** The first instant of the period, ISO 8601 in UTC. */
  readonly from?: string | null | undefined;
  /** The instant at which the period is over; no part of it. */
  readonly to?: string | null | undefined;
}

/** The names of what is given, in alphabetical order: what the log keeps of a selection. */
export const namesGiven = (selection: ReportSelection): readonly string[] =>
  Object.entries(selection)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name]) => name)
    .sort();

/** @throws {GatewayError} BAD_INPUT for a selection that names nothing, a period that ends before it begins, an unknown control, or a name that nothing can have. */
export function requireSelection(selection: ReportSelection): void {
  const { from, to, control, correlationId } = selection;
  const issues: InputIssue[] = [];
  if (namesGiven(selection).length === 0) issues.push({ path: 'selection', message: 'names a correlation ID, a tenant, an actor, a period or a control' });
  if (from && to && Date.parse(from) >= Date.parse(to)) issues.push({ path: 'selection.to', message: 'is not after the beginning' });
  if (control && !findControl(control)) issues.push({ path: 'selection.control', message: 'is not a control that any event helps with' });
  if (correlationId && !isKey('uuid', correlationId)) issues.push({ path: 'selection.correlationId', message: 'is not a correlation ID' });
  for (const name of ['tenantId', 'actorId'] as const) if (!isKey('text', selection[name] ?? '')) issues.push({ path: `selection.${name}`, message: 'is not an ID' });
  if (issues.length > 0) throw new GatewayError('BAD_INPUT', undefined, { issues });
}

/** As `isNamedBy` of the controls, in SQL. */
function isNamed(row: string, patterns: Control['kinds']): RawBuilder<unknown> {
  if (patterns === 'every') return sql`true`;
  const names = patterns.filter((pattern) => !pattern.endsWith('*'));
  const starts = patterns.filter((pattern) => pattern.endsWith('*')).map((pattern) => `${pattern.slice(0, -1)}%`);
  return sql`(${sql.id(row, 'kind')} = any(${names}::text[]) or ${sql.id(row, 'kind')} like any(${starts}::text[]))`;
}

/** The selection as a condition on rows of `audit.event`. */
export function selectedBy(row: string, selection: ReportSelection): RawBuilder<unknown> {
  const { correlationId, tenantId, actorId, control, from, to } = selection;
  const conditions: RawBuilder<unknown>[] = [];
  if (correlationId) conditions.push(sql`${sql.id(row, 'correlation_id')} = ${correlationId.toLowerCase()}`);
  if (tenantId) conditions.push(sql`${sql.id(row, 'tenant_id')} = ${tenantId}`);
  if (actorId) conditions.push(sql`${sql.id(row, 'actor_id')} = ${actorId}`);
  if (control) conditions.push(isNamed(row, findControl(control)?.kinds ?? []));
  if (from) conditions.push(sql`${sql.id(row, 'time')} >= ${from}::timestamptz`);
  if (to) conditions.push(sql`${sql.id(row, 'time')} < ${to}::timestamptz`);
  return conditions.length === 0 ? sql`false` : sql.join(conditions, sql` and `);
}
