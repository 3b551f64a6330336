import { answer, type Change, type Decision, insert, refuse } from '../changes.ts';
import type { Refusal } from '../errors.ts';
import { given } from '../given.ts';
import { AUTHORIZATION_CODE_LIFETIME_MS, USED_CODE_MEMORY_MS } from '../lifetimes.ts';
import type { Digest, Instant } from '../model.ts';
import { lockRow, one, type StateOf } from '../plan.ts';
import { refuseGrantType, refuseScopes } from '../rules/authorized.ts';
import { consentChange, consentEntry, consentIdOf, covers } from '../rules/consents.ts';
import { begin, type Issued, type NewTokens } from '../rules/grants.ts';
import { refuseAudience } from '../rules/resource-servers.ts';
import { rule } from '../rules/rule.ts';
import { CLIENT } from '../tables/clients.ts';
import { CONSENT, type Consent } from '../tables/consents.ts';
import type { Place } from '../tables/families.ts';
import { RESOURCE_SERVER } from '../tables/resource-servers.ts';
import { SINGLE_USE } from '../tables/single-use.ts';
import { SUBJECT } from '../tables/subjects.ts';
import { TENANT, type Tenant } from '../tables/tenants.ts';
import { matchesRedirectUri } from '../text/redirect-uris.ts';
import type { AuthorizationCodePayload } from './redeem-authorization-code.ts';

/** What a user agreed to: writes the consent, and gives the client a code, or tokens where it is allowed those at once. */
export interface Authorize {
  readonly kind: 'authorize';
  readonly tenantId: string;
  /** The user. */
  readonly subjectId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly audience: string | null;
  readonly redirectUri: string;
  /** The user was not asked again: what stands must cover all of it. */
  readonly isUnasked?: boolean;
  /** Of the user's browser. */
  readonly place?: Place | undefined;
  readonly response:
    | {
        readonly type: 'code';
        readonly digest: Digest;
        readonly redirectWasGiven: boolean;
        readonly codeChallenge: string | null;
      }
    | {
        readonly type: 'token';
        readonly familyId: string;
        readonly tokens: NewTokens;
        /** With a refresh token where the client is registered for it. */
        readonly withRefresh?: boolean;
      };
}

export type AuthorizeAnswer = { readonly redeemUntil: Instant } | { readonly issued: Issued };

export const authorize = rule<Authorize>()({
  kind: 'authorize',
  // The tenant: who withdraws the consent meanwhile comes before or after.
  plan: ({ tenantId, subjectId, clientId, audience }) => ({
    locks: [lockRow(TENANT, { tenantId })],
    reads: {
      tenant: one(TENANT, { tenantId }),
      client: one(CLIENT, { clientId }),
      subject: one(SUBJECT, { subjectId }),
      consent: one(CONSENT, { consentId: consentIdOf(tenantId, subjectId, clientId) }),
      server: one(RESOURCE_SERVER, audience === null ? undefined : { tenantId, resourceServerId: audience }),
    },
  }),
  decide: (state, command, now): Decision<AuthorizeAnswer> => {
    const { tenant, consent } = state;
    const refusal = refuseRequest(state, command) ?? refuseUnasked(consent, command);
    if (refusal !== undefined || tenant === undefined) {
      return refuse(refusal ?? GONE);
    }
    const changes = consentChange(command, consent, command, tenant, now);
    const { response } = command;
    if (response.type === 'code') {
      const redeemUntil = now + AUTHORIZATION_CODE_LIFETIME_MS;
      return answer({ redeemUntil }, [...changes, codeRow(command, response, tenant, redeemUntil)]);
    }
    return beginAtOnce(state, command, response, changes, now);
  },
  audit: ({ tenantId, subjectId, clientId, scopes }, _state, { changes }) =>
    changes.some(({ table }) => table.name === CONSENT.name)
      ? consentEntry({ tenantId, subjectId, clientId }, scopes)
      : undefined,
});

type State = StateOf<ReturnType<typeof authorize.plan>['reads']>;

/** What was checked before the user was asked may have changed while the user thought. */
function refuseRequest({ tenant, client, subject, server }: State, command: Authorize): Refusal | undefined {
  const { tenantId, redirectUri, scopes, audience, response } = command;
  if (tenant === undefined || tenant.disabled || client?.tenantId !== tenantId || client.disabled) {
    return GONE;
  }
  if (subject?.tenantId !== tenantId || subject.kind !== 'user' || subject.disabled) {
    return { code: 'access_denied', message: 'The user may not authorize anybody' };
  }
  if (!client.redirectUris.some((registered) => matchesRedirectUri(registered, redirectUri))) {
    return { code: 'invalid_argument', message: 'redirect_uri is not one that the client registered' };
  }
  const refused = refuseScopes(client, scopes);
  if (refused !== undefined) {
    return refused;
  }
  return (
    refuseAudience({ audience, scopes }, server) ??
    refuseGrantType(client, response.type === 'code' ? 'authorization_code' : 'implicit')
  );
}

/** It may have been withdrawn since it was looked at, and who takes it back must not find it again. */
function refuseUnasked(consent: Consent | undefined, command: Authorize): Refusal | undefined {
  return command.isUnasked === true && !covers(consent, command) ? CONSENT_REQUIRED : undefined;
}

export const CONSENT_REQUIRED: Refusal = { code: 'access_denied', message: 'The user has to be asked' };

const GONE: Refusal = {
  code: 'unauthorized_client',
  message: 'client_id names no client that may ask for authorization',
};

type CodeResponse = Extract<Authorize['response'], { type: 'code' }>;

function codeRow(
  { tenantId, subjectId, clientId, scopes, audience, redirectUri, place }: Authorize,
  { digest, redirectWasGiven, codeChallenge }: CodeResponse,
  { revision }: Tenant,
  redeemUntil: Instant,
): Change {
  const payload: AuthorizationCodePayload = {
    redirectUri,
    redirectWasGiven,
    codeChallenge,
    scopes,
    audience,
    consentId: consentIdOf(tenantId, subjectId, clientId),
    issueRevision: revision,
    redeemUntil,
    ...given({ place }),
  };
  const row = { digest, purpose: 'authorization_code', tenantId, subjectId, clientId, familyId: null } as const;
  return insert(SINGLE_USE, { ...row, payload: { ...payload }, expireTime: redeemUntil + USED_CODE_MEMORY_MS });
}

function beginAtOnce(
  { tenant, client }: State,
  { tenantId, subjectId, clientId, scopes, audience, place }: Authorize,
  { familyId, tokens, withRefresh = false }: Extract<Authorize['response'], { type: 'token' }>,
  changes: readonly Change[],
  now: Instant,
): Decision<AuthorizeAnswer> {
  const consentId = consentIdOf(tenantId, subjectId, clientId);
  const whose = { tenantId, clientId, refreshClientId: clientId, subjectId, tokenKind: 'USER' } as const;
  const grant = { ...whose, scopes, audience, consentId, familyId, tokens, withRefresh, place };
  const begun = begin(grant, tenant, client, now);
  return 'refusal' in begun.outcome ? begun : answer(begun.outcome.answer, [...changes, ...begun.changes]);
}
