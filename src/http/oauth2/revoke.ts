/** The end of a token, by the client that it was issued to (RFC 7009). It ends the whole login. */
import { SymbolonError } from '../../core/errors.ts';
import { revoke } from '../../core/operations/revoke.ts';
import { OAuthError } from './errors.ts';
import { DONE } from './headers.ts';
import { tokenIn } from './introspect.ts';
import type { Endpoint } from './serving.ts';

export const REVOKE: Endpoint = {
  name: 'oauth2.revoke',
  path: '/revoke',
  logLevel: 'info',
  run: async (services, call, { form }) => {
    await revoke(services, call, { by: 'token', token: tokenIn(form), isOwnOnly: true }).catch(asRefused);
    return DONE;
  },
};

/** RFC 7009 section 2.1: who is not the one that it was issued to is told so. What nobody has is as revoked (section 2.2). */
function asRefused(error: unknown): never {
  throw error instanceof SymbolonError && error.code === 'permission_denied'
    ? new OAuthError('invalid_grant', 'token was issued to another client', {}, 'permission_denied')
    : error;
}
