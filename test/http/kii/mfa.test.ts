/** A login with a second factor (docs/kii-wire.md section 1.4.7). */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { confirmTotp, enrollTotp } from '../../../src/core/operations/second-factors.ts';
import { totpCode } from '../../../src/core/totp.ts';
import { callerOf } from '../../support.ts';
import { APP, APP_PATH, type HttpBed, invalidGrant, openHttpBed, PASSWORD, PLAIN_PATH, postToken } from '../support.ts';
import { freshName, register, rest, told } from './rest.ts';

let bed: HttpBed;
let user: { loginName: string; id: string; secret: string; recoveryCodes: string[] };

const STEP_MS = 30_000;

beforeAll(async () => {
  bed = await openHttpBed({ policy: { refreshEnabled: true } });
});
afterAll(() => bed.close());

/** A user with a second factor, whose last code is of the step before. */
beforeEach(async () => {
  const loginName = freshName();
  const { id, token } = await register(bed, { loginName });
  const call = { caller: await callerOf(bed.services, APP) };
  const ref = { by: 'access_token', accessToken: token } as const;
  const { secret } = await enrollTotp(bed.services, call, ref, PASSWORD);
  const recoveryCodes = await confirmTotp(bed.services, call, ref, totpCode(secret, bed.clock.now));
  user = { loginName, id, secret, recoveryCodes };
  bed.clock.advance(STEP_MS);
});

async function firstStep(more: object = {}) {
  const { json } = await postToken(bed, { username: user.loginName, password: PASSWORD, ...more });
  return { json, mfaToken: String(json.access_token) };
}

function secondStep(mfaToken: string | undefined, body: object, path = APP_PATH) {
  const headers: Record<string, string> = {
    ...(path === PLAIN_PATH ? { 'x-kii-appid': APP } : {}),
    ...(mfaToken === undefined ? {} : { authorization: `Bearer ${mfaToken}` }),
  };
  return postToken(bed, { grant_type: 'mfa', ...body }, { path, headers });
}

const WRONG = [400, invalidGrant('The code is not valid, or the login that it belongs to has ended')];

describe('the first step', () => {
  it('answers a token for the second alone', async () => {
    const { json, mfaToken } = await firstStep();
    expect(json).toEqual({
      id: user.id,
      access_token: expect.any(String),
      expires_in: 300,
      token_type: 'Bearer',
      scope: 'mfa',
    });
    expect(told(await rest(bed, 'GET', 'users/me', { token: mfaToken }))).toBe('403 WRONG_TOKEN');
    expect((await postToken(bed, { refresh_token: mfaToken })).status).toBe(400);
  });
});

