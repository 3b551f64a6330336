/** Whether a token is live, and what it is (RFC 7662). */

import { NEVER } from '../../core/lifetimes.ts';
import { MAX_TOKEN } from '../../core/names.ts';
import type { Call } from '../../core/operations/authenticate.ts';
import { type Introspection, introspect, introspectNow, type LiveToken } from '../../core/operations/introspect.ts';
import { isPermitted } from '../../core/permissions.ts';
import type { Answer } from '../answer.ts';
import type { Issuer } from '../issuers.ts';
import { OAuthError } from './errors.ts';
import type { Form } from './form.ts';
import { answerOf } from './headers.ts';
import type { Endpoint } from './serving.ts';

export const INTROSPECT: Endpoint = {
  name: 'oauth2.introspect',
  path: '/introspect',
  logLevel: 'debug',
  takesBearer: true,
  takesKnownCaller: true,
  runNow: (services, call, { issuer, form }) => {
    if (!isPermitted(call.caller, 'introspect')) {
      return undefined;
    }
    const found = introspectNow(services, call, { token: tokenIn(form) });
    return found && introspectionAnswer(found, issuer);
  },
  run: async (services, call, { issuer, form }) => {
    requireRight(call);
    return introspectionAnswer(await introspect(services, call, { token: tokenIn(form) }), issuer);
  },
};

/** Of a server of another kind it may be of any length. */
const NONE_OF_OURS = 'x';

export function tokenIn(form: Form): string {
  const token = form.required('token');
  return token.length > MAX_TOKEN || token.includes('\0') ? NONE_OF_OURS : token;
}

/** RFC 7662 section 2.1: who asks must prove itself. */
function requireRight({ caller }: Call): void {
  if (isPermitted(caller, 'introspect')) {
    return;
  }
  if (caller.standings.includes('public')) {
    throw new OAuthError('invalid_client', 'The client must prove itself, and have the role introspect or admin');
  }
  const refusal = caller.credential.kind === 'bearer' ? 'invalid_token' : 'not_permitted';
  throw new OAuthError(refusal, 'The client must have the role introspect or admin');
}

const INACTIVE = answerOf({ active: false });
const MS = 1_000;

function introspectionAnswer(found: Introspection, issuer: Issuer): Answer {
  return found.active ? answerOf(membersOf(found, issuer)) : INACTIVE;
}

/** RFC 7662 section 2.2; `kind` is ours. */
function membersOf(token: LiveToken, { url }: Issuer): object {
  const { clientId, scopes, kind, subjectId, tokenId, issueTime, expireTime, audience } = token;
  return {
    active: true,
    scope: scopes.join(' '),
    ...(clientId === '' ? {} : { client_id: clientId }),
    token_type: 'Bearer',
    ...(expireTime === NEVER ? {} : { exp: Math.floor(expireTime / MS) }),
    iat: Math.floor(issueTime / MS),
    sub: subjectId,
    ...(audience === null ? {} : { aud: audience }),
    iss: url,
    jti: tokenId,
    kind,
  };
}
