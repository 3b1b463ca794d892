import { sql } from 'kysely';
import type { Builder } from '../../builder.ts';
import { GatewayError } from '../../errors.ts';
import { BREAK_GLASS, SINGLE_PERMISSIONS } from '../../policy/rights.ts';
import { ROLES } from '../../policy/roles.ts';
import type { Db } from '../../ports.ts';
import { reachOf, type TenantReach, type Viewer } from '../../viewer.ts';
import type { Text } from '../../vocabulary/axes.ts';
import type { ActionDeclaration } from '../../vocabulary/define-action.ts';
import type { AnyResource, ModuleDeclaration } from '../../vocabulary/define-module.ts';
import { EVENTS_READ } from './audit.event.ts';
import { READ_EVENT } from './permissions.ts';
import { type Story, type StoryChange, type StoryEvent, type StoryStep, type StoryTexts, storyOf } from './story.ts';

/** What the trail needs of everything declared. */
interface Declarations {
  readonly modules: readonly ModuleDeclaration[];
  readonly resources: ReadonlyMap<string, AnyResource>;
  readonly actions: ReadonlyMap<string, ActionDeclaration>;
}

/** What a grant can name in place of a task role. */
const OTHER_GRANTS: Readonly<Record<string, Text>> = {
  [SINGLE_PERMISSIONS]: { en: 'Single permissions', id: 'Izin tersendiri' },
  [BREAK_GLASS]: { en: 'Break-glass', id: 'Akses darurat' },
};

/**
 * More events than one correlation ID has in honest use. Whoever knows an ID can add refusals to its story: beyond this number
 * they, previews and readings are what is left out, never what was done.
 */
const LONGEST_STORY = 1000;

/** The events of one correlation ID that lie within the reach, in the order of the log, and how many of them there are in all. */
async function readStoryEvents(db: Db, correlationId: string, reach: TenantReach): Promise<{ readonly events: readonly StoryEvent[]; readonly total: number }> {
  const { rows } = await sql<StoryEvent & { readonly total: number }>`
    with told as (
      select *, count(*) over ()::int as total,
        row_number() over (order by case when outcome = 'ok' and effect = 'write' then 0 when outcome = 'ok' and effect is null then 1 when outcome = 'failed' then 2 else 3 end, sequence) as place
      from audit.event
      where correlation_id = ${correlationId.toLowerCase()} and ${reach === 'global' ? sql`true` : sql`tenant_id = any(${[...reach]}::text[])`})
    select id, time, kind, outcome, reason_code as "reasonCode", surface, actor_id as "actorId", actor_name as "actorName",
      subject_id as "subjectId", subject_name as "subjectName", role, grant_id as "grantId", session_id as "sessionId",
      token_id as "tokenId", break_glass_id as "breakGlassId", second_factor as "secondFactor",
      action, permission, effect, tenant_id as "tenantId", target_type as "targetType", target_id as "targetId", reason, ticket,
      approval_id as "approvalId", step_up_id as "stepUpId", policy_version as "policyVersion", before, after, fields_read as "fieldsRead", total
    from told where place <= ${LONGEST_STORY} order by sequence`.execute(db);
  return { events: rows, total: rows[0]?.total ?? 0 };
}

function textsFor(declarations: Declarations, viewer: Viewer): StoryTexts {
  const kinds = new Map<string, Text>(declarations.modules.flatMap((module) => module.events.map((event) => [event.kind, event.label] as const)));
  const roles = new Map<string, Text>([...Object.entries(ROLES).map(([role, { label }]) => [role, label] as const), ...Object.entries(OTHER_GRANTS)]);
  return {
    labelOfKind: (kind) => kinds.get(kind) ?? null,
    labelOfAction: (action) => declarations.actions.get(action)?.label ?? null,
    labelOfRole: (role) => roles.get(role) ?? null,
    fieldReach: (resource, field) => {
      const access = declarations.resources.get(resource)?.fields[field]?.access;
      return access ? reachOf(viewer, access) : null;
    },
  };
}

