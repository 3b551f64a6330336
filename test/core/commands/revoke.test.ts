import { expect, it } from 'vitest';
import { type Revoke, revoke } from '../../../src/core/commands/revoke.ts';
import { changesOf, resultOf } from './decisions.ts';
import { ACCESS, FAMILY_ID, family, NOW, OLDER, PRESENTED, REFRESH, tenant } from './rows.ts';

type State = Parameters<typeof revoke.decide>[0];

const ENDED = ['set family revokedRevision', 'set tenant revision', 'insert revocation'];
const AGAIN = ['set family revokedRevision'];
const revoked = { family: family({ revokedRevision: 4 }) };
const by = (digest: Uint8Array, tag: 'genuine' | 'unproven' | 'unreadable') => ({ presented: { digest, tag } });

it.each<[string, Partial<State>, Partial<Revoke>, string, string[]]>([
  ['a family by its id', {}, {}, 'ok', ENDED],
  ['a family that was revoked, again', revoked, {}, 'ok', AGAIN],
  ['a family that has expired', { family: family({ expireTime: NOW }) }, {}, 'ok', ENDED],
  ['no family', { family: undefined }, {}, 'ok', []],
  ['another tenant’s', { family: family({ tenantId: 'other' }) }, {}, 'ok', []],
  ['in no tenant', { tenant: undefined }, {}, 'not_found', []],
  ['by the client that it was issued to', {}, { onlyClientId: 'app' }, 'ok', ENDED],
  [
    'by the client that may refresh it',
    { family: family({ refreshClientId: 'b' }) },
    { onlyClientId: 'b' },
    'ok',
    ENDED,
  ],
  ['by another client', {}, { onlyClientId: 'b' }, 'permission_denied', []],
  ['by another client, again', revoked, { onlyClientId: 'b' }, 'permission_denied', []],
  ['by a token of any age that is genuine', {}, by(OLDER, 'genuine'), 'ok', ENDED],
  ['by the current access token, unproven', {}, by(ACCESS, 'unproven'), 'ok', ENDED],
  ['by the current refresh token, unproven', {}, by(REFRESH, 'unproven'), 'ok', ENDED],
  ['by the token that was presented last, unproven', {}, by(PRESENTED, 'unproven'), 'ok', ENDED],
  ['by an older token, unproven', {}, by(OLDER, 'unproven'), 'token_unproven', []],
  ['by an older token, unproven, again', revoked, by(OLDER, 'unproven'), 'token_unproven', []],
  ['by the current access token, unreadable', {}, by(ACCESS, 'unreadable'), 'ok', ENDED],
  ['by an older token, unreadable', {}, by(OLDER, 'unreadable'), 'store_unavailable', []],
  [
    'by a refresh token of what is never refreshed',
    { family: family({ refresh: null }) },
    by(REFRESH, 'unproven'),
    'token_unproven',
    [],
  ],
])('%s', (_, state, fields, result, changes) => {
  const command: Revoke = { kind: 'revoke', tenantId: 'acme', familyId: FAMILY_ID, ...fields };
  const own = { tenant: tenant(), family: family(), client: undefined, endNodes: [] };
  const decision = revoke.decide({ ...own, ...state }, command, NOW);
  expect([resultOf(decision), changesOf(decision)]).toEqual([result, changes]);
});

it('answers the revision that knows it', () => {
  const command: Revoke = { kind: 'revoke', tenantId: 'acme', familyId: FAMILY_ID };
  const state = { tenant: tenant(), family: family(), client: undefined, endNodes: [] };
  expect(revoke.decide(state, command, NOW).outcome).toEqual({ answer: { revision: 6, revoked: true } });
  expect(revoke.decide({ ...state, ...revoked }, command, NOW).outcome).toEqual({
    answer: { revision: 5, revoked: false },
  });
});
