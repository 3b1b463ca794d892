import { GatewayError } from '../../errors.ts';
import { defineAction } from '../../vocabulary/define-action.ts';
import { approveSsoChanges, changeSsoConfigurations } from './permissions.ts';
import { ssoConfigurationChanged } from './sso-configuration.event.ts';
import { ssoConfiguration } from './sso-configuration.resource.ts';
import type { SecuritySettingsTables, SsoConfigurationTable } from './tables.ts';

/**
 * Changes what is given and keeps the rest. Another provider is not enforced until a sign-in has
 * verified it, lest a slip of the pen lock a whole customer out.
 */
export const changeSsoConfiguration = defineAction({
  name: 'changeSsoConfiguration',
  on: ssoConfiguration,
  permission: changeSsoConfigurations,
  label: { en: 'Change single sign-on', id: 'Ubah masuk tunggal' },
  description: {
    en: "Changes which identity provider vouches for this customer's people, and whether they must use it.",
    id: 'Mengubah penyedia identitas yang menjamin pengguna pelanggan ini, dan apakah wajib digunakan.',
  },
  confirm: { en: 'Change single sign-on of {tenant}', id: 'Ubah masuk tunggal {tenant}' },
  done: { en: 'The single sign-on of {tenant} is changed.', id: 'Masuk tunggal {tenant} telah diubah.' },
  sensitive: 'always',
  justification: 'reason-and-ticket',
  approval: [
    {
      alternatives: [{ approver: approveSsoChanges, quorum: 1 }],
      stated: { en: 'for tenants with a high risk tier', id: 'untuk tenant dengan tingkat risiko tinggi' },
      when: ({ tenants }) => tenants.some(({ highRisk }) => highRisk),
    },
  ],
  input: {
    protocol: {
      type: 'enum',
      optional: true,
      prefill: 'protocol',
      label: { en: 'Protocol', id: 'Protokol' },
      values: { saml: { label: { en: 'SAML', id: 'SAML' } }, oidc: { label: { en: 'OpenID Connect', id: 'OpenID Connect' } } },
    },
    issuerUrl: {
      type: 'url',
      maxLength: 500,
      optional: true,
      prefill: 'issuerUrl',
      label: { en: 'Issuer', id: 'Penerbit' },
      help: { en: 'An https address.', id: 'Alamat https.' },
    },
    entityId: { type: 'text', minLength: 1, maxLength: 300, optional: true, prefill: 'entityId', label: { en: 'Entity or client ID', id: 'ID entitas atau klien' } },
    enforced: {
      type: 'boolean',
      optional: true,
      prefill: 'enforced',
      label: { en: 'Enforced', id: 'Diwajibkan' },
      help: { en: 'Only a verified provider can be enforced.', id: 'Hanya penyedia yang sudah diverifikasi yang dapat diwajibkan.' },
    },
  },
  event: ssoConfigurationChanged,
  async run(tx, { target, input, now }) {
    const protocol = input.protocol ?? target.protocol;
    const issuerUrl = typeof input.issuerUrl === 'string' ? secureAddress(input.issuerUrl) : target.issuerUrl;
    const entityId = input.entityId ?? target.entityId;
    const isOtherProvider = protocol !== target.protocol || issuerUrl !== target.issuerUrl || entityId !== target.entityId;
    const enforced = input.enforced ?? (target.enforced === true && !isOtherProvider);
    if (!isOtherProvider && enforced === target.enforced) throw badInput('something must differ from the present settings', 'protocol', 'issuerUrl', 'entityId', 'enforced');
    if (enforced && (isOtherProvider || target.status !== 'active')) throw badInput('only a verified provider can be enforced', 'enforced');
    const changed = await tx
      .withTables<SecuritySettingsTables>()
      .updateTable('product.sso_configuration')
      .set({
        ...(isSupported(protocol) && { protocol }),
        ...(issuerUrl !== null && { issuer_url: issuerUrl }),
        ...(entityId !== null && { entity_id: entityId }),
        ...(isOtherProvider && { status: 'unverified' as const, last_verified_at: null }),
        enforced,
        changed_at: now,
      })
      .where('id', '=', target.id)
      .returning('id')
      .executeTakeFirst();
    if (!changed) throw new GatewayError('CONFLICT');
    return { outbox: [{ job: 'deliver-message', payload: { template: 'sso-configuration-changed', ssoConfigurationId: target.id } }] };
  },
});

const isSupported = (protocol: string | null): protocol is SsoConfigurationTable['protocol'] => protocol === 'saml' || protocol === 'oidc';

/** Of an identity provider: https, and no password or fragment that would end in a log. */
function secureAddress(address: string): string {
  const url = URL.parse(address);
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '' || url.hash !== '') throw badInput('must be a plain https address', 'issuerUrl');
  return address;
}

const badInput = (message: string, ...names: readonly string[]): GatewayError =>
  new GatewayError('BAD_INPUT', undefined, { issues: names.map((name) => ({ path: `input.${name}`, message })) });
