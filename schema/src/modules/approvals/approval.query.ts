import type { Builder } from '../../builder.ts';
import { GatewayError } from '../../errors.ts';
import type { Verdict } from '../../ports.ts';
import { requireViewer } from '../../resources/read-records.ts';
import type { Registry } from '../../resources/registry.ts';
import { type DecidedInput, type DecidedOn, type DecidedChange, readCounts, readDecision } from './decision-rows.ts';
import { READ_REQUESTS } from './permissions.ts';

interface Decision extends DecidedOn {
  readonly verdict: Verdict;
}

const access = READ_REQUESTS;

/**
 * `approvalDecision(id)`: what an approver judges, in full as far as they may read it, and whether they may approve; and
 * `approvalCounts`: what waits, for the menu.
 */
export function addApprovalQueries(builder: Builder, registry: Registry): void {
  const change = builder.objectRef<DecidedChange>('ApprovalChange').implement({
    description: 'One field before and after. Values that this viewer may not read, or that were erased, are masked.',
    fields: (t) => ({
      resource: t.exposeString('resource', { access, nullable: false }),
      id: t.exposeID('id', { access, nullable: false }),
      field: t.exposeString('field', { access, nullable: false }),
      before: t.exposeString('before', { access }),
      after: t.exposeString('after', { access }),
      masked: t.exposeBoolean('masked', { access, nullable: false }),
      permission: t.exposeString('permission', { access, description: 'What reads this field.' }),
    }),
  });
  const input = builder.objectRef<DecidedInput>('ApprovalInput').implement({
    description: 'One argument of the act.',
    fields: (t) => ({
      name: t.exposeString('name', { access, nullable: false }),
      value: t.exposeString('value', { access }),
      masked: t.exposeBoolean('masked', { access, nullable: false }),
    }),
  });
  const verdict = builder.objectRef<Verdict>('ApprovalVerdict').implement({
    description: 'Whether this viewer may approve as things stand; told by what decides it when they do.',
    fields: (t) => ({
      allowed: t.exposeBoolean('allowed', { access, nullable: false }),
      because: t.field({ type: 'String', access, description: 'The code with which approving would be refused.', resolve: (told) => (told.allowed ? null : told.code) }),
      permission: t.field({ type: 'String', access, description: 'The permission that is missing.', resolve: (told) => (told.allowed ? null : (told.permission ?? null)) }),
    }),
  });
  const decision = builder.objectRef<Decision>('ApprovalDecision').implement({
    description: 'What an approver judges.',
    fields: (t) => ({
      shownDigest: t.exposeString('shownDigest', { access, nullable: false }),
      changes: t.field({ type: [change], access, nullable: false, resolve: (told) => told.changes }),
      input: t.field({ type: [input], access, nullable: false, resolve: (told) => told.input }),
      mayDecide: t.field({ type: verdict, access, nullable: false, resolve: (told) => told.verdict }),
    }),
  });
  builder.queryField('approvalDecision', (t) =>
    t.field({
      type: decision,
      access,
      args: { id: t.arg.id({ required: true }) },
      resolve: async (_root, { id }, context): Promise<Decision> => {
        const viewer = requireViewer(context);
        const shown = await readDecision(context.db, registry, String(id), viewer, context.reads);
        // A request that is hidden and one that never was look the same.
        const told = shown ? await context.door.mayDecide(String(id), context) : null;
        if (!shown || !told) throw new GatewayError('NOT_FOUND');
        return { ...shown, verdict: told };
      },
    }),
  );

  const counts = builder.objectRef<{ readonly toReview: number; readonly mine: number }>('ApprovalCounts').implement({
    description: 'Requests that wait.',
    fields: (t) => ({
      toReview: t.exposeInt('toReview', { access, nullable: false, description: 'For a decision of this viewer.' }),
      mine: t.exposeInt('mine', { access, nullable: false, description: 'Of this viewer, for somebody else.' }),
    }),
  });
  builder.queryField('approvalCounts', (t) =>
    t.field({ type: counts, access, nullable: false, resolve: (_root, _args, context) => readCounts(context.db, requireViewer(context)) }),
  );
}
