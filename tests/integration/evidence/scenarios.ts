import { randomUUID } from 'node:crypto';
import type { RoleName } from '@sallyport/schema/policy/roles.ts';
import { sql } from 'kysely';
import type { TestClient } from '../../helpers/gateway.ts';
import { type ApprovalScene, LARGE, openApprovalScene } from '../approvals/approval-scene.ts';

/** What a story has to hold: a kind and how it ended. */
export type ExpectedEvent = readonly [kind: string, outcome: 'ok' | 'denied' | 'failed' | 'previewed'];

/** One thing that staff do, or try to, under one correlation ID; played through the real gateway. */
export interface Scenario {
  readonly name: string;
  /** Events that its report must hold, in this order; others may stand between them. */
  readonly expected: readonly ExpectedEvent[];
  /** @returns the correlation ID, and the one tenant that it is about; null where it is about none. */
  readonly play: (scene: EvidenceScene) => Promise<Played>;
}

export interface Played {
  readonly correlationId: string;
  readonly tenantId: string | null;
}

export interface EvidenceScene extends ApprovalScene {
  /** Signed in once each, with global reach. */
  readonly client: (role: RoleName) => Promise<TestClient>;
  /** The first row of a statement. */
  readonly row: (statement: string) => Promise<Readonly<Record<string, string>>>;
}

export async function openEvidenceScene(): Promise<EvidenceScene> {
  const scene = await openApprovalScene({ worker: true, tenants: 40 });
  const clients = new Map<string, Promise<TestClient>>([
    ['billing-operator', Promise.resolve(scene.dewi)],
    ['platform-admin', Promise.resolve(scene.siti)],
  ]);
  return {
    ...scene,
    client: (role) => {
      const known = clients.get(role) ?? scene.test.asRole(role);
      clients.set(role, known);
      return known;
    },
    row: async (statement) => {
      const { rows } = await sql<Record<string, string>>`${sql.raw(statement)}`.execute(scene.test.database.owner);
      if (!rows[0]) throw new Error(`No row: ${statement}`);
      return rows[0];
    },
  };
}

const mutation = (name: string): string => `mutation Act($input: ${name.charAt(0).toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { status } }`;
const justification = { reason: 'Asked for by the customer', ticket: 'SUP-7' };
const PERSON = `select person.id::text, person.tenant_id::text as tenant from product.person person`;

/** An act on one record by somebody who may, or may not. */
const act =
  (role: RoleName, name: string, statement: string, input: Readonly<Record<string, unknown>> = {}): Scenario['play'] =>
  async (scene) => {
    const { id, tenant } = await scene.row(statement);
    const correlationId = randomUUID();
    await (await scene.client(role)).act(mutation(name), { input: { id, justification, ...input } }, { correlationId });
    return { correlationId, tenantId: tenant ?? null };
  };

const PAID = `select id::text, tenant_id::text as tenant from product.invoice where status = 'paid' and amount_paid > 4000000 order by id`;
const OPEN_TENANT = `select id::text, id::text as tenant from product.tenant where status = 'active' order by id`;

