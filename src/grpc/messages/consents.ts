/** The messages about what users granted to clients. */
import type {
  GrantedConsent,
  ListConsentsRequest,
  WithdrawConsentRequest,
} from '../../../gen/ts/symbolon/v1/consent_service.ts';
import type { UserRef } from '../../core/operations/access.ts';
import type { ListedConsent } from '../../core/operations/consents.ts';
import { scopesOf } from '../../core/rules/consents.ts';
import { missing, parseId } from './fields.ts';
import { toTimestamp } from './time.ts';

export function parseConsentUser({
  user,
}: ListConsentsRequest): Extract<UserRef, { readonly by: 'user_id' | 'access_token' }> {
  switch (user?.$case) {
    case undefined:
      throw missing('user');
    case 'userId':
      return { by: 'user_id', userId: parseId(user.value, 'user_id') };
    case 'accessToken':
      return { by: 'access_token', accessToken: user.value };
  }
}

/** An empty token is none. */
export function parseWithdrawal({ consentId, userAccessToken }: WithdrawConsentRequest) {
  return { consentId, userAccessToken: userAccessToken === '' ? undefined : userAccessToken };
}

export function toConsentMessage({ consent, clientName }: ListedConsent): GrantedConsent {
  const { consentId, clientId, grantTime } = consent;
  return { consentId, clientId, clientName, scopes: [...scopesOf(consent)], grantTime: toTimestamp(grantTime) };
}
