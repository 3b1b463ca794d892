import { sql } from 'kysely';
import type { Builder } from '../../builder.ts';
import { ROLE_NAMES } from '../../policy/roles.ts';
import type { Registry } from '../../resources/registry.ts';
import { LIVE_GRANT } from './live-grant.ts';
import { readGrants } from './permissions.ts';

interface RoleInForce {
  readonly name: string;
  readonly permissions: readonly string[];
  readonly holders: number;
}

/** `rolesInForce`: what each task role carries under the policy in force, and how many people hold it at this moment. */
export function addRolesInForce(builder: Builder, registry: Registry): void {
  const access = readGrants;
  const role = builder.objectRef<RoleInForce>('RoleInForce').implement({
    description: 'A task role: the permissions that it carries, and how many active people hold it.',
    fields: (t) => ({
      name: t.exposeString('name', { access, nullable: false }),
      permissions: t.field({ type: ['String'], access, nullable: false, resolve: (held) => [...held.permissions] }),
      holders: t.exposeInt('holders', { access, nullable: false }),
    }),
  });
  builder.queryField('rolesInForce', (t) =>
    t.field({
      type: [role],
      access,
      nullable: true,
      resolve: async (_root, _args, context) => {
        const { rows } = await sql<{ role: string; holders: number }>`
          select held.role, count(distinct held.staff_id)::int as holders
          from gateway.access_grant held join gateway.staff holder on holder.id = held.staff_id and holder.state = 'active'
          where ${sql.raw(LIVE_GRANT)}
          group by held.role`.execute(context.db);
        const holders = new Map(rows.map((row) => [row.role, row.holders]));
        return ROLE_NAMES.map((name) => ({ name, permissions: (registry.roles.get(name) ?? []).map((permission) => permission.name).sort(), holders: holders.get(name) ?? 0 }));
      },
    }),
  );
}
