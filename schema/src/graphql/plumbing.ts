import type { Builder } from '../builder.ts';
import type { ActionResult, FieldChange } from '../ports.ts';
import { readOne } from '../resources/read-records.ts';
import type { Registry } from '../resources/registry.ts';
import { selectionOf } from '../resources/selection.ts';
import { open } from '../vocabulary/permission.ts';
import { addApprovalPlan } from './approval-plan.ts';
import { addLocalizedText } from './localized-text.ts';
import type { ResourceTypes } from './resource-types.ts';

const plumbing = open('plumbing, holds no data');

/** Types that every resource and action shares. `types` are the resources' own, without fields yet. */
export function addPlumbing(builder: Builder, registry: Registry, types: ResourceTypes) {
  const direction = builder.enumType('OrderDirection', { values: { ASC: { value: 'asc' }, DESC: { value: 'desc' } } as const });

  interface PageInfo {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  }
  const pageInfo = builder.objectRef<PageInfo>('PageInfo').implement({
    fields: (t) => ({
      hasNextPage: t.exposeBoolean('hasNextPage', { access: plumbing, nullable: false }),
      hasPreviousPage: t.exposeBoolean('hasPreviousPage', { access: plumbing, nullable: false }),
      startCursor: t.exposeString('startCursor', { access: plumbing }),
      endCursor: t.exposeString('endCursor', { access: plumbing }),
    }),
  });

  const localizedText = addLocalizedText(builder);

  const stepUp = builder.enumType('StepUpNeed', { values: ['NEVER', 'ALWAYS', 'CONDITIONAL'] as const });
  const actionAccess = open("the viewer's own possibilities, decided on the server");
  const recordAction = builder.objectRef<RecordAction>('RecordAction').implement({
    description: 'An act that is open to this viewer on this record. What is none of their business is absent.',
    fields: (t) => ({
      name: t.exposeString('name', { access: actionAccess, nullable: false }),
      enabled: t.exposeBoolean('enabled', { access: actionAccess, nullable: false }),
      because: t.field({ type: localizedText, access: actionAccess, resolve: (action) => action.because }),
      stepUp: t.field({ type: stepUp, access: actionAccess, nullable: false, resolve: (action) => action.stepUp }),
    }),
  });

  const outcome = open("the caller's own act");
  const change = builder.objectRef<FieldChange>('FieldChange').implement({
    description: 'One field before and after. Values that this viewer may not read are masked.',
    fields: (t) => ({
      resource: t.exposeString('resource', { access: outcome, nullable: false }),
      id: t.exposeID('id', { access: outcome, nullable: false }),
      field: t.exposeString('field', { access: outcome, nullable: false }),
      before: t.exposeString('before', { access: outcome }),
      after: t.exposeString('after', { access: outcome }),
      masked: t.exposeBoolean('masked', { access: outcome, nullable: false }),
    }),
  });

  const status = builder.enumType('ActionStatus', { values: ['EXECUTED', 'PENDING_APPROVAL', 'PREVIEWED'] as const });
  const approvalPlan = addApprovalPlan(builder, localizedText);
  // A gateway without the module of approvals files no requests and has nothing to show.
  const filed = registry.resources.get('approvalRequest');
  const filedType = types.get('approvalRequest');
  const payload = builder.interfaceRef<ActionAnswer>('ActionPayload').implement({
    fields: (t) => ({
      status: t.field({ type: status, access: outcome, nullable: false, resolve: (answer) => answer.result.status }),
      correlationId: t.field({ type: 'ID', access: outcome, nullable: false, resolve: (answer) => answer.result.correlationId }),
      auditEventId: t.field({ type: 'ID', access: outcome, resolve: (answer) => answer.result.auditEventId }),
      approvalPlan: t.field({ type: approvalPlan, access: outcome, resolve: (answer) => answer.result.approvalPlan ?? null }),
      ...(filed && filedType
        ? {
            approvalRequest: t.field({
              type: filedType,
              access: filed.read,
              description: 'The request for a second person that was filed in place of the act.',
              resolve: (answer, _args, context, info) =>
                answer.result.approvalId === null ? null : readOne(registry, filed, answer.result.approvalId, selectionOf(info), context),
            }),
          }
        : {}),
      changes: t.field({ type: [change], access: outcome, nullable: false, resolve: (answer) => answer.result.changes }),
    }),
  });

  const justification = builder.inputType('JustificationInput', {
    access: open('why the caller acts'),
    fields: (t) => ({ reason: t.string({ required: true }), ticket: t.string({ required: false }) }),
  });

  const access = plumbing;
  const operatorInputs = {
    id: builder.inputType('IdFilter', { access, fields: (t) => ({ eq: t.id(), in: t.idList(), isNull: t.boolean() }) }),
    text: builder.inputType('TextFilter', { access, fields: (t) => ({ eq: t.string(), in: t.stringList(), contains: t.string(), startsWith: t.string(), isNull: t.boolean() }) }),
    url: builder.inputType('UrlFilter', { access, fields: (t) => ({ eq: t.string(), contains: t.string(), startsWith: t.string(), isNull: t.boolean() }) }),
    integer: builder.inputType('IntegerFilter', {
      access,
      fields: (t) => ({ eq: t.int(), in: t.intList(), gt: t.int(), gte: t.int(), lt: t.int(), lte: t.int(), isNull: t.boolean() }),
    }),
    decimal: builder.inputType('DecimalFilter', {
      access,
      fields: (t) => ({
        eq: t.field({ type: 'Decimal' }),
        gt: t.field({ type: 'Decimal' }),
        gte: t.field({ type: 'Decimal' }),
        lt: t.field({ type: 'Decimal' }),
        lte: t.field({ type: 'Decimal' }),
        isNull: t.boolean(),
      }),
    }),
    boolean: builder.inputType('BooleanFilter', { access, fields: (t) => ({ eq: t.boolean(), isNull: t.boolean() }) }),
    timestamp: builder.inputType('DateTimeFilter', {
      access,
      fields: (t) => ({
        gt: t.field({ type: 'DateTime' }),
        gte: t.field({ type: 'DateTime' }),
        lt: t.field({ type: 'DateTime' }),
        lte: t.field({ type: 'DateTime' }),
        isNull: t.boolean(),
      }),
    }),
    date: builder.inputType('DateFilter', {
      access,
      fields: (t) => ({
        eq: t.field({ type: 'Date' }),
        gt: t.field({ type: 'Date' }),
        gte: t.field({ type: 'Date' }),
        lt: t.field({ type: 'Date' }),
        lte: t.field({ type: 'Date' }),
        isNull: t.boolean(),
      }),
    }),
  };
  return { direction, pageInfo, recordAction, payload, justification, operatorInputs };
}

export type Plumbing = ReturnType<typeof addPlumbing>;

export interface RecordAction {
  readonly name: string;
  readonly enabled: boolean;
  readonly because: { readonly en: string; readonly id: string } | null;
  readonly stepUp: 'NEVER' | 'ALWAYS' | 'CONDITIONAL';
}

export interface ActionAnswer {
  readonly typeName: string;
  readonly result: ActionResult;
}
