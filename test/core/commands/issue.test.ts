import { describe, expect, it } from 'vitest';
import { type Issue, issue } from '../../../src/core/commands/issue.ts';
import { PENDING_LOGIN_LIFETIME_MS } from '../../../src/core/lifetimes.ts';
import { digestOf } from '../../../src/core/secrets.ts';
import type { KeptAnswer } from '../../../src/core/tables/kept-answers.ts';
import { changesOf, resultOf } from './decisions.ts';
import {
  COUNTER,
  client,
  FAMILY_ID,
  family,
  locked,
  MINUTE,
  NEW_TOKENS,
  NOW,
  secret,
  subject,
  tenant,
} from './rows.ts';

type State = Parameters<typeof issue.decide>[0];

const STATE: State = {
  tenant: tenant(),
  client: client(),
  secrets: [],
  subject: subject(),
  kept: undefined,
  server: undefined,
  failures: [],
  keptFamily: undefined,
};
const BY_PASSWORD: Issue = {
  kind: 'issue',
  tenantId: 'acme',
  clientId: 'app',
  refreshClientId: 'app',
  subjectId: 'ann',
  tokenKind: 'USER',
  scopes: [],
  familyId: FAMILY_ID,
  tokens: NEW_TOKENS,
  proof: { by: 'password', passwordHash: 'the hash' },
  counters: [COUNTER],
  pendingDigest: digestOf('pending'),
};
const digest = digestOf('the secret');
const BY_SECRET: Issue = {
  ...BY_PASSWORD,
  subjectId: 'app',
  tokenKind: 'APPLICATION',
  proof: { by: 'client_secret', digest },
};
const BY_NAME: Issue = { ...BY_PASSWORD, subjectId: 'app', tokenKind: 'ANONYMOUS', proof: { by: 'name' } };

const WRONG = 'invalid_credentials';
const BEGUN = ['insert family'];
const withSecret = (fields = {}) => ({ secrets: [secret(fields)] });
const isPublic = { client: client({ confidential: false }) };

describe('a login', () => {
  it.each<[string, Partial<State>, Issue, string, string[]]>([
    ['by a password', {}, BY_PASSWORD, 'ok', BEGUN],
    ['by a password that was changed meanwhile', { subject: subject({ passwordHash: 'new' }) }, BY_PASSWORD, WRONG, []],
    ['of a user who was disabled meanwhile', { subject: subject({ disabled: true }) }, BY_PASSWORD, WRONG, []],
    ['of a user who was deleted meanwhile', { subject: undefined }, BY_PASSWORD, WRONG, []],
    ['of another tenant’s user', { subject: subject({ tenantId: 'other' }) }, BY_PASSWORD, WRONG, []],
    ['in a tenant that was disabled', { tenant: tenant({ disabled: true }) }, BY_PASSWORD, WRONG, []],
    ['in no tenant', { tenant: undefined }, BY_PASSWORD, WRONG, []],
    ['by a client that was disabled', { client: client({ disabled: true }) }, BY_PASSWORD, WRONG, []],
    ['by a client that was deleted', { client: undefined }, BY_PASSWORD, WRONG, []],
    ['by another tenant’s client', { client: client({ tenantId: 'other' }) }, BY_PASSWORD, WRONG, []],
    ['of a name that is locked', { failures: [locked()] }, BY_PASSWORD, 'login_locked', []],
    [
      'of a name that was locked',
      { failures: [locked({ lockEndTime: NOW })] },
      BY_PASSWORD,
      'ok',
      [...BEGUN, 'drop login_failures'],
    ],
    ['with a scope that the client has not', {}, { ...BY_PASSWORD, scopes: ['write'] }, 'scope_not_allowed', []],
    ['with an expiry in the past', {}, { ...BY_PASSWORD, expireTime: NOW }, 'expire_time_out_of_range', []],
    [
      'of somebody who has a second factor',
      { subject: subject({ mfaEnabled: true }) },
      BY_PASSWORD,
      'ok',
      ['insert single_use'],
    ],
    ['by a client’s secret', withSecret(), BY_SECRET, 'ok', BEGUN],
    ['by a secret that has expired', withSecret({ expireTime: NOW }), BY_SECRET, WRONG, []],
    ['by a secret that is gone', {}, BY_SECRET, WRONG, []],
    [
      'by a secret, of a kind that the client has no role for',
      withSecret(),
      { ...BY_SECRET, tokenKind: 'ADMIN' },
      WRONG,
      [],
    ],
    ['by a secret, of an admin', { ...withSecret(), client: client({ roles: ['admin'] }) }, BY_SECRET, WRONG, []],
    ['by a secret of what is public by now', { ...withSecret(), ...isPublic }, BY_SECRET, WRONG, []],
    ['by a name', isPublic, BY_NAME, 'ok', BEGUN],
    ['by a name of what is confidential', {}, BY_NAME, WRONG, []],
  ])('%s', (_, state, command, result, changes) => {
    const decision = issue.decide({ ...STATE, ...state }, command, NOW);
    expect([resultOf(decision), changesOf(decision)]).toEqual([result, changes]);
  });

  it('that waits for a second factor gets no tokens, and knows the revision at which its password was right', () => {
    const { changes, outcome } = issue.decide({ ...STATE, subject: subject({ mfaEnabled: true }) }, BY_PASSWORD, NOW);
    const expireTime = NOW + PENDING_LOGIN_LIFETIME_MS;
    expect(outcome).toEqual({ answer: { pending: { subjectId: 'ann', expireTime } } });
    const payload = { refreshClientId: 'app', scopes: [], tokenExpireTime: null, issueRevision: 5 };
    expect(changes).toMatchObject([{ row: { digest: digestOf('pending'), familyId: null, payload } }]);
  });
});

describe('a request id', () => {
  const request = { requestDigest: digestOf('id'), fingerprint: digestOf('what was asked'), box: Uint8Array.of(1) };
  const kept: KeptAnswer = { ...request, familyId: FAMILY_ID, expireTime: NOW + MINUTE, box: Uint8Array.of(2) };
  const REPEATED = { ...BY_PASSWORD, request };
  const untouched = { kept, keptFamily: family({ generation: 0 }) };

  it.each<[string, Partial<State>, string, string[]]>([
    ['that is new is kept', {}, 'ok', [...BEGUN, 'put kept_answer']],
    ['that is kept is answered again', untouched, 'ok', ['put kept_answer']],
    [
      'that has expired is new',
      { ...untouched, kept: { ...kept, expireTime: NOW } },
      'ok',
      [...BEGUN, 'put kept_answer'],
    ],
    [
      'of another request is refused',
      { ...untouched, kept: { ...kept, fingerprint: digestOf('x') } },
      'request_id_reused',
      [],
    ],
    ['whose login was refreshed is refused', { kept, keptFamily: family({ generation: 1 }) }, 'request_id_reused', []],
    [
      'whose login was revoked is refused',
      { kept, keptFamily: family({ generation: 0, revokedRevision: 6 }) },
      'request_id_reused',
      [],
    ],
    ['whose login is gone is refused', { kept }, 'request_id_reused', []],
    ['opens nothing by a wrong password', { ...untouched, subject: subject({ passwordHash: 'x' }) }, WRONG, []],
  ])('%s', (_, state, result, changes) => {
    const decision = issue.decide({ ...STATE, ...state }, REPEATED, NOW);
    expect([resultOf(decision), changesOf(decision)]).toEqual([result, changes]);
  });
});
