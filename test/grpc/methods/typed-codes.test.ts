/** Codes as people type them, over gRPC. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IssueRequest } from '../../../gen/ts/symbolon/v1/token_service.ts';
import { totpCode } from '../../../src/core/totp.ts';
import { mfaTokenIn } from '../../issue-result.ts';
import { WRITTEN, wide } from '../../typed.ts';
import { CREDENTIALS, failureOf, issue, PASSWORD, send } from '../client.ts';
import { type DirectoryBed, openDirectoryBed, user } from './bed.ts';

let bed: DirectoryBed;
let made = 0;

beforeAll(async () => {
  bed = await openDirectoryBed();
});
afterAll(() => bed.close());

async function newUser() {
  made += 1;
  const [loginName, phone] = [`user-${made}`, `+8190${10_000_000 + made}`];
  const email = `${loginName}@example.com`;
  const { user: registered } = await bed.call('registerUser', { loginName, email, phone, password: PASSWORD });
  const userId = registered?.userId ?? '';
  return { userId, loginName, named: user.id(userId) };
}

describe.each(WRITTEN)('a code %s', (_, written) => {
  it('verifies addresses, and resets a password', async () => {
    const { userId, named, loginName } = await newUser();
    const codes = { email: await bed.codeOf(userId, 'verify_email'), phone: await bed.codeOf(userId, 'verify_phone') };
    await bed.call('confirmEmailVerification', { user: named, code: written(codes.email) });
    await bed.call('confirmPhoneVerification', { user: named, code: written(codes.phone) });
    await bed.call('requestPasswordReset', { user: named, channel: 1 }, bed.as.public);
    const code = written(await bed.codeOf(userId, 'reset_password'));
    await bed.call('completePasswordReset', { user: named, code, newPassword: 'another' }, bed.as.public);
    expect(await issue(bed, CREDENTIALS.user(loginName, 'another'))).toMatchObject({ subjectId: userId });
  });

  it('confirms a second factor, and turns it off', async () => {
    const { userId, named, loginName } = await newUser();
    const { secret } = await bed.call('enrollTotp', { user: named });
    await bed.call('confirmTotp', { user: named, code: written(totpCode(secret, bed.clock.now)) });
    bed.clock.advance(30_000);
    const { accessToken } = await bothSteps(loginName, written(totpCode(secret, bed.clock.now)));
    bed.clock.advance(30_000);
    const factor = { $case: 'totpCode' as const, value: written(totpCode(secret, bed.clock.now)) };
    await bed.call('removeTotp', { user: user.token(accessToken), factor }, bed.as.public);
    expect(await issue(bed, CREDENTIALS.user(loginName))).toMatchObject({ subjectId: userId });
  });
});

it('a recovery code in full-width small letters is taken, and another code is not', async () => {
  const { named, loginName } = await newUser();
  const { secret } = await bed.call('enrollTotp', { user: named });
  const { recoveryCodes } = await bed.call('confirmTotp', { user: named, code: totpCode(secret, bed.clock.now) });
  const [code = ''] = recoveryCodes;
  const another = code.replace(/.$/, (last) => (last === 'Z' ? 'Y' : 'Z'));
  const { reason } = await failureOf(bothSteps(loginName, another, 'recoveryCode'));
  expect(reason).toBe('INVALID_CREDENTIALS');
  await bothSteps(loginName, wide(code.toLowerCase()), 'recoveryCode');
});

async function bothSteps(loginName: string, value: string, by: 'totpCode' | 'recoveryCode' = 'totpCode') {
  const { client } = bed;
  const mfaToken = mfaTokenIn(await send(client, client.issue, CREDENTIALS.user(loginName), bed.as.public));
  return issue(bed, {
    ...IssueRequest.fromPartial({}),
    credential: { $case: 'secondFactor', value: { mfaToken, factor: { $case: by, value } } },
  });
}