const delivered: ExpectedEvent = ['jobs.message.delivered', 'ok'];
const confirmed: ExpectedEvent = ['access.step-up.verified', 'ok'];

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'a small refund',
    expected: [['billing.invoice.refunded', 'ok'], delivered],
    play: act('billing-operator', 'refundInvoice', PAID, { amount: '1000.00' }),
  },
  {
    name: 'a refund that takes a code',
    expected: [['billing.invoice.refunded', 'denied'], confirmed, ['billing.invoice.refunded', 'ok'], delivered],
    play: act('billing-operator', 'refundInvoice', `${PAID} offset 1`, { amount: '1500000.00' }),
  },
  {
    name: 'a refund by somebody who may not',
    expected: [['billing.invoice.refunded', 'denied']],
    play: act('support-viewer', 'refundInvoice', `${PAID} offset 2`, { amount: '1000.00' }),
  },
  {
    name: 'a refund of less than nothing',
    expected: [['billing.invoice.refunded', 'denied']],
    play: act('billing-operator', 'refundInvoice', `${PAID} offset 3`, { amount: '-5' }),
  },
  {
    name: 'a preview',
    expected: [['billing.invoice.refunded', 'previewed']],
    play: act('billing-operator', 'refundInvoice', `${PAID} offset 4`, { amount: '1000.00', preview: true }),
  },
  {
    name: 'credit that a second person approves',
    expected: [
      ['approvals.request.filed', 'ok'],
      ['approvals.request.approved', 'ok'],
      ['billing.credit.adjusted', 'ok'],
    ],
    play: async (scene) => {
      const filed = await scene.file();
      const approved = await scene.approve(scene.siti, filed);
      if (approved.codes.length > 0) throw new Error(approved.codes.join());
      return filed;
    },
  },
  {
    name: 'credit that a second person denies',
    expected: [
      ['approvals.request.filed', 'ok'],
      ['approvals.request.denied', 'ok'],
    ],
    play: async (scene) => {
      const filed = await scene.file();
      await scene.deny(scene.siti, filed.id);
      return filed;
    },
  },
  {
    name: 'credit that is asked for and withdrawn',
    expected: [
      ['approvals.request.filed', 'ok'],
      ['approvals.request.cancelled', 'ok'],
    ],
    play: async (scene) => {
      const filed = await scene.file();
      await scene.cancel(scene.dewi, filed.id);
      return filed;
    },
  },
  {
    name: 'credit that the one who asked tries to approve',
    expected: [
      ['approvals.request.filed', 'ok'],
      ['approvals.request.approved', 'denied'],
    ],
    play: async (scene) => {
      const filed = await scene.file({ amount: LARGE });
      await scene.approve(scene.dewi, filed);
      return filed;
    },
  },
  {
    name: 'a tenant suspended',
    expected: [['accounts.tenant.suspended', 'ok'], delivered],
    play: act('security-operator', 'suspendTenant', OPEN_TENANT),
  },
  {
    name: 'a tenant reinstated',
    expected: [['accounts.tenant.reinstated', 'ok']],
    play: act('security-operator', 'reinstateTenant', `select id::text, id::text as tenant from product.tenant where status = 'suspended' order by id`),
  },
  {
    name: 'plan limits changed',
    expected: [['accounts.limits.changed', 'ok']],
    play: act('production-engineer', 'changePlanLimits', `${OPEN_TENANT} offset 1`, { apiCallsPerDay: 12_345 }),
  },
  {
    name: 'the second factor of a customer reset',
    expected: [confirmed, ['people.mfa.reset', 'ok']],
    play: act('security-operator', 'resetMfa', `${PERSON} where person.mfa_enabled and person.state = 'active' order by person.id`),
  },
  {
    name: 'a password reset sent',
    expected: [['people.password.reset-sent', 'ok'], delivered],
    play: act('support-operator', 'sendPasswordReset', `${PERSON} where person.state = 'active' order by person.id desc`),
  },
  {
    name: 'sessions of a customer ended',
    expected: [['people.session.ended', 'ok']],
    play: act(
      'support-operator',
      'endPersonSessions',
      `${PERSON} join product.product_session live on live.person_id = person.id where person.state = 'active' order by person.id`,
    ),
  },
  {
    name: 'an invoice sent again',
    expected: [['billing.invoice.resent', 'ok'], delivered],
    play: act('billing-operator', 'resendInvoice', `select id::text, tenant_id::text as tenant from product.invoice where status = 'open' order by id`),
  },
  {
    name: "a customer's name looked at",
    expected: [['access.personal-fields.read', 'ok']],
    play: async (scene) => {
      const { id, tenant } = await scene.row(`${PERSON} order by person.id`);
      const correlationId = randomUUID();
      await (await scene.client('support-operator')).query('query ($id: ID!) { person(id: $id) { id displayName } }', { id }, { correlationId });
      return { correlationId, tenantId: tenant ?? null };
    },
  },
  {
    name: 'a field asked for by somebody who may not read it',
    expected: [['access.field.refused', 'denied']],
    play: async (scene) => {
      const correlationId = randomUUID();
      await (await scene.client('support-viewer')).query('{ people(first: 1) { nodes { id displayName } } }', {}, { correlationId });
      return { correlationId, tenantId: null };
    },
  },
  {
    name: 'a sign-in with a wrong password first',
    expected: [
      ['access.password.refused', 'denied'],
      ['access.password.accepted', 'ok'],
      ['access.session.started', 'ok'],
    ],
    play: async ({ test }) => {
      const correlationId = randomUUID();
      const headers = { 'x-correlation-id': correlationId };
      const person = test.personWith('customer-success');
      const stranger = test.stranger();
      await stranger.post('/auth/sign-in', { email: person.email, password: `${person.password}?` }, headers);
      await stranger.post('/auth/sign-in', { email: person.email, password: person.password }, headers);
      await stranger.post('/auth/totp', { code: await test.authenticatorOf(person)() }, headers);
      return { correlationId, tenantId: null };
    },
  },
  {
    name: 'an emergency taken and ended',
    expected: [confirmed, ['emergency.break-glass.started', 'ok'], ['emergency.break-glass.ended', 'ok']],
    play: async (scene) => {
      const engineer = await scene.client('production-engineer');
      const { id: tenant } = await scene.row(OPEN_TENANT);
      const correlationId = randomUUID();
      await engineer.act(mutation('activateBreakGlass'), { input: { tenants: [tenant], minutes: 5, justification } }, { correlationId });
      const { id } = await scene.row(`select id::text from gateway.break_glass where correlation_id = '${correlationId}'`);
      await engineer.act(mutation('endBreakGlass'), { input: { id } }, { correlationId });
      return { correlationId, tenantId: tenant ?? null };
    },
  },
  {
    name: 'a token made',
    expected: [confirmed, ['tokens.token.created', 'ok']],
    play: async (scene) => {
      const correlationId = randomUUID();
      const input = { name: 'nightly report', permissions: ['billing.invoice.read'], everywhere: true, justification: { reason: 'Nightly report' } };
      await scene.dewi.act(mutation('createToken'), { input }, { correlationId });
      return { correlationId, tenantId: null };
    },
  },
  {
    name: 'an elevation asked for and approved',
    expected: [
      ['approvals.request.filed', 'ok'],
      ['approvals.request.approved', 'ok'],
      ['access.elevation.granted', 'ok'],
    ],
    play: async (scene) => {
      const correlationId = randomUUID();
      const tenantId = scene.nextTenant();
      const input = { role: 'SUPPORT_OPERATOR', tenants: [tenantId], minutes: 30, justification: { reason: 'Covers for a colleague', ticket: 'OPS-1' } };
      const asked = await (await scene.client('support-viewer')).act(mutation('requestElevation'), { input }, { correlationId });
      const { id, digest } = await scene.row(`select id::text, shown_digest as digest from gateway.approval_request where correlation_id = '${correlationId}'`);
      if (asked.codes.length > 0 || !id || !digest) throw new Error(asked.codes.join());
      await scene.approve(scene.siti, { id, shownDigest: digest });
      return { correlationId, tenantId };
    },
  },
];