describe('the second step', () => {
  it.each([
    [APP_PATH, 'Bearer', 'mfa'],
    [PLAIN_PATH, 'bearer', 'mfa'],
    [APP_PATH, 'BEARER', undefined],
  ])('at %s with the scheme %s and the grant type %s answers the tokens', async (path, scheme, grantType) => {
    const { mfaToken } = await firstStep();
    const answer = await postToken(
      bed,
      {
        ...(grantType === undefined ? {} : { grant_type: grantType }),
        totp_code: totpCode(user.secret, bed.clock.now),
      },
      { path, headers: { authorization: `${scheme} ${mfaToken}`, 'x-kii-appid': APP } },
    );
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.json)).toEqual(['id', 'access_token', 'expires_in', 'token_type', 'refresh_token']);
    const me = await rest(bed, 'GET', 'users/me', { token: String(answer.json.access_token) });
    expect(me.json.userID).toBe(user.id);
  });

  it('takes a recovery code, once', async () => {
    const [code = ''] = user.recoveryCodes;
    const first = await secondStep((await firstStep()).mfaToken, { recovery_code: code.toLowerCase() });
    expect([first.status, first.json.id]).toEqual([200, user.id]);
    const again = await secondStep((await firstStep()).mfaToken, { recovery_code: code });
    expect([again.status, again.json]).toEqual(WRONG);
  });

  it('takes a code once, and a first step once', async () => {
    const code = totpCode(user.secret, bed.clock.now);
    const [one, other] = [await firstStep(), await firstStep()];
    expect((await secondStep(one.mfaToken, { totp_code: code })).status).toBe(200);
    for (const { mfaToken } of [one, other]) {
      const replay = await secondStep(mfaToken, { totp_code: code });
      expect([replay.status, replay.json]).toEqual(WRONG);
    }
    bed.clock.advance(STEP_MS);
    const next = { totp_code: totpCode(user.secret, bed.clock.now) };
    expect((await secondStep(one.mfaToken, next)).status).toBe(400);
    expect((await secondStep(other.mfaToken, next)).status).toBe(200);
  });

  it('takes one factor and not both, and uses up neither then', async () => {
    const [recovery = ''] = user.recoveryCodes;
    const totp = { totp_code: totpCode(user.secret, bed.clock.now) };
    const { mfaToken } = await firstStep();
    const both = await secondStep(mfaToken, { ...totp, recovery_code: recovery });
    expect([both.status, both.json.errorCode]).toEqual([400, 'invalid_grant']);
    expect((await secondStep(mfaToken, totp)).status).toBe(200);
    expect((await secondStep((await firstStep()).mfaToken, { recovery_code: recovery })).status).toBe(200);
  });

  it('keeps the expiry that the first asked for', async () => {
    const { mfaToken } = await firstStep({ expiresAt: bed.clock.now + 60_000 });
    const answer = await secondStep(mfaToken, { totp_code: totpCode(user.secret, bed.clock.now) });
    expect(answer.json.expires_in).toBe(60);
  });

  it('fails without a first step that lives', async () => {
    const code = { totp_code: totpCode(user.secret, bed.clock.now) };
    const { mfaToken } = await firstStep();
    for (const token of [undefined, 'made-up', `${mfaToken}x`]) {
      const answer = await secondStep(token, code);
      expect([answer.status, answer.json]).toEqual(WRONG);
    }
    const basic = { authorization: `Basic ${Buffer.from(`${APP}:x`).toString('base64')}` };
    expect((await postToken(bed, { grant_type: 'mfa', ...code }, { headers: basic })).status).toBe(400);
    bed.clock.advance(5 * 60_000);
    const late = await secondStep(mfaToken, { totp_code: totpCode(user.secret, bed.clock.now) });
    expect([late.status, late.json]).toEqual(WRONG);
  });

  it.each([
    {},
    { totp_code: null },
    { totp_code: 123456 },
    { totp_code: '1'.repeat(65) },
    { totp_code: '123456', recovery_code: 'X' },
    { recovery_code: '\0' },
    { recovery_code: '\ud800' },
  ])('with %j is no grant', async (body) => {
    const { mfaToken } = await firstStep();
    const answer = await secondStep(mfaToken, body);
    expect([answer.status, answer.json.errorCode]).toEqual([400, 'invalid_grant']);
  });

  it('is locked after five wrong codes, whatever the first step', async () => {
    for (let i = 0; i < 5; i++) {
      const answer = await secondStep((await firstStep()).mfaToken, { totp_code: '000000' });
      expect([answer.status, answer.json]).toEqual(WRONG);
    }
    const code = { totp_code: totpCode(user.secret, bed.clock.now) };
    const locked = await secondStep((await firstStep()).mfaToken, code);
    expect([locked.status, locked.json]).toEqual([400, invalidGrant('The login name is locked')]);
  });

  it('ends with the password that the first was proven by', async () => {
    const { mfaToken } = await firstStep();
    const { token } = await register(bed);
    expect(told(await rest(bed, 'GET', 'users/me', { token }))).toBe('200');
    const admin = await postToken(bed, { client_id: 'cl_admin', client_secret: bed.adminSecret });
    const body = { newPassword: 'another one' };
    const sent = { token: String(admin.json.access_token), body };
    expect((await rest(bed, 'PUT', `users/${user.id}/password`, sent)).status).toBe(204);
    const answer = await secondStep(mfaToken, { totp_code: totpCode(user.secret, bed.clock.now) });
    expect([answer.status, answer.json]).toEqual(WRONG);
  });
});

it('a change of the password takes the second factor too', async () => {
  const { mfaToken } = await firstStep();
  const { json } = await secondStep(mfaToken, { totp_code: totpCode(user.secret, bed.clock.now) });
  bed.clock.advance(STEP_MS);
  const change = async (factor: object, oldPassword = PASSWORD) => {
    const body = { oldPassword, newPassword: 'another', ...factor };
    const token = String(json.access_token);
    return told(await rest(bed, 'PUT', 'users/me/password', { token, body, type: 'ChangePasswordRequest' }));
  };
  expect(await change({})).toMatch(/^40[13] /);
  expect(await change({ totp_code: '000000' })).toMatch(/^401 /);
  expect(await change({ totp_code: totpCode(user.secret, bed.clock.now) }, 'wrong')).toMatch(/WRONG_PASSWORD/);
  expect(await change({ recovery_code: user.recoveryCodes[0], totp_code: '1' })).toMatch(/^400 /);
  expect(await change({ totp_code: totpCode(user.secret, bed.clock.now) })).toBe('204');
});
