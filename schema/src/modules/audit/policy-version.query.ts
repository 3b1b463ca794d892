import { sql } from 'kysely';
import type { Builder } from '../../builder.ts';
import { GatewayError } from '../../errors.ts';
import { READ_EVENT } from './permissions.ts';

interface StoredPolicy {
  readonly hash: string;
  readonly body: unknown;
  readonly firstSeenAt: string;
}

/** `policyVersion(hash)`: the whole policy behind the hash that an event names. It holds declarations, no data. */
export function addPolicyVersion(builder: Builder): void {
  const access = READ_EVENT;
  const policy = builder.objectRef<StoredPolicy>('PolicyVersion').implement({
    description: 'Catalogue, roles and settings as they were in force; its hash is the SHA-256 of its RFC 8785 JSON.',
    fields: (t) => ({
      hash: t.exposeString('hash', { access, nullable: false }),
      firstSeenAt: t.field({ type: 'DateTime', access, nullable: false, resolve: (stored) => stored.firstSeenAt }),
      body: t.field({ type: 'Json', access, nullable: false, resolve: (stored) => stored.body }),
    }),
  });
  builder.queryField('policyVersion', (t) =>
    t.field({
      type: policy,
      access,
      nullable: true,
      args: { hash: t.arg.string({ required: true }) },
      resolve: async (_root, { hash }, context) => {
        const { rows } = await sql<StoredPolicy>`select hash, body, first_seen_at as "firstSeenAt" from gateway.policy_version where hash = ${hash}`.execute(context.db);
        if (!rows[0]) throw new GatewayError('NOT_FOUND');
        return rows[0];
      },
    }),
  );
}
