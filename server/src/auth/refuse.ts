import type { GatewayError } from '@sallyport/schema/errors.ts';
import type { EventDeclaration } from '@sallyport/schema/vocabulary/define-event.ts';
import { markRecorded } from '../kernel/recorded-refusal.ts';
import type { RequestFacts } from '../kernel/seams.ts';
import type { AccessContext } from './access-context.ts';
import { type AccessEventFacts, describeAccessEvent } from './access-event.ts';

/** How a refusal is put on the log. */
export interface RefusalRecord {
  readonly event: EventDeclaration;
  readonly facts: RequestFacts;
  readonly about: Omit<AccessEventFacts, 'refusedWith'>;
}

/** Records a refusal, durably, and gives the error to throw. */
export async function refuse(access: AccessContext, { event, facts, about }: RefusalRecord, error: GatewayError): Promise<GatewayError> {
  await access.audit.record(describeAccessEvent(event, facts, { ...about, refusedWith: error.code }));
  return markRecorded(error);
}
