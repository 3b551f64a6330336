import { describe, expect, it } from 'vitest';
import { begin, type Grant } from '../../../src/core/rules/grants.ts';
import type { Family } from '../../../src/core/tables/families.ts';
import { client, FAMILY_ID, NEW_TOKENS, NOW, tenant } from './rows.ts';

const DAY = 86_400_000;
const GRANT: Grant = {
  tenantId: 'acme',
  clientId: 'app',
  refreshClientId: 'app',
  subjectId: 'ann',
  tokenKind: 'USER',
  scopes: [],
  familyId: FAMILY_ID,
  tokens: NEW_TOKENS,
};
const BY_CONSENT: Grant = { ...GRANT, consentId: 'co_1' };
const REFRESHING = client({ grants: ['authorization_code', 'refresh_token'] });
const NOT_REFRESHING = client({ grants: ['authorization_code'] });

function familyOf(grant: Grant, policy: object, of = REFRESHING): Family {
  const { changes } = begin(grant, tenant({ policy }), of, NOW);
  return (changes[0] as unknown as { row: Family }).row;
}

describe('a refresh token', () => {
  const OFF = { refreshEnabled: false };
  it.each<[string, Grant, object, typeof REFRESHING, boolean]>([
    ['comes by consent where the client is registered for it', BY_CONSENT, {}, REFRESHING, true],
    ['comes by consent where the tenant never refreshes', BY_CONSENT, OFF, REFRESHING, true],
    ['does not come by consent to other clients', BY_CONSENT, {}, NOT_REFRESHING, false],
    ['does not come where the grant says so', { ...BY_CONSENT, withRefresh: false }, {}, REFRESHING, false],
    ['does not come without consent where the grant says so', { ...GRANT, withRefresh: false }, {}, REFRESHING, false],
    ['comes without consent as the tenant says', GRANT, {}, NOT_REFRESHING, true],
    ['does not come without consent where the tenant never refreshes', GRANT, OFF, REFRESHING, false],
    ['never comes to nobody in particular', { ...BY_CONSENT, tokenKind: 'ANONYMOUS' }, {}, REFRESHING, false],
  ])('%s', (_, grant, policy, of, comes) => {
    expect(familyOf(grant, policy, of).refresh !== null).toBe(comes);
  });
});

it('a family has the audience and the consent of its grant, and the lifetimes of consents', () => {
  const policy = { consentTokenLifetimeMs: DAY, consentRefreshLifetimeMs: 2 * DAY, longestTokenLifetimeMs: 5 };
  const audience = 'https://api.example.com/';
  const consented = { audience, consentId: 'co_1', accessExpireTime: NOW + DAY, expireTime: NOW + 2 * DAY };
  expect(familyOf({ ...BY_CONSENT, audience }, policy)).toMatchObject(consented);
  expect(familyOf(GRANT, policy)).toMatchObject({ audience: null, consentId: null, accessExpireTime: NOW + 5 });
});
