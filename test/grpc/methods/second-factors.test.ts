import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IssueRequest, type IssueResponse } from '../../../gen/ts/symbolon/v1/token_service.ts';
import { totpCode } from '../../../src/core/totp.ts';
import { mfaTokenIn, tokensIn } from '../../issue-result.ts';
import { basic, CREDENTIALS, failureOf, introspect, PASSWORD, send } from '../client.ts';
import { type DirectoryBed, openDirectoryBed, user } from './bed.ts';

let bed: DirectoryBed;
let made = 0;

beforeAll(async () => {
  bed = await openDirectoryBed();
});

afterAll(() => bed.close());

type Factor = { $case: 'totpCode' | 'recoveryCode'; value: string } | undefined;

function login(loginName: string, terms: Partial<IssueRequest> = {}, as = bed.as.public): Promise<IssueResponse> {
  const { client } = bed;
  return send(client, client.issue, { ...CREDENTIALS.user(loginName), ...terms }, as);
}

function complete(mfaToken: string, factor: Factor, terms: Partial<IssueRequest> = {}, as = bed.as.public) {
  const { client } = bed;
  const credential = { $case: 'secondFactor' as const, value: { mfaToken, factor } };
  return send(client, client.issue, { ...IssueRequest.fromPartial({}), credential, ...terms }, as);
}

/** A user with a second factor. */
async function makeUser() {
  made += 1;
  const loginName = `user-${made}`;
  const registered = await bed.call('registerUser', { loginName, password: PASSWORD, withToken: {} }, bed.as.public);
  const ref = user.token(registered.tokens?.accessToken ?? '');
  const { secret, otpauthUri } = await bed.call('enrollTotp', { user: ref, password: PASSWORD }, bed.as.public);
  const code = (): string => totpCode(secret, bed.clock.now);
  const { recoveryCodes } = await bed.call('confirmTotp', { user: ref, code: code() }, bed.as.public);
  // The code of the confirmation is used up.
  bed.clock.advance(30_000);
  return { loginName, ref, userId: registered.user?.userId ?? '', secret, otpauthUri, code, recoveryCodes };
}

const totp = (value: string): Factor => ({ $case: 'totpCode', value });
const recovery = (value: string): Factor => ({ $case: 'recoveryCode', value });

