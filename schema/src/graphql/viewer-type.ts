import type { Builder } from '../builder.ts';
import { requireViewer } from '../resources/read-records.ts';
import type { TenantReach, Viewer } from '../viewer.ts';
import { open } from '../vocabulary/permission.ts';

const own = open('the caller about themselves');
const tenantsOf = (reach: TenantReach): string[] | null => (reach === 'global' ? null : [...reach].sort());

/** `viewer`: who am I, what do I hold, until when. The console draws from this and never from role names. */
export function addViewer(builder: Builder): void {
  const grant = builder.objectRef<Viewer['grants'][number]>('ViewerGrant').implement({
    fields: (t) => ({
      id: t.exposeID('id', { access: own, nullable: false }),
      kind: t.exposeString('kind', { access: own, nullable: false }),
      role: t.exposeString('role', { access: own, nullable: false }),
      permissions: t.field({ type: ['String'], access: own, resolve: (held) => held.permissions }),
      global: t.field({ type: 'Boolean', access: own, nullable: false, resolve: (held) => held.reach === 'global' }),
      tenantIds: t.field({ type: ['ID'], access: own, resolve: (held) => tenantsOf(held.reach) }),
      reason: t.exposeString('reason', { access: own }),
      grantedBy: t.exposeString('grantedBy', { access: own }),
      expiresAt: t.field({ type: 'DateTime', access: own, resolve: (held) => held.expiresAt }),
    }),
  });
  const permission = builder.objectRef<{ readonly name: string; readonly reach: TenantReach }>('ViewerPermission').implement({
    fields: (t) => ({
      name: t.exposeString('name', { access: own, nullable: false }),
      global: t.field({ type: 'Boolean', access: own, nullable: false, resolve: (held) => held.reach === 'global' }),
      tenantIds: t.field({ type: ['ID'], access: own, resolve: (held) => tenantsOf(held.reach) }),
    }),
  });
  const session = builder.objectRef<Viewer['session']>('ViewerSession').implement({
    fields: (t) => ({
      id: t.exposeID('id', { access: own, nullable: false }),
      mode: t.exposeString('mode', { access: own, nullable: false }),
      secondFactor: t.exposeString('secondFactor', { access: own, nullable: false }),
      ip: t.exposeString('ip', { access: own }),
      createdAt: t.field({ type: 'DateTime', access: own, nullable: false, resolve: (current) => current.createdAt }),
      expiresAt: t.field({ type: 'DateTime', access: own, nullable: false, resolve: (current) => current.expiresAt }),
    }),
  });
  const token = builder.objectRef<NonNullable<Viewer['token']>>('ViewerToken').implement({
    description: 'The token by which the caller comes; it holds no more than it was made for.',
    fields: (t) => ({
      id: t.exposeID('id', { access: own, nullable: false }),
      name: t.exposeString('name', { access: own, nullable: false }),
      expiresAt: t.field({ type: 'DateTime', access: own, nullable: false, resolve: (presented) => presented.expiresAt }),
    }),
  });
  const breakGlass = builder.objectRef<NonNullable<Viewer['breakGlass']>>('ViewerBreakGlass').implement({
    description: 'The emergency in force in this session.',
    fields: (t) => ({
      id: t.exposeID('id', { access: own, nullable: false }),
      expiresAt: t.field({ type: 'DateTime', access: own, nullable: false, resolve: (emergency) => emergency.expiresAt }),
    }),
  });
  const viewer = builder.objectRef<Viewer>('Viewer').implement({
    description: 'The caller: who they are, what they hold and where, and how long.',
    fields: (t) => ({
      id: t.field({ type: 'ID', access: own, nullable: false, resolve: (who) => who.actor.id }),
      email: t.field({ type: 'String', access: own, nullable: false, resolve: (who) => who.actor.email }),
      displayName: t.field({ type: 'String', access: own, nullable: false, resolve: (who) => who.actor.displayName }),
      environment: t.field({ type: 'String', access: own, nullable: false, resolve: (_who, _args, context) => context.environment }),
      policyVersion: t.field({ type: 'String', access: own, nullable: false, resolve: (_who, _args, context) => context.policyVersion }),
      grants: t.field({ type: [grant], access: own, nullable: false, resolve: (who) => who.grants }),
      permissions: t.field({
        type: [permission],
        access: own,
        nullable: false,
        resolve: (who) => [...who.rights].map(([name, reach]) => ({ name, reach })).sort((a, b) => a.name.localeCompare(b.name)),
      }),
      token: t.field({ type: token, access: own, resolve: (who) => who.token }),
      breakGlass: t.field({ type: breakGlass, access: own, resolve: (who) => who.breakGlass }),
      session: t.field({ type: session, access: own, nullable: false, resolve: (who) => who.session }),
    }),
  });
  builder.queryField('viewer', (t) => t.field({ type: viewer, access: own, nullable: false, resolve: (_root, _args, context) => requireViewer(context) }));
}
