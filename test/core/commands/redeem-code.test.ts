import { describe, expect, it } from 'vitest';
import { type RedeemCode, redeemCode } from '../../../src/core/commands/redeem-code.ts';
import { digestOf } from '../../../src/core/secrets.ts';
import { changesOf, resultOf } from './decisions.ts';
import { code, NOW, subject, tenant } from './rows.ts';

type State = Parameters<typeof redeemCode.decide>[0];

const unverified = subject({ emailVerified: false });
const STATE: State = { tenant: tenant(), subject: unverified, codes: [code()], handles: [] };
const VERIFY: RedeemCode = {
  kind: 'redeem_code',
  tenantId: 'acme',
  subjectId: 'ann',
  purpose: 'verify_email',
  digest: digestOf('12345678'),
  address: 'ann@example.com',
};
const SPENT = ['drop code', 'set message state sealed lastError'];
const VERIFIED = [...SPENT, 'drop login_failures', 'set subject emailVerified', 'insert handle'];
const taken = { handles: [{ tenantId: 'acme', kind: 'email', key: 'ann@example.com', subjectId: 'eve' } as const] };

describe('an address is verified', () => {
  it.each<[string, Partial<State>, Partial<RedeemCode>, string, string[]]>([
    ['by its code', {}, {}, 'ok', VERIFIED],
    ['not by a wrong one', {}, { digest: digestOf('x') }, 'invalid_code', []],
    ['not by one that is void', { codes: [code({ digest: null })] }, {}, 'invalid_code', []],
    ['not by one that has expired', { codes: [code({ expireTime: NOW })] }, {}, 'code_expired', []],
    [
      'not by a wrong one of what has expired',
      { codes: [code({ expireTime: NOW })] },
      { digest: digestOf('x') },
      'invalid_code',
      [],
    ],
    ['not without a code', { codes: [] }, {}, 'invalid_code', []],
    ['not by a code for something else', { codes: [code({ purpose: 'verify_phone' })] }, {}, 'invalid_code', []],
    ['not when it was replaced', { subject: { ...unverified, email: 'b@example.com' } }, {}, 'invalid_code', SPENT],
    ['not when the code was sent to another', {}, { address: 'b@example.com' }, 'invalid_code', SPENT],
    ['not when somebody else has it', taken, {}, 'already_exists', SPENT],
    ['not of the disabled', { subject: { ...unverified, disabled: true } }, {}, 'precondition_failed', []],
    ['not in a tenant that is disabled', { tenant: tenant({ disabled: true }) }, {}, 'precondition_failed', []],
    ['not of nobody', { subject: undefined }, {}, 'not_found', []],
  ])('%s', (_, state, fields, result, changes) => {
    const decision = redeemCode.decide({ ...STATE, ...state }, { ...VERIFY, ...fields }, NOW);
    expect([resultOf(decision), changesOf(decision)]).toEqual([result, changes]);
  });
});

describe('a password is reset', () => {
  const reset = (fields = {}) => code({ purpose: 'reset_password', ...fields });
  const { address: _, ...common } = VERIFY;
  const RESET: RedeemCode = { ...common, purpose: 'reset_password', newHash: 'new' };
  const STANDING: State = { ...STATE, subject: subject(), codes: [reset()] };
  const DONE = [
    'set subject passwordHash',
    'drop login_failures',
    'drop login_failures',
    'set tenant revision',
    'insert revocation',
    'set subject cutoff',
  ];
  const byPhone = { codes: [reset({ address: '+819012341234' })] };
  const phone = '+819012341234';

  it.each<[string, Partial<State>, Partial<RedeemCode>, string, string[]]>([
    ['by the code to a verified address', {}, {}, 'ok', [...SPENT, ...DONE]],
    [
      'by the code to a verified phone',
      { ...byPhone, subject: subject({ phone, phoneVerified: true }) },
      {},
      'ok',
      [...SPENT, ...DONE],
    ],
    ['not when the address is verified no longer', { subject: unverified }, {}, 'invalid_code', SPENT],
    [
      'not when the phone is verified no longer',
      { ...byPhone, subject: subject({ phone }) },
      {},
      'invalid_code',
      SPENT,
    ],
    ['not when the address is another', { subject: subject({ email: 'b@example.com' }) }, {}, 'invalid_code', SPENT],
    ['not by a wrong code', {}, { digest: digestOf('x') }, 'invalid_code', []],
    ['not of the disabled', { subject: subject({ disabled: true }) }, {}, 'precondition_failed', []],
    ['not in a tenant that is disabled', { tenant: tenant({ disabled: true }) }, {}, 'precondition_failed', []],
  ])('%s', (_, state, fields, result, changes) => {
    const decision = redeemCode.decide({ ...STANDING, ...state }, { ...RESET, ...fields }, NOW);
    expect([resultOf(decision), changesOf(decision)]).toEqual([result, changes]);
  });
});
