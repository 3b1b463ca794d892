import type { AuditEventDraft } from '@sallyport/schema/ports.ts';
import type { ComposedEvent } from '@sallyport/server/audit/compose-event.ts';
import { randomUUID } from 'node:crypto';

/** An event of nothing but an ID. */
export const composeEvent = (draft: AuditEventDraft): ComposedEvent => ({ record: { id: draft.id ?? randomUUID() } as ComposedEvent['record'], head: '', tail: '', personal: [] });
