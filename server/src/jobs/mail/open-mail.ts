import type { Db } from '@sallyport/schema/ports.ts';
import type { Registry } from '@sallyport/schema/resources/registry.ts';
import type { Deliver } from '../deliver-message.ts';
import { createMailDelivery } from './deliver-mail.ts';
import type { Recipients } from './mail.ts';
import { openSmtp } from './smtp.ts';

export interface MailOptions {
  readonly db: Db;
  readonly registry: Pick<Registry, 'resources' | 'actions'>;
  /** Origin under which people reach the console, without a slash at the end. */
  readonly publicUrl: string;
  /** Null: mails stay in the mailbox of the console. */
  readonly server: { readonly server: URL; readonly from: string } | null;
  readonly recipients: Recipients;
}

/** Paths of the console's own pages for resources that have one; all others stand under their plural. */
const OWN_PAGES: Readonly<Record<string, string>> = { approvalRequest: 'approvals', breakGlassUse: 'break-glass', accessReview: 'access-reviews' };

/** Mail as the gateway has it: links into the console, names from the declarations, the mail server where there is one. */
export function openMail({ db, registry, publicUrl, server, recipients }: MailOptions): { readonly deliver: Deliver; close(): void } {
  const smtp = server === null ? null : openSmtp(server.server, server.from);
  const deliver = createMailDelivery({
    db,
    recipients,
    send: smtp?.send ?? null,
    page: (resource, id) => {
      const declared = registry.resources.get(resource);
      return declared === undefined ? `${publicUrl}/` : `${publicUrl}/${OWN_PAGES[resource] ?? declared.plural}/${encodeURIComponent(id)}`;
    },
    actionLabel: (action) => registry.actions.get(action)?.label ?? { en: action, id: action },
  });
  return { deliver, close: () => smtp?.close() };
}
