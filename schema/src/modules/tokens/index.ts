import { defineModule } from '../../vocabulary/define-module.ts';
import { accessToken } from './access-token.resource.ts';
import { createToken } from './create-token.action.ts';
import { createTokens, readAllTokens, readTokens, revokeAnyTokens, revokeTokens } from './permissions.ts';
import { revokeAnyToken, revokeToken } from './revoke-token.action.ts';
import { tokenSettings } from './settings.ts';
import { signingKeyRotated, tokenCreated, tokenExchanged, tokenExchangeRefused, tokenRefused, tokenRevoked } from './token.event.ts';

/** Short-lived tokens with which people let their tooling act, and signed ones for services behind the gateway. */
export const tokens = defineModule({
  name: 'tokens',
  label: { en: 'Tokens', id: 'Token' },
  description: { en: 'What people let their tooling do in their name.', id: 'Yang boleh dilakukan perkakas atas nama orang.' },
  icon: 'Key',
  permissions: [readTokens, readAllTokens, createTokens, revokeTokens, revokeAnyTokens],
  resources: [accessToken],
  actions: [createToken, revokeToken, revokeAnyToken],
  events: [tokenCreated, tokenRevoked, tokenExchanged, tokenExchangeRefused, tokenRefused, signingKeyRotated],
  everyone: [readTokens, createTokens, revokeTokens],
  roles: {
    'security-operator': [readAllTokens, revokeAnyTokens],
    'platform-admin': [readAllTokens, revokeAnyTokens],
    'compliance-auditor': [readAllTokens],
  },
  settings: tokenSettings,
});
