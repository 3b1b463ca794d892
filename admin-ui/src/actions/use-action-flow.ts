import { useCallback, useMemo, useRef, useState } from 'react';
import { useDataProvider } from 'ra-core';
import { useQueryClient } from '@tanstack/react-query';
import type { Text } from '@sallyport/schema/vocabulary/axes.ts';
import type { CatalogueAction, CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { useModel } from '../catalogue/console-context.tsx';
import { mutationDocument, type GatewayRecord } from '../catalogue/documents.ts';
import { Dismissed } from '../gateway/gates.ts';
import { isFailure } from '../gateway/gateway-failure.ts';
import { sendWithStepUp, type Act } from '../gateway/pass-step-up.ts';
import { newCorrelationId } from '../gateway/send-request.ts';
import { mutationInput, type FormValues } from './action-values.ts';
import { changesBetween, type Change } from './changes-between.ts';

export interface Outcome {
  readonly status: 'EXECUTED' | 'PENDING_APPROVAL' | 'PREVIEWED';
  readonly correlationId: string;
  readonly auditEventId: string | null;
  readonly changes: readonly Change[];
  /** The request that was filed in place of the act. */
  readonly approvalRequest?: { readonly id: string } | null;
  /** Who has to agree before the act runs; null where it runs at once. */
  readonly approvalPlan: ApprovalPlan | null;
  /** The record that was made, of an act that makes one. */
  readonly made?: GatewayRecord | null;
  /** Values shown a single time, by name. */
  readonly [revealed: string]: unknown;
}

/** Refusals that say that the record is not what it was. */
const MOVED_ON: ReadonlySet<string> = new Set(['CONFLICT', 'APPROVAL_STATE', 'APPROVAL_EXPIRED', 'APPROVAL_STALE']);

/** What stands between asking and the act. */
export interface ApprovalPlan {
  readonly when: Text;
  /** Any one of them suffices. */
  readonly alternatives: readonly { readonly approver: string; readonly quorum: number }[];
  readonly expiresAfterMinutes: number;
  /** Some who could approve now. */
  readonly approvers: readonly { readonly id: string; readonly displayName: string }[];
}

export type Stage =
  | { readonly name: 'form' }
  | { readonly name: 'preview'; readonly values: FormValues; readonly changes: readonly Change[]; readonly plan: ApprovalPlan | null }
  | { readonly name: 'stale'; readonly changes: readonly Change[] }
  | { readonly name: 'done'; readonly outcome: Outcome };

export interface ActionFlow {
  readonly stage: Stage;
  readonly busy: boolean;
  readonly failure: unknown;
  readonly correlationId: string;
  /** As it was when last read; null for an act that makes one. */
  readonly record: GatewayRecord | null;
  preview(values: FormValues): Promise<void>;
  execute(values: FormValues): Promise<Outcome | null>;
  back(): void;
}

/**
 * One act from form to outcome, under one correlation ID: preview, challenge, step-up and execution are one
 * story on the log. The idempotency key belongs to what is asked for: repeats of the same request carry the
 * same key (a double click, a lost answer), a changed form gets a new one.
 */
export function useActionFlow(action: CatalogueAction, resource: CatalogueResource, first: GatewayRecord | null, describe: (values: FormValues) => Act): ActionFlow {
  const model = useModel();
  const dataProvider = useDataProvider();
  const queries = useQueryClient();
  const [correlationId] = useState(newCorrelationId);
  const [record, setRecord] = useState(first);
  const [stage, setStage] = useState<Stage>({ name: 'form' });
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const keys = useRef(new Map<string, string>());
  const running = useRef(false);
  const document = useMemo(() => mutationDocument(model, action, resource), [model, action, resource]);

  const attempt = useCallback(
    async <Result>(work: () => Promise<Result>): Promise<Result | null> => {
      // A ref, not state: a second click in the same frame must find it set.
      if (running.current) return null;
      running.current = true;
      setBusy(true);
      setFailure(null);
      try {
        return await work();
      } catch (error) {
        // The record has moved on: what is in view of it is old.
        if (isFailure(error) && MOVED_ON.has(error.code)) void queries.invalidateQueries();
        if (isFailure(error) && error.code === 'CONFLICT' && record) {
          const { data: now } = await dataProvider.getOne<GatewayRecord & { id: string }>(resource.plural, { id: record.id });
          const changes = changesBetween(resource, record, now);
          setRecord(now);
          if (changes.length > 0) setStage({ name: 'stale', changes });
          else setFailure(error);
        } else if (!(error instanceof Dismissed)) setFailure(error);
        return null;
      } finally {
        running.current = false;
        setBusy(false);
      }
    },
    [dataProvider, resource, record, queries],
  );

  const preview = async (values: FormValues): Promise<void> => {
    const input = mutationInput(action, resource, record, values, { preview: true });
    const answer = await attempt(() => sendWithStepUp<{ outcome: Outcome }>(document, { input }, describe(values), { correlationId }));
    if (answer) setStage({ name: 'preview', values, changes: answer.data.outcome.changes, plan: answer.data.outcome.approvalPlan });
  };

  const execute = async (values: FormValues): Promise<Outcome | null> => {
    const input = mutationInput(action, resource, record, values, { preview: false });
    const asked = JSON.stringify(input);
    const idempotencyKey = keys.current.get(asked) ?? crypto.randomUUID();
    keys.current.set(asked, idempotencyKey);
    const answer = await attempt(() => sendWithStepUp<{ outcome: Outcome }>(document, { input }, describe(values), { correlationId, idempotencyKey }));
    if (!answer) return null;
    setStage({ name: 'done', outcome: answer.data.outcome });
    // Everything in view may have changed with it: lists, related rows, history, counts.
    await queries.invalidateQueries();
    return answer.data.outcome;
  };

  const back = (): void => {
    if (running.current) return;
    setFailure(null);
    setStage({ name: 'form' });
  };
  return { stage, busy, failure, correlationId, record, preview, execute, back };
}
