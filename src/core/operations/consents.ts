/** What users granted to clients, and taking it back. */
import type { ConsentWithdrawn } from '../commands/withdraw-consent.ts';
import { MAX_ID, MAX_TOKEN } from '../names.ts';
import { requirePermission } from '../permissions.ts';
import type { Services } from '../services/services.ts';
import { CONSENTS, type Consent } from '../tables/consents.ts';
import { besideUser, requireUser, requireUserInPerson, type UserRef } from './access.ts';
import type { Call } from './authenticate.ts';
import { type Listed, listPage, type PageRequest } from './pages.ts';
import { perform } from './perform.ts';
import { requireText } from './validate.ts';

export interface ListedConsent {
  readonly consent: Consent;
  /** Empty of a client without a name. */
  readonly clientName: string;
  /** Empty of a client without a picture. */
  readonly logoUri: string;
}

/** What stands. For admins, and for the user in person. */
export async function listConsents(
  services: Services,
  call: Call,
  ref: Extract<UserRef, { readonly by: 'user_id' | 'access_token' }>,
  page: PageRequest,
): Promise<Listed<ListedConsent>> {
  const { subject, call: acting } = await requireUser(services, call, ref);
  const { tenantId, subjectId } = subject;
  const { items, nextPageToken } = await listPage(
    services,
    acting,
    { name: ['consents', subjectId], list: CONSENTS, by: { tenantId, subjectId } },
    page,
    ({ withdrawTime }) => withdrawTime === null,
  );
  return { items: await Promise.all(items.map((consent) => withClient(services, consent))), nextPageToken };
}

async function withClient({ store }: Services, consent: Consent): Promise<ListedConsent> {
  const client = (await store.readClient(consent.clientId))?.client;
  // An id that was deleted here and taken by another tenant names somebody else.
  const known = client?.tenantId === consent.tenantId ? client : undefined;
  return { consent, clientName: known?.displayName ?? '', logoUri: known?.logoUri ?? '' };
}

/** Ends the logins that came by a consent. The user in person learns of none but its own. */
export async function withdrawConsent(
  services: Services,
  call: Call,
  consentId: string,
  userAccessToken?: string,
): Promise<ConsentWithdrawn> {
  if (userAccessToken === undefined) {
    requirePermission(call.caller, 'manage_subjects');
    requireText(consentId, 'consent_id', MAX_ID);
    const { tenantId } = call.caller;
    return perform(services, call, 'manage_subjects', { kind: 'withdraw_consent', tenantId, consentId });
  }
  requireText(userAccessToken, 'user_access_token', MAX_TOKEN);
  requireText(consentId, 'consent_id', MAX_ID);
  const ref = { by: 'access_token', accessToken: userAccessToken } as const;
  const { subject, permission, call: acting } = await requireUser(services, call, ref);
  const { tenantId, subjectId: onlyUserId } = subject;
  return besideUser(services, call, userAccessToken, () =>
    perform(services, acting, permission, { kind: 'withdraw_consent', tenantId, consentId, onlyUserId }),
  );
}

/** By a call that is the user's own, with no client that presents a token. Consents of others are as unknown. */
export async function withdrawOwnConsent(services: Services, call: Call, consentId: string): Promise<ConsentWithdrawn> {
  const { id: onlyUserId } = requireUserInPerson(call);
  requireText(consentId, 'consent_id', MAX_ID);
  const { tenantId } = call.caller;
  return perform(services, call, 'act_for_user', { kind: 'withdraw_consent', tenantId, consentId, onlyUserId });
}
