/** Giving a client what the signed-in user agreed to. */
import { SymbolonError } from '../errors.ts';
import { AUTHORIZATION_CODE_PREFIX, digestOf, formatSecret, SECRET_BYTES } from '../secrets.ts';
import type { Services } from '../services/services.ts';
import type { Call } from './authenticate.ts';
import type { CheckedAuthorization } from './check-authorization.ts';
import { type IssuedTokens, issuedTokens, newFamily } from './new-tokens.ts';
import { noteIssued } from './notes.ts';
import { perform } from './perform.ts';
import { placeOf } from './places.ts';

/** What goes back to the client, behind its redirect URI. */
export type AuthorizationResponse = { readonly code: string } | { readonly tokens: IssuedTokens };

export interface HowAuthorized {
  /** `findConsent` said that the user need not be asked. It must still be so. */
  readonly isUnasked?: boolean;
  /** Tokens that are given at once have a refresh token, for clients that are registered for it. RFC 6749 section 4.2.2 forbids that. */
  readonly withRefresh?: boolean;
}

/**
 * Writes the consent and answers a code, or tokens where the client is allowed those at once. To be called when the user agreed.
 * `isUnasked`: `findConsent` said that the user need not be asked, which must still be so; else it is `access_denied`.
 */
export async function authorize(
  services: Services,
  call: Call,
  checked: CheckedAuthorization,
  { isUnasked = false, withRefresh = false }: HowAuthorized = {},
): Promise<AuthorizationResponse> {
  const { tenantId } = call.caller;
  const { client, redirectUri, redirectWasGiven, scopes, audience, codeChallenge, responseType } = checked;
  const subjectId = requireSignedInUser(call);
  const asked = {
    kind: 'authorize',
    tenantId,
    subjectId,
    clientId: client.clientId,
    scopes,
    audience,
    redirectUri,
    isUnasked,
    place: placeOf(call, 'USER'),
  } as const;
  if (responseType === 'code') {
    const code = formatSecret(AUTHORIZATION_CODE_PREFIX, services.random(SECRET_BYTES));
    const response = { type: 'code', digest: digestOf(code), redirectWasGiven, codeChallenge } as const;
    await perform(services, call, 'act_for_user', { ...asked, response });
    return { code };
  }
  const { pair, begun } = await newFamily(services, 'USER', call);
  const answered = await perform(services, call, 'act_for_user', {
    ...asked,
    response: { type: 'token', ...begun, withRefresh },
  });
  if (!('issued' in answered)) {
    throw new SymbolonError('internal', 'The server failed: no tokens were issued');
  }
  noteIssued(call.notes, answered.issued);
  return { tokens: issuedTokens(answered.issued, pair) };
}

/** The user who is signed in at the pages. Nobody agrees in another's name. */
export function requireSignedInUser({ caller }: Call): string {
  if (caller.subject?.kind !== 'user') {
    throw new SymbolonError('permission_denied', 'Only a user who is signed in may authorize a client');
  }
  return caller.subject.id;
}
