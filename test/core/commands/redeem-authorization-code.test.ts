import { expect, it } from 'vitest';
import {
  type AuthorizationCodePayload,
  type RedeemAuthorizationCode,
  redeemAuthorizationCode,
} from '../../../src/core/commands/redeem-authorization-code.ts';
import { consentIdOf } from '../../../src/core/rules/consents.ts';
import { digestOf } from '../../../src/core/secrets.ts';
import type { Consent } from '../../../src/core/tables/consents.ts';
import { FAMILY, type Family } from '../../../src/core/tables/families.ts';
import type { ResourceServer } from '../../../src/core/tables/resource-servers.ts';
import type { SingleUse } from '../../../src/core/tables/single-use.ts';
import { changesOf, resultOf } from './decisions.ts';
import { client, FAMILY_ID, family, MINUTE, NEW_TOKENS, NOW, subject, tenant } from './rows.ts';

type State = Parameters<typeof redeemAuthorizationCode.decide>[0];

const API = 'https://api.example';
const CONSENT_ID = consentIdOf('acme', 'ann', 'app');
const PAYLOAD: AuthorizationCodePayload = {
  redirectUri: 'https://app.example/back',
  redirectWasGiven: true,
  codeChallenge: 'c',
  scopes: ['read'],
  audience: null,
  consentId: CONSENT_ID,
  issueRevision: 5,
  redeemUntil: NOW + MINUTE,
};

function code(fields: Partial<SingleUse> = {}, payload: Partial<AuthorizationCodePayload> = {}): SingleUse {
  const own = { digest: digestOf('code'), purpose: 'authorization_code', familyId: null } as const;
  const whose = { tenantId: 'acme', subjectId: 'ann', clientId: 'app', expireTime: NOW + MINUTE };
  return { ...own, ...whose, payload: { ...PAYLOAD, ...payload }, ...fields };
}

function consent(fields: Partial<Consent> = {}): Consent {
  const whose = { consentId: CONSENT_ID, tenantId: 'acme', subjectId: 'ann', clientId: 'app' };
  return { ...whose, scopes: ['read'], cutoff: 5, grantTime: NOW, withdrawTime: null, ...fields };
}

const server: ResourceServer = {
  tenantId: 'acme',
  resourceServerId: API,
  displayName: 'API',
  scopes: [],
  clientIds: [],
  cutoff: 0,
  createTime: NOW,
};

const CLIENT = client({ grants: ['authorization_code'] });
const STATE: State = {
  tenant: tenant(),
  code: code(),
  client: CLIENT,
  server: undefined,
  subject: subject(),
  consent: consent(),
  given: undefined,
  endNodes: [],
};
const COMMAND: RedeemAuthorizationCode = {
  kind: 'redeem_authorization_code',
  tenantId: 'acme',
  clientId: 'app',
  digest: digestOf('code'),
  redirectUri: PAYLOAD.redirectUri,
  challenge: 'c',
  familyId: FAMILY_ID,
  tokens: NEW_TOKENS,
};

const DONE = ['set single_use familyId', 'insert family'];
const REPLAY = ['set family revokedRevision', 'set tenant revision', 'insert revocation'];
const WRONG = 'invalid_grant';
const used = { code: code({ familyId: FAMILY_ID }), given: family() };

