import { randomUUID } from 'node:crypto';
import type { AuditEventDraft, Db } from '@sallyport/schema/ports.ts';
import { appendStatement } from '@sallyport/server/audit/append-statement.ts';
import { type ComposedEvent, composeEvent, type LogSetting } from '@sallyport/server/audit/compose-event.ts';
import { sql } from 'kysely';
import pg from 'pg';

/** Events of one correlation ID: refused for want of a second factor, then done, then delivered. */
export const EVENTS_PER_STORY = 4;
const STORIES_PER_STATEMENT = 250;
const SETTING: LogSetting = { policyVersion: '0'.repeat(64), environment: 'bench', roles: new Map() };

const ACTS = [
  { kind: 'billing.credit.adjusted', action: 'adjustCredit', permission: 'billing.credit.adjust' },
  { kind: 'billing.invoice.refunded', action: 'refundInvoice', permission: 'billing.invoice.refund' },
  { kind: 'accounts.limits.changed', action: 'changePlanLimits', permission: 'accounts.limits.change' },
  { kind: 'billing.invoice.resent', action: 'resendInvoice', permission: 'billing.invoice.resend' },
] as const;

/** Fills the log by the gateway's own composition and its own append, so that each event's bytes are as real ones are. */
export async function fillLog(adminUrl: string, owner: Db, total: number): Promise<void> {
  const { rows: tenants } = await sql<{ id: string }>`select id from product.tenant order by code`.execute(owner);
  const { rows: staff } = await sql<{ id: string; name: string }>`select id, display_name as name from gateway.staff order by email`.execute(owner);
  const stories = Math.ceil(total / EVENTS_PER_STORY);
  const client = new pg.Client({ connectionString: adminUrl, options: '-c synchronous_commit=off' });
  await client.connect();
  try {
    for (let from = 0; from < stories; from += STORIES_PER_STATEMENT) {
      const events: ComposedEvent[] = [];
      for (let story = from; story < Math.min(stories, from + STORIES_PER_STATEMENT); story += 1) {
        const tenant = tenants[(story * 7) % tenants.length];
        const person = staff[story % staff.length];
        if (tenant && person) events.push(...tellStory(story, tenant.id, person));
      }
      const { text, values } = appendStatement(events);
      await client.query(text, [...values]);
    }
  } finally {
    await client.end();
  }
}

/** Who acts in a story. */
export interface Teller {
  readonly id: string;
  readonly name: string;
  readonly sessionId?: string;
}

/** The four events of one correlation ID, ready to be appended. */
export function tellStory(story: number, tenantId: string, person: Teller, setting: LogSetting = SETTING): ComposedEvent[] {
  const act = ACTS[story % ACTS.length] ?? ACTS[0];
  const correlationId = randomUUID();
  const common = {
    correlationId,
    viewer: null,
    actorId: person.id,
    actorName: person.name,
    ...(person.sessionId ? { sessionId: person.sessionId } : {}),
    ip: '10.0.0.7',
    tenantId,
  } as const;
  const acted = {
    ...common,
    ...act,
    surface: 'console',
    effect: 'write',
    reach: 'tenant',
    tier: 'privileged',
    target: { type: 'tenant', id: tenantId },
    reason: 'Compensation agreed with the customer',
    ticket: `SUP-${story}`,
  } as const;
  const balance = (story % 900) * 1000;
  const drafts: AuditEventDraft[] = [
    {
      ...common,
      kind: 'access.personal-fields.read',
      outcome: 'ok',
      surface: 'console',
      fieldsRead: ['invoice.billingContactEmail', 'invoice.billingContactName'],
      detail: { records: { invoice: { count: 1, ids: [randomUUID()] } } },
    },
    { ...acted, outcome: 'denied', reasonCode: 'STEP_UP_REQUIRED' },
    {
      ...acted,
      outcome: 'ok',
      stepUpId: randomUUID(),
      before: { creditBalance: `${balance}.00` },
      after: { creditBalance: `${balance + 1000}.00` },
      classes: { creditBalance: 'internal' },
    },
    { ...common, kind: 'jobs.message.delivered', outcome: 'ok', surface: 'job', detail: { job: 'deliver-message', attempt: 1 } },
  ];
  return drafts.map((draft) => composeEvent(draft, setting));
}
