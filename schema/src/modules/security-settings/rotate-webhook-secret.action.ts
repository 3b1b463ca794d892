import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { GatewayError } from '../../errors.ts';
import { defineAction } from '../../vocabulary/define-action.ts';
import { rotateWebhookSecrets } from './permissions.ts';
import type { SecuritySettingsTables } from './tables.ts';
import { webhookSecretRotated } from './webhook.event.ts';
import { webhook } from './webhook.resource.ts';

const KEY_BYTES = 32;

/**
 * Replaces the signing key by 32 random bytes and shows them once as `whsec_<base64>`, the form of the
 * Standard Webhooks specification. The gateway's database role can write the key and never read it again.
 */
export const rotateWebhookSecret = defineAction({
  name: 'rotateWebhookSecret',
  on: webhook,
  permission: rotateWebhookSecrets,
  label: { en: 'Rotate secret', id: 'Ganti rahasia' },
  description: {
    en: 'Replaces the secret at once. Deliveries fail at the customer until they have the new one, which is shown a single time.',
    id: 'Langsung mengganti rahasia. Pengiriman gagal di sisi pelanggan sampai mereka memasang yang baru, yang hanya ditampilkan satu kali.',
  },
  confirm: { en: 'Rotate secret of {title}', id: 'Ganti rahasia {title}' },
  done: { en: 'The secret of {title} is replaced.', id: 'Rahasia {title} telah diganti.' },
  sensitive: 'always',
  justification: 'reason-and-ticket',
  input: {},
  reveals: { secret: { en: 'New secret', id: 'Rahasia baru' } },
  event: webhookSecretRotated,
  async run(transaction, { target, now }) {
    const key = randomBytes(KEY_BYTES);
    const tx = transaction.withTables<SecuritySettingsTables>();
    const rotated = await tx
      .updateTable('product.webhook')
      .set({ secret_generation: sql`secret_generation + 1`, secret_rotated_at: now })
      .where('id', '=', target.id)
      .returning('id')
      .executeTakeFirst();
    if (!rotated) throw new GatewayError('CONFLICT');
    await tx
      .insertInto('product.webhook_secret')
      .values({ webhook_id: target.id, signing_key: key })
      .onConflict((conflict) => conflict.column('webhook_id').doUpdateSet({ signing_key: key }))
      .execute();
    return {
      once: { secret: `whsec_${key.toString('base64')}` },
      outbox: [{ job: 'deliver-message', payload: { template: 'webhook-secret-rotated', webhookId: target.id } }],
    };
  },
});
