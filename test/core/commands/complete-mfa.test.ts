import { expect, it } from 'vitest';
import { type CompleteMfa, completeMfa } from '../../../src/core/commands/complete-mfa.ts';
import { digestOf } from '../../../src/core/secrets.ts';
import type { SingleUse } from '../../../src/core/tables/single-use.ts';
import { changesOf, resultOf } from './decisions.ts';
import { COUNTER, client, FAMILY_ID, locked, MINUTE, NEW_TOKENS, NOW, subject, tenant, totp } from './rows.ts';

type State = Parameters<typeof completeMfa.decide>[0];

const PAYLOAD = { refreshClientId: 'app', scopes: ['read'], tokenExpireTime: NOW + 7, issueRevision: 5 };

function pending(fields: Partial<SingleUse> = {}): SingleUse {
  const own = { digest: digestOf('pending'), purpose: 'second_factor', familyId: null, payload: PAYLOAD } as const;
  return { ...own, tenantId: 'acme', subjectId: 'ann', clientId: 'app', expireTime: NOW + MINUTE, ...fields };
}

const STATE: State = {
  tenant: tenant(),
  client: client(),
  subject: subject({ mfaEnabled: true }),
  pending: pending(),
  own: totp(),
  failures: [],
};
const { sealed } = totp();
const COMMAND: CompleteMfa = {
  kind: 'complete_mfa',
  tenantId: 'acme',
  clientId: 'app',
  refreshClientId: 'app',
  subjectId: 'ann',
  tokenKind: 'USER',
  familyId: FAMILY_ID,
  tokens: NEW_TOKENS,
  pendingDigest: digestOf('pending'),
  factor: { by: 'totp', sealed, step: 11 },
  counters: [COUNTER],
  nameCounters: [],
};
const recovery = (text: string) => ({ factor: { by: 'recovery_code', digest: digestOf(text) } }) as const;

const DONE = ['set single_use familyId', 'put totp', 'insert family'];
const WRONG = 'invalid_credentials';

it.each<[string, Partial<State>, Partial<CompleteMfa>, string, string[]]>([
  ['a code of a later step', {}, {}, 'ok', DONE],
  ['a code of a step that was taken', {}, { factor: { by: 'totp', sealed, step: 10 } }, WRONG, []],
  [
    'a code of a factor that was enrolled anew',
    {},
    { factor: { by: 'totp', sealed: Uint8Array.of(9), step: 11 } },
    WRONG,
    [],
  ],
  ['a recovery code', {}, recovery('recovery 1'), 'ok', DONE],
  ['a recovery code that is used up', {}, recovery('recovery 3'), WRONG, []],
  ['a factor that is not on', { own: totp({ active: false }) }, {}, WRONG, []],
  ['a factor that was removed', { own: undefined }, {}, WRONG, []],
  ['no first step', { pending: undefined }, {}, WRONG, []],
  ['a first step that was finished', { pending: pending({ familyId: FAMILY_ID }) }, {}, WRONG, []],
  ['a first step that has expired', { pending: pending({ expireTime: NOW }) }, {}, WRONG, []],
  ['a first step of another user', { pending: pending({ subjectId: 'eve' }) }, {}, WRONG, []],
  ['a first step of another client', { pending: pending({ clientId: 'b' }) }, {}, WRONG, []],
  ['a first step of another caller', {}, { refreshClientId: 'b' }, WRONG, []],
  ['a first step of another tenant', { pending: pending({ tenantId: 'other' }) }, {}, WRONG, []],
  ['a user who was disabled', { subject: subject({ disabled: true }) }, {}, WRONG, []],
  ['a user who was cut off', { subject: subject({ cutoff: 6 }) }, {}, WRONG, []],
  ['a user who was deleted', { subject: undefined }, {}, WRONG, []],
  ['a client that was cut off', { client: client({ cutoff: 6 }) }, {}, WRONG, []],
  ['a client that was disabled', { client: client({ disabled: true }) }, {}, WRONG, []],
  ['a tenant that was cut off', { tenant: tenant({ cutoff: 6 }) }, {}, WRONG, []],
  ['a tenant that was disabled', { tenant: tenant({ disabled: true }) }, {}, WRONG, []],
  ['too many wrong codes', { failures: [locked()] }, {}, 'login_locked', []],
  [
    'some wrong codes before',
    { failures: [locked({ lockEndTime: null })] },
    {},
    'ok',
    [...DONE, 'drop login_failures'],
  ],
  ['a scope that was taken from the client', { client: client({ scopes: [] }) }, {}, 'scope_not_allowed', []],
])('the second step with %s', (_, state, fields, result, changes) => {
  const decision = completeMfa.decide({ ...STATE, ...state }, { ...COMMAND, ...fields }, NOW);
  expect([resultOf(decision), changesOf(decision)]).toEqual([result, changes]);
});

it('has the scopes and the expiry of the first step, and uses up the factor', () => {
  const { outcome, changes } = completeMfa.decide(STATE, { ...COMMAND, ...recovery('recovery 1') }, NOW);
  expect(outcome).toMatchObject({ answer: { issued: { scopes: ['read'], expireTime: NOW + 7 } } });
  expect(changes[1]).toMatchObject({ row: { recoveryDigests: [digestOf('recovery 2')], lastStep: 10 } });
});
