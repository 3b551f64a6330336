import { type Decision, refuse } from '../changes.ts';
import { INVALID_GRANT } from '../errors.ts';
import { AUTHORIZATION_CODE_LIFETIME_MS, USED_CODE_MEMORY_MS } from '../lifetimes.ts';
import type { Instant } from '../model.ts';
import { lockRow, one } from '../plan.ts';
import {
  type Authorized,
  beginAuthorized,
  type Redeeming,
  readAuthorized,
  readServer,
  refuseGrantType,
  refuseReplay,
} from '../rules/authorized.ts';
import type { Issued } from '../rules/grants.ts';
import { entry, rule } from '../rules/rule.ts';
import { CLIENT, type Client } from '../tables/clients.ts';
import { SINGLE_USE, type SingleUse } from '../tables/single-use.ts';
import { TENANT } from '../tables/tenants.ts';
import { beganInFuture } from '../wrong-clock.ts';

/** What the row of an authorization code keeps of the request that it answers. */
export interface AuthorizationCodePayload extends Authorized {
  readonly redirectUri: string;
  /** Whether the request named it; then the token call must too (RFC 6749 section 4.1.3). */
  readonly redirectWasGiven: boolean;
  /** Of the method S256; null: none. */
  readonly codeChallenge: string | null;
  /** The row outlives this, so that a replay is seen. */
  readonly redeemUntil: Instant;
}

/** Begins the family of a user who agreed, for the client that brings the code (RFC 6749 section 4.1.3). */
export interface RedeemAuthorizationCode extends Redeeming {
  readonly kind: 'redeem_authorization_code';
  readonly redirectUri?: string | undefined;
  /** RFC 7636 section 4.6: the base64url of the SHA-256 of the verifier; absent without one. */
  readonly challenge?: string | undefined;
}

export const redeemAuthorizationCode = rule<RedeemAuthorizationCode>()({
  kind: 'redeem_authorization_code',
  // The code: of two that bring it, the second is a replay. The tenant is read before what may be cut off, as Issue does.
  plan: (command) => ({
    locks: [lockRow(SINGLE_USE, { digest: command.digest })],
    reads: {
      tenant: one(TENANT, { tenantId: command.tenantId }),
      code: one(SINGLE_USE, { digest: command.digest }),
      client: one(CLIENT, { clientId: command.clientId }),
      server: readServer(command),
    },
  }),
  follow: ({ code }) => readAuthorized(code, code && payloadOf(code)),
  decide: (state, command, now): Decision<{ readonly issued: Issued }> => {
    const { code, client } = state;
    if (code === undefined || client === undefined || !isBound(code, command)) {
      return refuse(INVALID_GRANT);
    }
    if (code.familyId !== null) {
      return refuseReplay(state, now);
    }
    const refusal = refuseGrantType(client, 'authorization_code');
    if (refusal !== undefined) {
      return refuse(refusal);
    }
    const payload = payloadOf(code);
    return isInTime(code, payload, now) && matches(payload, client, command)
      ? beginAuthorized(code, payload, state, command, now)
      : refuse(INVALID_GRANT);
  },
  audit: ({ tenantId }, { code }, { outcome }) =>
    'refusal' in outcome ? entry(tenantId, 'code_reuse', 'family', code?.familyId ?? '') : undefined,
});

function payloadOf({ payload }: SingleUse): AuthorizationCodePayload {
  return payload as unknown as AuthorizationCodePayload;
}

/** RFC 6749 section 10.5: to the client that it was given to. */
function isBound({ purpose, tenantId, clientId }: SingleUse, command: RedeemAuthorizationCode): boolean {
  return purpose === 'authorization_code' && tenantId === command.tenantId && clientId === command.clientId;
}

function isInTime({ expireTime }: SingleUse, { redeemUntil }: AuthorizationCodePayload, now: Instant): boolean {
  return redeemUntil > now && !beganInFuture(expireTime, AUTHORIZATION_CODE_LIFETIME_MS + USED_CODE_MEMORY_MS, now);
}

/**
 * Whether the token call belongs to the request for authorization. A verifier where there was no challenge is refused: somebody took the
 * challenge out of the request (RFC 9700 section 4.8.2).
 */
function matches(
  { redirectUri, redirectWasGiven, codeChallenge }: AuthorizationCodePayload,
  { confidential }: Pick<Client, 'confidential'>,
  command: RedeemAuthorizationCode,
): boolean {
  const isSameRedirect = command.redirectUri === undefined ? !redirectWasGiven : command.redirectUri === redirectUri;
  const isSameChallenge = (command.challenge ?? null) === codeChallenge;
  return isSameRedirect && isSameChallenge && (confidential || codeChallenge !== null);
}
