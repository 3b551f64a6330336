import { expect, it } from 'vitest';
import { type ChangePassword, changePassword } from '../../../src/core/commands/change-password.ts';
import { changesOf, resultOf } from './decisions.ts';
import { COUNTER, locked, NOW, subject, tenant, totp } from './rows.ts';

type State = Parameters<typeof changePassword.decide>[0];

const STATE: State = {
  tenant: tenant(),
  subject: subject(),
  failures: [],
  own: undefined,
  endNodes: [],
  token: undefined,
};
const COMMAND: ChangePassword = { kind: 'change_password', tenantId: 'acme', subjectId: 'ann', newHash: 'new' };
const BY_OLD = { oldHash: 'the hash', counters: [COUNTER] };
const BY_BOTH = { ...BY_OLD, factor: { by: 'totp', sealed: totp().sealed, step: 11 } } as const;

const DONE = ['set subject passwordHash', 'drop code', 'set message state sealed lastError'];
const BOTH = ['set subject passwordHash', 'put totp', 'drop code', 'set message state sealed lastError'];
const ENDED = ['set tenant revision', 'insert revocation', 'set subject cutoff'];
const WRONG = 'invalid_credentials';

it.each<[string, Partial<State>, Partial<ChangePassword>, string, string[]]>([
  ['by an admin', {}, {}, 'ok', [...DONE, ...ENDED]],
  ['by the old password', {}, BY_OLD, 'ok', [...DONE, ...ENDED]],
  [
    'by the old password, which forgets failures',
    { failures: [locked({ lockEndTime: null })] },
    BY_OLD,
    'ok',
    [...DONE, 'drop login_failures', ...ENDED],
  ],
  ['by an old password that was changed meanwhile', {}, { ...BY_OLD, oldHash: 'older' }, WRONG, []],
  ['by the old password of a name that is locked', { failures: [locked()] }, BY_OLD, 'login_locked', []],
  [
    'by an admin, of a name that is locked, and no longer is',
    { failures: [locked()] },
    {},
    'ok',
    [...DONE, 'drop login_failures', ...ENDED],
  ],
  ['by somebody who is disabled', { subject: subject({ disabled: true }) }, BY_OLD, WRONG, []],
  ['by somebody whose tenant is disabled', { tenant: tenant({ disabled: true }) }, BY_OLD, WRONG, []],
  ['by an admin, of somebody who is disabled', { subject: subject({ disabled: true }) }, {}, 'ok', [...DONE, ...ENDED]],
  ['by the old password alone, of who has a second factor', { own: totp() }, BY_OLD, WRONG, []],
  ['by both, of who has a second factor', { own: totp() }, BY_BOTH, 'ok', [...BOTH, ...ENDED]],
  ['by a second factor that was used', { own: totp({ lastStep: 11 }) }, BY_BOTH, WRONG, []],
  ['by a second factor that was removed meanwhile', {}, BY_BOTH, WRONG, []],
  ['by an admin, of who has a second factor', { own: totp() }, {}, 'ok', [...DONE, ...ENDED]],
  ['of nobody', { subject: undefined }, {}, 'not_found', []],
  ['of another tenant’s user', { subject: subject({ tenantId: 'other' }) }, {}, 'not_found', []],
  ['of a user without a name', { subject: subject({ passwordHash: null }) }, {}, 'precondition_failed', []],
  [
    'of a device without a password',
    { subject: subject({ kind: 'device', passwordHash: null }) },
    {},
    'ok',
    [...DONE, ...ENDED],
  ],
])('a password is changed %s', (_, state, fields, result, changes) => {
  const decision = changePassword.decide({ ...STATE, ...state }, { ...COMMAND, ...fields }, NOW);
  expect([resultOf(decision), changesOf(decision)]).toEqual([result, changes]);
});

it('the record tells an admin’s change from the user’s own', () => {
  const decision = changePassword.decide(STATE, COMMAND, NOW);
  const detailsOf = (command: ChangePassword) => changePassword.audit?.(command, STATE, decision)?.details;
  expect([detailsOf(COMMAND), detailsOf({ ...COMMAND, ...BY_OLD })]).toEqual(['without_old_password', '']);
});
