import type { ConsentServiceService } from '../../../gen/ts/symbolon/v1/consent_service.ts';
import { listConsents, withdrawConsent } from '../../core/operations/consents.ts';
import { parseConsentUser, parseWithdrawal, toConsentMessage } from '../messages/consents.ts';
import { ending, type Methods, read } from './method.ts';

export const CONSENT_METHODS: Methods<keyof typeof ConsentServiceService> = {
  listConsents: read(async (services, call, request) => {
    const { items, nextPageToken } = await listConsents(services, call, parseConsentUser(request), request);
    return { consents: items.map(toConsentMessage), nextPageToken };
  }),
  withdrawConsent: ending((services, call, request) => {
    const { consentId, userAccessToken } = parseWithdrawal(request);
    return withdrawConsent(services, call, consentId, userAccessToken);
  }),
};
