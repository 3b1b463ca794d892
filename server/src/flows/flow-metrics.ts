import { readWaiting } from '@sallyport/schema/modules/flows/read-flows.ts';
import type { ActionResult, Db, Door } from '@sallyport/schema/ports.ts';
import { Counter, Gauge, type Registry } from 'prom-client';
import { classifyFailure } from '../kernel/classify-failure.ts';
import type { Authentication } from '../kernel/seams.ts';

/** Guarded flows as a scrape sees them. What this process did is counted since its start; what waits is read from the database. */
export interface FlowMetrics {
  /** The same door, counted. */
  watchDoor(door: Door): Door;
  /** The same authentication, its answers to step-up counted. */
  watchAuthentication<Watched extends Pick<Authentication, 'handle'>>(authentication: Watched): Watched;
  register(registry: Registry): void;
}

const STEP_UP_PATH = '/auth/step-up';
const OUTCOMES = { EXECUTED: 'executed', PENDING_APPROVAL: 'filed', PREVIEWED: 'previewed' } as const satisfies Record<ActionResult['status'], string>;

/** Labels are names of declared acts and codes of the closed set: no caller can add series. */
export function createFlowMetrics(db: Db): FlowMetrics {
  const acts = new Counter({ name: 'sallyport_acts_total', help: 'Acts sent, by outcome and code of refusal', labelNames: ['action', 'outcome', 'code'] as const, registers: [] });
  const asked = new Counter({ name: 'sallyport_step_up_asked_total', help: 'Fresh codes asked for, by what for', labelNames: ['action'] as const, registers: [] });
  const answered = new Counter({ name: 'sallyport_step_up_answered_total', help: 'Answers to questions for a fresh code', labelNames: ['outcome'] as const, registers: [] });

  const countRefusal = (action: string, error: unknown): void => {
    const { code } = classifyFailure(error);
    if (code === 'STEP_UP_REQUIRED') asked.inc({ action });
    acts.inc({ action, outcome: 'refused', code });
  };
  return {
    watchDoor: (door) => ({
      ...door,
      async runAction(action, args, context) {
        try {
          const result = await door.runAction(action, args, context);
          acts.inc({ action: action.name, outcome: OUTCOMES[result.status], code: '' });
          return result;
        } catch (error) {
          countRefusal(action.name, error);
          throw error;
        }
      },
      async refuseAction(action, args, context) {
        acts.inc({ action: action.name, outcome: 'refused', code: 'FORBIDDEN' });
        return door.refuseAction(action, args, context);
      },
      async passSensitiveRead(resource, args, context) {
        try {
          await door.passSensitiveRead(resource, args, context);
        } catch (error) {
          countRefusal(resource.plural, error);
          throw error;
        }
      },
    }),
    watchAuthentication: (authentication) => ({
      ...authentication,
      async handle(path: string, request: Request, facts: Parameters<Authentication['handle']>[2]) {
        if (path !== STEP_UP_PATH) return authentication.handle(path, request, facts);
        try {
          const response = await authentication.handle(path, request, facts);
          answered.inc({ outcome: response.ok ? 'accepted' : 'refused' });
          return response;
        } catch (error) {
          answered.inc({ outcome: 'refused' });
          throw error;
        }
      },
    }),
    register(registry) {
      registry.registerMetric(acts);
      registry.registerMetric(asked);
      registry.registerMetric(answered);
      watchWaiting(registry, db);
    },
  };
}

/** Both figures of one scrape from one reading. Where that fails there is no figure, rather than an old one. */
function watchWaiting(registry: Registry, db: Db): void {
  let reading: ReturnType<typeof readWaiting> | null = null;
  const read = (): ReturnType<typeof readWaiting> => {
    reading ??= readWaiting(db, { reach: 'global', tenantId: null }).finally(() => {
      reading = null;
    });
    return reading;
  };
  const gauges = [
    ['sallyport_approvals_pending', 'Requests that wait for a second person', ({ count }) => count],
    ['sallyport_approvals_oldest_pending_seconds', 'Age of the oldest of them; 0 where none waits', ({ oldestSeconds }) => oldestSeconds ?? 0],
  ] as const satisfies readonly (readonly [string, string, (waiting: Awaited<ReturnType<typeof readWaiting>>) => number])[];
  for (const [name, help, figure] of gauges)
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        const waiting = await read().catch(() => null);
        // A gauge without labels shows 0 once it is reset: only one that is removed shows nothing.
        this.remove();
        if (waiting) this.set(figure(waiting));
      },
    });
}
