/** The token endpoint: a grant for tokens (RFC 6749 sections 3.2, 5.1 and 6). */
import type { Instant } from '../../core/model.ts';
import type { IssuedTokens } from '../../core/operations/new-tokens.ts';
import type { Client } from '../../core/tables/clients.ts';
import type { Answer } from '../answer.ts';
import { clientOf, knownClientOf, requireGrant } from './client.ts';
import { OAuthError } from './errors.ts';
import { GRANTS } from './grants.ts';
import { answerOf } from './headers.ts';
import type { Endpoint } from './serving.ts';

export const TOKEN: Endpoint = {
  name: 'oauth2.token',
  path: '/token',
  logLevel: 'info',
  // Each grant ends in a transaction, which looks whether the caller still stands.
  takesKnownCaller: true,
  run: async (services, call, { form }) => {
    const grant = GRANTS.get(form.required('grant_type'));
    if (grant === undefined) {
      const message = `grant_type must be one of ${[...GRANTS.keys()].join(', ')}`;
      throw new OAuthError('unsupported_grant_type', message);
    }
    const client = await (grant.isHeldByCore ? knownClientOf : clientOf)(services, call);
    requireGrant(client, grant.needs);
    const issued = await grant.run({ services, call, client, form });
    return tokenAnswer(issued, client, services.clock());
  },
};

const SECOND_MS = 1_000;

/** `expires_in` is rounded so that nobody believes a token for longer than it lives. */
export function tokenAnswer(issued: IssuedTokens, { grants }: Client, now: Instant): Answer {
  const { accessToken, refreshToken, expireTime, scopes } = issued;
  // Who may not refresh has no use for it.
  const isRefreshed = refreshToken !== undefined && grants.includes('refresh_token');
  return answerOf({
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: Math.max(0, Math.floor((expireTime - now) / SECOND_MS)),
    ...(isRefreshed ? { refresh_token: refreshToken } : {}),
    scope: scopes.join(' '),
  });
}
