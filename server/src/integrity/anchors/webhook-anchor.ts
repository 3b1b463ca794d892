import { type Anchor, AnchorFault } from './anchor.ts';
import { ANSWER_MS, askOverHttp } from './ask-over-http.ts';

/**
 * POSTs the signed checkpoint as text to an address, at every turn and so in quiet times too: its silence is news. Any 2xx is a receipt.
 * What did not arrive is followed by the next checkpoint, which vouches for it too. What was received can't be asked back.
 */
export function createWebhookAnchor(url: URL, waitMs = ANSWER_MS): Anchor {
  return {
    kind: 'webhook',
    async anchor({ note }) {
      const { status } = await askOverHttp(url, { method: 'POST', body: note }, waitMs);
      if (status < 200 || status > 299) throw new AnchorFault('refused');
      return { note, cosignature: null };
    },
    seen: async () => [],
  };
}
