import { randomUUID } from 'node:crypto';
import type { AuditEventDraft } from '@sallyport/schema/ports.ts';
import type { Grant, StaffMember, Viewer } from '@sallyport/schema/viewer.ts';
import { definePermission, type Permission } from '@sallyport/schema/vocabulary/permission.ts';
import { createAuditLog, type GatewayAuditLog } from '@sallyport/server/audit/audit-log.ts';
import type { Kysely } from 'kysely';

const label = { en: 'Test', id: 'Uji' };
export const REFUND = definePermission('billing.invoice.refund', { effect: 'write', reach: 'tenant', tier: 'privileged', label });

export const ROLES: ReadonlyMap<string, readonly Permission[]> = new Map([['billing-operator', [REFUND]]]);

export const openLog = (db: Kysely<unknown>): GatewayAuditLog => createAuditLog({ db, policy: { hash: 'a'.repeat(64) }, environment: 'test', roles: ROLES });

const ayu: StaffMember = {
  id: '0199c0de-0000-7000-8000-000000000001',
  email: 'ayu@sallyport.example',
  displayName: 'Ayu Lestari',
  personId: '0199c0de-0000-7000-8000-000000000001',
};

/** A person with the rights given; grants are for the record only. */
export const viewerWith = (rights: Viewer['rights'], grants: readonly Grant[] = []): Viewer => ({
  actor: ayu,
  subject: ayu,
  session: { id: 'session-1', mode: 'normal', secondFactor: 'totp', ip: '127.0.0.1', createdAt: '2026-11-21T09:00:00.000000Z', expiresAt: '2026-11-21T21:00:00.000000Z' },
  token: null,
  breakGlass: null,
  grants,
  rights,
});

const grant = (id: string, reach: Grant['reach']): Grant => ({
  id,
  kind: 'standing',
  role: 'billing-operator',
  permissions: null,
  reach,
  reason: 'billing desk',
  grantedBy: null,
  expiresAt: null,
});
export const billingOperator = viewerWith(new Map([[REFUND.name, 'global']]), [grant('grant-global', 'global'), grant('grant-tenant-7', new Set(['tenant-7']))]);

/** A refund, complete in every member. */
export const refund = (members: Partial<AuditEventDraft> = {}): AuditEventDraft => ({
  kind: 'billing.invoice.refunded',
  outcome: 'ok',
  correlationId: randomUUID(),
  surface: 'console',
  ip: '127.0.0.1',
  viewer: billingOperator,
  action: 'refundInvoice',
  permission: REFUND.name,
  effect: 'write',
  reach: 'tenant',
  tier: 'privileged',
  tenantId: 'tenant-7',
  target: { type: 'invoice', id: 'invoice-1' },
  reason: 'Charged twice',
  ticket: 'SUP-1234',
  stepUpId: 'step-up-1',
  before: { status: 'paid', amountRefunded: '0.00' },
  after: { status: 'refunded', amountRefunded: '1250000.00' },
  classes: { status: 'internal', amountRefunded: 'internal' },
  ...members,
});
