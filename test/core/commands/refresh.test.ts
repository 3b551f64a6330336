import { describe, expect, it } from 'vitest';
import { type Refresh, refresh } from '../../../src/core/commands/refresh.ts';
import { BOX_BYTES } from '../../../src/core/rules/grants.ts';
import { MAX_GENERATION } from '../../../src/core/token-form.ts';
import { changesOf, resultOf } from './decisions.ts';
import {
  client,
  consent,
  FAMILY_ID,
  family,
  MINUTE,
  NEW_TOKENS,
  NOW,
  OLDER,
  PRESENTED,
  REFRESH,
  subject,
  tenant,
} from './rows.ts';

type State = Parameters<typeof refresh.decide>[0];

const STATE: State = {
  tenant: tenant(),
  client: client(),
  subject: subject(),
  family: family(),
  consent: undefined,
  endNodes: [],
};
const CURRENT: Refresh = {
  kind: 'refresh',
  tenantId: 'acme',
  clientId: 'app',
  familyId: FAMILY_ID,
  generation: 3,
  digest: REFRESH,
  tag: 'genuine',
  tokens: NEW_TOKENS,
  box: new Uint8Array(BOX_BYTES).fill(9),
};
const LAST: Refresh = { ...CURRENT, generation: 2, digest: PRESENTED };
const OLD: Refresh = { ...CURRENT, generation: 1, digest: OLDER };

const isOver = { family: family({ refresh: { repeatUntil: NOW } }) };
const REFUSED = 'invalid_refresh_token';
const ROTATE = ['set family generation keyId accessDigest accessIssueTime accessExpireTime refresh'];
const SAME = ['set family generation'];
const THEFT = ['set family revokedRevision', 'set tenant revision', 'insert revocation'];

describe('a token is', () => {
  it.each<[string, Partial<State>, Partial<Refresh>, string, string[]]>([
    ['rotated when it is the current one', {}, CURRENT, 'ok', ROTATE],
    ['rotated whatever its tag says', {}, { ...CURRENT, tag: 'unproven' }, 'ok', ROTATE],
    ['rotated where its key can’t be opened', {}, { ...CURRENT, tag: 'unreadable' }, 'ok', ROTATE],
    ['answered again when it was presented last', {}, LAST, 'ok', SAME],
    ['answered again whatever its tag says', {}, { ...LAST, tag: 'unproven' }, 'ok', SAME],
    ['theft when the time for a repeat is over', isOver, LAST, REFUSED, THEFT],
    ['theft by its digest alone', isOver, { ...LAST, tag: 'unproven' }, REFUSED, THEFT],
    ['theft when it is older', {}, OLD, REFUSED, THEFT],
    ['nothing when it is older and unproven', {}, { ...OLD, tag: 'unproven' }, REFUSED, []],
    [
      'unavailable when it is older and its key can’t be opened',
      {},
      { ...OLD, tag: 'unreadable' },
      'store_unavailable',
      [],
    ],
    [
      'of another history when it is of the last generation, while that can be repeated',
      {},
      { ...OLD, generation: 2 },
      REFUSED,
      [],
    ],
    ['theft of the last generation once nothing can be repeated', isOver, { ...OLD, generation: 2 }, REFUSED, THEFT],
    ['of another history when it is of this generation', isOver, { ...OLD, generation: 3 }, REFUSED, []],
    ['of another history when it is of a later one', isOver, { ...OLD, generation: 9 }, REFUSED, []],
  ])('%s', (_, state, command, result, changes) => {
    const decision = refresh.decide({ ...STATE, ...state }, { ...CURRENT, ...command }, NOW);
    expect([resultOf(decision), changesOf(decision)]).toEqual([result, changes]);
  });
});

describe('nothing is changed', () => {
  it.each<[string, Partial<State>, Partial<Refresh>]>([
    ['without a family', { family: undefined }, {}],
    ['without a tenant', { tenant: undefined }, {}],
    ['in another tenant', { family: family({ tenantId: 'other' }) }, {}],
    ['by another client', {}, { clientId: 'another' }],
    ['where refresh was turned off', { tenant: tenant({ policy: { refreshEnabled: false } }) }, {}],
    ['of a family that is never refreshed', { family: family({ refresh: null }) }, {}],
    ['of a family that was revoked', { family: family({ revokedRevision: 4 }) }, {}],
    ['of a family that has expired', { family: family({ expireTime: NOW }) }, {}],
    ['when the client was disabled', { client: client({ disabled: true }) }, {}],
    ['when the client was deleted', { client: undefined }, {}],
    ['when the client was cut off', { client: client({ cutoff: 6 }) }, {}],
    ['when the user was disabled', { subject: subject({ disabled: true }) }, {}],
    ['when the user was cut off', { subject: subject({ cutoff: 6 }) }, {}],
    ['when the tenant was cut off', { tenant: tenant({ cutoff: 6 }) }, {}],
  ])('%s, by whichever token', (_, state, command) => {
    for (const token of [CURRENT, LAST, OLD]) {
      const decision = refresh.decide({ ...STATE, ...state }, { ...token, ...command }, NOW);
      expect([resultOf(decision), changesOf(decision)]).toEqual([REFUSED, []]);
    }
  });
});

it('nothing is changed after the last generation, whose answer can still be given again', () => {
  const state = { ...STATE, family: family({ generation: MAX_GENERATION }) };
  const decisions = [CURRENT, LAST].map((token) => refresh.decide(state, token, NOW));
  expect(decisions.map(resultOf)).toEqual([REFUSED, 'ok']);
  expect(decisions.map(changesOf)).toEqual([[], SAME]);
});

it('the client that called Issue may refresh too', () => {
  const state = { ...STATE, family: family({ refreshClientId: 'backend' }) };
  expect(resultOf(refresh.decide(state, { ...CURRENT, clientId: 'backend' }, NOW))).toBe('ok');
});

it('the new pair’s expiry is bounded by the family’s, and its repeat by the policy', () => {
  const policy = { refreshRepeatWindowMs: 7 };
  const state = { ...STATE, tenant: tenant({ policy }), family: family({ expireTime: NOW + MINUTE }) };
  const { changes, outcome } = refresh.decide(state, CURRENT, NOW);
  const issued = { issued: { expireTime: NOW + MINUTE, issueTime: NOW, refreshExpireTime: NOW + MINUTE } };
  expect(outcome).toMatchObject({ answer: issued });
  const presented = REFRESH.slice(0, 16);
  const next = { digest: NEW_TOKENS.refreshDigest, presented, repeatUntil: NOW + 7, box: CURRENT.box };
  expect(changes).toMatchObject([{ fields: { generation: 4, keyId: '1', refresh: next } }]);
});

it('what comes by consent has lifetimes of its own, also where the tenant never refreshes', () => {
  const policy = {
    refreshEnabled: false,
    consentTokenLifetimeMs: 7,
    longestTokenLifetimeMs: 5,
    defaultTokenLifetimeMs: 3,
  };
  const consented = { ...STATE, tenant: tenant({ policy }), family: family({ consentId: 'co_1' }), consent: consent() };
  const { outcome } = refresh.decide(consented, CURRENT, NOW);
  expect(outcome).toMatchObject({ answer: { issued: { expireTime: NOW + 7 } } });
  const withdrawn = { ...consented, consent: consent({ withdrawTime: NOW - 1, scopes: [] }) };
  expect(refresh.decide(withdrawn, CURRENT, NOW).outcome).toMatchObject({ refusal: { code: 'invalid_refresh_token' } });
});