/** `auditTrail(correlationId)`: the whole story behind one ID, as far as the viewer's reach over the log goes. Reading it is an event. */
export function addAuditTrail(builder: Builder, declarations: Declarations): void {
  const access = READ_EVENT;
  const words = builder.objectRef<Text>('AuditWords').implement({
    description: 'One sentence in the languages of the console.',
    fields: (t) => ({ en: t.exposeString('en', { access, nullable: false }), id: t.exposeString('id', { access, nullable: false }) }),
  });
  const change = builder.objectRef<StoryChange>('AuditChange').implement({
    description: 'One field before and after; personal and secret values, and what this viewer may not read, are masked.',
    fields: (t) => ({
      resource: t.exposeString('resource', { access }),
      id: t.exposeID('id', { access }),
      field: t.exposeString('field', { access, nullable: false }),
      before: t.exposeString('before', { access }),
      after: t.exposeString('after', { access }),
      masked: t.exposeBoolean('masked', { access, nullable: false }),
    }),
  });
  const step = builder.objectRef<StoryStep>('AuditStep').implement({
    description: 'One event of the story.',
    fields: (t) => ({
      id: t.exposeID('id', { access, nullable: false }),
      time: t.field({ type: 'DateTime', access, nullable: false, resolve: (event) => event.time }),
      sinceStartMilliseconds: t.exposeInt('sinceStartMilliseconds', { access, nullable: false }),
      kind: t.exposeString('kind', { access, nullable: false }),
      words: t.field({ type: words, access, nullable: false, resolve: (event) => event.words }),
      outcome: t.exposeString('outcome', { access, nullable: false }),
      reasonCode: t.exposeString('reasonCode', { access }),
      surface: t.exposeString('surface', { access, nullable: false }),
      actorId: t.exposeID('actorId', { access }),
      actorName: t.exposeString('actorName', { access }),
      subjectId: t.exposeID('subjectId', { access }),
      subjectName: t.exposeString('subjectName', { access }),
      role: t.exposeString('role', { access }),
      grantId: t.exposeID('grantId', { access }),
      sessionId: t.exposeID('sessionId', { access }),
      tokenId: t.exposeID('tokenId', { access }),
      breakGlassId: t.exposeID('breakGlassId', { access }),
      secondFactor: t.exposeString('secondFactor', { access }),
      action: t.exposeString('action', { access }),
      permission: t.exposeString('permission', { access }),
      tenantId: t.exposeID('tenantId', { access }),
      targetType: t.exposeString('targetType', { access }),
      targetId: t.exposeID('targetId', { access }),
      reason: t.exposeString('reason', { access }),
      ticket: t.exposeString('ticket', { access }),
      approvalId: t.exposeID('approvalId', { access }),
      stepUpId: t.exposeID('stepUpId', { access }),
      policyVersion: t.exposeString('policyVersion', { access, nullable: false }),
      fieldsRead: t.field({ type: ['String'], access, nullable: false, resolve: (event) => event.fieldsRead ?? [] }),
      changes: t.field({ type: [change], access, nullable: false, resolve: (event) => event.changes }),
    }),
  });
  const answers = builder.objectRef<Story['answers']>('AuditAnswers').implement({
    description: 'The questions that a log has to answer.',
    fields: (t) => ({
      who: t.exposeString('who', { access }),
      what: t.field({ type: words, access, nullable: false, resolve: (told) => told.what }),
      tenant: t.exposeID('tenant', { access }),
      target: t.exposeString('target', { access }),
      why: t.exposeString('why', { access }),
      approvedUnder: t.field({ type: words, access, nullable: false, resolve: (told) => told.approvedUnder }),
    }),
  });
  const trail = builder.objectRef<Story & { readonly leftOut: number }>('AuditTrail').implement({
    description: 'Everything on the log under one correlation ID that this viewer may see, told in order.',
    fields: (t) => ({
      correlationId: t.exposeID('correlationId', { access, nullable: false }),
      startedAt: t.field({ type: 'DateTime', access, nullable: false, resolve: (story) => story.startedAt }),
      endedAt: t.field({ type: 'DateTime', access, nullable: false, resolve: (story) => story.endedAt }),
      answers: t.field({ type: answers, access, nullable: false, resolve: (story) => story.answers }),
      steps: t.field({ type: [step], access, nullable: false, resolve: (story) => story.steps }),
      leftOut: t.exposeInt('leftOut', { access, nullable: false, description: `Refusals, previews and readings beyond ${LONGEST_STORY} events that are not among the steps.` }),
    }),
  });
  builder.queryField('auditTrail', (t) =>
    t.field({
      type: trail,
      access,
      nullable: true,
      args: { correlationId: t.arg.id({ required: true }) },
      resolve: async (_root, { correlationId }, context) => {
        const { viewer } = context;
        if (!viewer) throw new GatewayError('UNAUTHENTICATED');
        context.reads.noteListing(EVENTS_READ.kind, ['correlationId']);
        const { events, total } = await readStoryEvents(context.db, String(correlationId), reachOf(viewer, READ_EVENT));
        const story = storyOf(String(correlationId).toLowerCase(), events, viewer, textsFor(declarations, viewer));
        // A story that is hidden and one that never was look the same.
        if (!story) throw new GatewayError('NOT_FOUND');
        return { ...story, leftOut: total - events.length };
      },
    }),
  );
}