describe('a second factor', () => {
  it('is asked for after the password, and the tokens are those that were asked for', async () => {
    const { loginName, userId, code, secret, otpauthUri, recoveryCodes } = await makeUser();
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(otpauthUri).toContain(`secret=${secret}`);
    expect(recoveryCodes).toHaveLength(10);
    const expireTime = { seconds: bed.clock.now / 1_000 + 60, nanos: 0 };
    const first = await login(loginName, { scopes: ['read'], expireTime });
    const mfaToken = mfaTokenIn(first);
    const challengeEnd = { seconds: bed.clock.now / 1_000 + 300, nanos: 0 };
    expect(first.result).toEqual({ $case: 'mfaChallenge', value: { mfaToken, expireTime: challengeEnd } });
    expect(await introspect(bed, mfaToken)).toMatchObject({ active: false });
    const issued = tokensIn(await complete(mfaToken, totp(code())));
    expect(issued).toMatchObject({ subjectId: userId, scopes: ['read'], expireTime });
    expect(await introspect(bed, issued?.accessToken ?? '')).toMatchObject({ active: true });
    expect(await failureOf(complete(mfaToken, totp(code())))).toMatchObject({
      status: 'FAILED_PRECONDITION',
      reason: 'INVALID_CREDENTIALS',
    });
    expect((await bed.call('getUser', { user: user.id(userId) })).user).toMatchObject({ mfaEnabled: true });
  });

  it('can be a recovery code, once', async () => {
    const { loginName, recoveryCodes } = await makeUser();
    const [code = ''] = recoveryCodes;
    const first = await login(loginName);
    expect(tokensIn(await complete(mfaTokenIn(first), recovery(code.toLowerCase())))).toBeDefined();
    const second = await login(loginName);
    expect(await failureOf(complete(mfaTokenIn(second), recovery(code)))).toMatchObject({
      reason: 'INVALID_CREDENTIALS',
    });
  });

  it('is for the client that began, before the challenge ends, and with no other terms', async () => {
    const { loginName, code } = await makeUser();
    const mfaToken = mfaTokenIn(await login(loginName));
    const elsewhere = complete(mfaToken, totp(code()), {}, basic('plain', bed.plainSecret));
    expect(await failureOf(elsewhere)).toMatchObject({ reason: 'INVALID_CREDENTIALS' });
    for (const terms of [{ scopes: ['read'] }, { requestId: 'x' }, { expireTime: { seconds: 1, nanos: 0 } }]) {
      const failure = await failureOf(complete(mfaToken, totp(code()), terms));
      expect(failure).toMatchObject({ status: 'INVALID_ARGUMENT' });
    }
    expect(await failureOf(complete(mfaToken, undefined))).toMatchObject({ message: 'factor is missing' });
    expect(await failureOf(complete('', totp(code())))).toMatchObject({ message: 'mfa_token is missing' });
    bed.clock.advance(300_000);
    expect(await failureOf(complete(mfaToken, totp(code())))).toMatchObject({
      reason: 'INVALID_CREDENTIALS',
    });
  });

  it('locks after five wrong codes', async () => {
    const { loginName, code } = await makeUser();
    const mfaToken = mfaTokenIn(await login(loginName));
    for (let i = 0; i < 5; i++) {
      expect(await failureOf(complete(mfaToken, totp('wrong!')))).toMatchObject({ status: 'FAILED_PRECONDITION' });
    }
    expect(await failureOf(complete(mfaToken, totp(code())))).toMatchObject({
      status: 'FAILED_PRECONDITION',
      reason: 'LOGIN_LOCKED',
    });
  });

  it('is turned on by a code alone', async () => {
    const { user: each } = await bed.call('registerUser', { loginName: 'unsure', password: PASSWORD });
    const ref = user.id(each?.userId ?? '');
    expect(await failureOf(bed.call('confirmTotp', { user: ref, code: '000000' }))).toMatchObject({
      reason: 'INVALID_CODE',
    });
    const { secret } = await bed.call('enrollTotp', { user: ref });
    expect(tokensIn(await login('unsure'))).toBeDefined();
    const late = totpCode(secret, bed.clock.now - 3_600_000);
    expect(await failureOf(bed.call('confirmTotp', { user: ref, code: late }))).toMatchObject({
      reason: 'INVALID_CODE',
    });
    await bed.call('confirmTotp', { user: ref, code: totpCode(secret, bed.clock.now) });
    expect(await failureOf(bed.call('enrollTotp', { user: ref }))).toMatchObject({
      reason: 'PRECONDITION_FAILED',
    });
  });

  it('is asked for with the old password when the password is changed, by name and in person', async () => {
    const { loginName, ref, code, recoveryCodes } = await makeUser();
    const change = (factor: Factor, oldPassword = PASSWORD, named: object = user.loginName(loginName)) =>
      bed.call('changeUserPassword', { user: named, oldPassword, newPassword: 'another', factor }, bed.as.public);
    for (const named of [user.loginName(loginName), ref]) {
      expect(await failureOf(change(undefined, PASSWORD, named))).toMatchObject({
        status: 'PERMISSION_DENIED',
        message: 'totp_code or recovery_code is missing. Only an admin may leave both out',
      });
    }
    expect(await failureOf(change(totp('000000')))).toMatchObject({ reason: 'INVALID_CREDENTIALS' });
    expect(await failureOf(change(totp(code()), 'wrong'))).toMatchObject({
      reason: 'INVALID_CREDENTIALS',
    });
    await change(totp(code()));
    await change(recovery(recoveryCodes[0] ?? ''), 'another');
    expect(await failureOf(change(recovery(recoveryCodes[0] ?? ''), 'another'))).toMatchObject({
      reason: 'INVALID_CREDENTIALS',
    });
  });

  it('is removed by an admin, or by the user with it', async () => {
    const { loginName, ref, userId, code, recoveryCodes } = await makeUser();
    expect(await failureOf(bed.call('removeTotp', { user: ref }, bed.as.public))).toMatchObject({
      status: 'PERMISSION_DENIED',
    });
    const wrong = bed.call('removeTotp', { user: ref, factor: recovery('AAAAA-AAAAA') }, bed.as.public);
    expect(await failureOf(wrong)).toMatchObject({ reason: 'INVALID_CREDENTIALS' });
    await bed.call('removeTotp', { user: ref, factor: totp(code()) }, bed.as.public);
    expect(tokensIn(await login(loginName))).toBeDefined();
    expect(await failureOf(bed.call('removeTotp', { user: user.id(userId) }))).toMatchObject({
      reason: 'PRECONDITION_FAILED',
    });
    const other = await makeUser();
    await bed.call('removeTotp', { user: user.id(other.userId) });
    expect(tokensIn(await login(other.loginName))).toBeDefined();
    expect(recoveryCodes).toHaveLength(10);
  });
});
