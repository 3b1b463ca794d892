import { sql } from 'kysely';
import { GatewayError } from '../../errors.ts';
import { ROLE_NAMES, ROLES } from '../../policy/roles.ts';
import type { RoleTable } from '../../policy/rights.ts';
import type { Tx } from '../../ports.ts';
import { defineAction } from '../../vocabulary/define-action.ts';
import { accessReview, CADENCES, type Cadence, REVIEW_KINDS, type ReviewKind } from './access-review.resource.ts';
import { openedMessage, openReview } from './open-review.ts';
import { decideItems, startCampaigns } from './permissions.ts';
import { reviewStarted } from './review.event.ts';
import { reviewSettings } from './settings.ts';
import { grantNotOver, policyRows } from './subjects.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const roleValues = Object.fromEntries(ROLE_NAMES.map((role) => [role, { label: ROLES[role].label }]));

const badOwner = (message: string): GatewayError => new GatewayError('BAD_INPUT', undefined, { issues: [{ path: 'input.owner', message }] });

/** Whoever answers for a campaign has to be able to answer. @throws {GatewayError} BAD_INPUT. */
async function requireAbleOwner(tx: Tx, ownerId: string, roles: RoleTable): Promise<void> {
  if (!UUID.test(ownerId)) throw badOwner('a person who is there');
  const { rows } = await sql<{ able: boolean }>`
    select exists (
      select from gateway.access_grant held, jsonb_to_recordset(${policyRows(roles)}::jsonb) as rule(role text, permission text)
      where held.staff_id = owner.id and held.is_global and held.activated_at is not null and ${grantNotOver('held')} and rule.permission = ${decideItems.name}
        and (rule.role = held.role or (held.role = 'permissions' and rule.permission = any(held.permissions)))) as able
    from gateway.staff owner where owner.id = ${ownerId} and owner.state = 'active'`.execute(tx);
  if (!rows[0]) throw badOwner('a person who is there');
  if (!rows[0].able) throw badOwner(`a person who holds ${decideItems.name}`);
}

/** Asks, for every grant, token or emergency in scope, whether it is still right. Starting takes nothing away; silence until the deadline does (W1-W4). */
export const startAccessReview = defineAction({
  name: 'startAccessReview',
  on: accessReview,
  creates: true,
  permission: startCampaigns,
  label: { en: 'Start an access review', id: 'Mulai tinjauan akses' },
  description: {
    en: 'Asks, for everything in scope, whether it is still right. What is unanswered at the deadline is revoked.',
    id: 'Menanyakan apakah semua dalam cakupan masih tepat. Yang tidak dijawab sampai tenggat dicabut.',
  },
  confirm: { en: 'Start {input.title}', id: 'Mulai {input.title}' },
  done: { en: 'The review {title} has started.', id: 'Tinjauan {title} telah dimulai.' },
  sensitive: 'always',
  justification: 'reason',
  refusedUnder: ['token', 'break-glass'],
  tenantsFrom: 'tenants',
  input: {
    title: { type: 'text', maxLength: 120, label: { en: 'Title', id: 'Judul' } },
    kind: { type: 'enum', values: REVIEW_KINDS, label: { en: 'About', id: 'Tentang' } },
    owner: {
      type: 'reference',
      resource: 'staffMember',
      label: { en: 'Owner', id: 'Penanggung jawab' },
      help: { en: 'Sees to it that everything is answered. Must hold the right to decide.', id: 'Memastikan semua terjawab. Harus memegang hak memutuskan.' },
    },
    days: {
      type: 'integer',
      min: reviewSettings.accessReviewShortestDays,
      max: reviewSettings.accessReviewLongestDays,
      optional: true,
      label: { en: 'Days until the deadline', id: 'Hari sampai tenggat' },
      help: { en: `${reviewSettings.accessReviewDefaultDays} unless you say otherwise.`, id: `${reviewSettings.accessReviewDefaultDays} bila tidak diisi.` },
    },
    cadence: { type: 'enum', values: CADENCES, label: { en: 'Repeats', id: 'Diulang' } },
    role: {
      type: 'enum',
      values: roleValues,
      optional: true,
      label: { en: 'Only this role', id: 'Hanya peran ini' },
      help: { en: 'Of tokens and emergencies, only those of its holders.', id: 'Untuk token dan akses darurat, hanya milik pemegangnya.' },
    },
    tenants: {
      type: 'tenants',
      max: 20,
      optional: true,
      label: { en: 'Only what reaches these tenants', id: 'Hanya yang menjangkau tenant ini' },
      help: { en: 'What holds for all tenants reaches these too.', id: 'Yang berlaku untuk semua tenant menjangkau ini juga.' },
    },
  },
  event: reviewStarted,
  requires: (tx, { input, roles }) => requireAbleOwner(tx, input.owner, roles),
  async run(tx, { input, viewer, tenants, roles, correlationId }) {
    const scope = { roles: input.role ? [input.role] : null, tenants: input.tenants?.length ? tenants.map(({ id }) => id) : null };
    const opened = await openReview(
      tx,
      {
        title: input.title.trim(),
        // Both were parsed to be among the values declared.
        kind: input.kind as ReviewKind,
        cadence: input.cadence as Cadence,
        scope,
        ownerId: input.owner.toLowerCase(),
        startedBy: viewer.actor.id,
        days: input.days ?? reviewSettings.accessReviewDefaultDays,
        previousId: null,
        correlationId,
      },
      roles,
    );
    if (!opened) throw new GatewayError('CONFLICT');
    return { created: opened.id, outbox: [openedMessage(opened.id)], detail: { items: opened.items } };
  },
});