it.each<[string, Partial<State>, Partial<RedeemAuthorizationCode>, string, string[]]>([
  ['a code that is right', {}, {}, 'ok', DONE],
  ['no code', { code: undefined }, {}, WRONG, []],
  ['a code of another kind', { code: code({ purpose: 'device_code' }) }, {}, WRONG, []],
  ['a code of another client', { code: code({ clientId: 'b' }) }, {}, WRONG, []],
  ['a code of another tenant', { code: code({ tenantId: 'b' }) }, {}, WRONG, []],
  ['a code that came too late', { code: code({}, { redeemUntil: NOW }) }, {}, WRONG, []],
  ['a code of a clock that was ahead', { code: code({ expireTime: NOW + 48 * 60 * MINUTE }) }, {}, WRONG, []],
  ['a client that is gone', { client: undefined }, {}, WRONG, []],
  ['a client that was disabled', { client: { ...CLIENT, disabled: true } }, {}, WRONG, []],
  ['a client that was cut off', { client: { ...CLIENT, cutoff: 6 } }, {}, WRONG, []],
  ['a client without the grant', { client: client() }, {}, 'unauthorized_client', []],
  ['a client that has lost a scope', { client: { ...CLIENT, scopes: [] } }, {}, 'scope_not_allowed', []],
  ['a tenant that is gone', { tenant: undefined }, {}, WRONG, []],
  ['a tenant that was disabled', { tenant: tenant({ disabled: true }) }, {}, WRONG, []],
  ['a tenant that was cut off', { tenant: tenant({ cutoff: 6 }) }, {}, WRONG, []],
  ['a user who is gone', { subject: undefined }, {}, WRONG, []],
  ['a user who was disabled', { subject: subject({ disabled: true }) }, {}, WRONG, []],
  ['a user who was cut off', { subject: subject({ cutoff: 6 }) }, {}, WRONG, []],
  ['a consent that is gone', { consent: undefined }, {}, WRONG, []],
  ['a consent that was withdrawn', { consent: consent({ withdrawTime: NOW }) }, {}, WRONG, []],
  ['a consent that was granted anew', { consent: consent({ cutoff: 6 }) }, {}, WRONG, []],
  ['another redirect URI', {}, { redirectUri: 'https://evil.example' }, WRONG, []],
  ['no redirect URI where one was given', {}, { redirectUri: undefined }, WRONG, []],
  ['none where none was', { code: code({}, { redirectWasGiven: false }) }, { redirectUri: undefined }, 'ok', DONE],
  ['another challenge', {}, { challenge: 'd' }, WRONG, []],
  ['no verifier', {}, { challenge: undefined }, WRONG, []],
  ['a verifier where no challenge was', { code: code({}, { codeChallenge: null }) }, {}, WRONG, []],
  ['neither', { code: code({}, { codeChallenge: null }) }, { challenge: undefined }, 'ok', DONE],
  [
    'neither of a client that became public',
    { code: code({}, { codeChallenge: null }), client: { ...CLIENT, confidential: false } },
    { challenge: undefined },
    WRONG,
    [],
  ],
  ['one resource server of any', { server }, { resource: API }, 'ok', DONE],
  ['the one that was authorized', { server, code: code({}, { audience: API }) }, { resource: API }, 'ok', DONE],
  ['none of one that was authorized', { code: code({}, { audience: API }) }, {}, 'ok', DONE],
  [
    'another than was authorized',
    { server, code: code({}, { audience: 'b' }) },
    { resource: API },
    'invalid_target',
    [],
  ],
  ['a resource server that is unknown', {}, { resource: API }, 'invalid_target', []],
  ['a used code', used, {}, WRONG, REPLAY],
  ['a used code, too late', { ...used, code: code({ familyId: FAMILY_ID }, { redeemUntil: 0 }) }, {}, WRONG, REPLAY],
  ['a used code, with another verifier', used, { challenge: 'd' }, WRONG, REPLAY],
  ['a used code of a client that has lost the grant', { ...used, client: client() }, {}, WRONG, REPLAY],
  ['a used code of another client', { ...used, code: code({ familyId: FAMILY_ID, clientId: 'b' }) }, {}, WRONG, []],
  ['a used code whose login was ended', { ...used, given: family({ revokedRevision: 4 }) }, {}, WRONG, []],
  ['a used code whose login is forgotten', { ...used, given: undefined }, {}, WRONG, []],
])('%s', (_, fields, command, result, changes) => {
  const decision = redeemAuthorizationCode.decide({ ...STATE, ...fields }, { ...COMMAND, ...command }, NOW);
  expect([resultOf(decision), changesOf(decision)]).toEqual([result, changes]);
});

it('begins a family that hangs on the consent, for the resource server that was asked for', () => {
  const { changes } = redeemAuthorizationCode.decide({ ...STATE, server }, { ...COMMAND, resource: API }, NOW);
  const begun = changes.find((change) => change.change === 'insert' && change.table.name === FAMILY.name);
  expect(begun && 'row' in begun ? (begun.row as Family) : undefined).toMatchObject({
    consentId: CONSENT_ID,
    audience: API,
    scopes: ['read'],
    kind: 'USER',
    subjectId: 'ann',
    clientId: 'app',
    refresh: null,
  });
});
