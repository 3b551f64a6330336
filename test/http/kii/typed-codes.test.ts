/** Codes as people type them, at Kii's REST surface. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { confirmTotp, enrollTotp } from '../../../src/core/operations/second-factors.ts';
import { totpCode } from '../../../src/core/totp.ts';
import { callerOf } from '../../support.ts';
import { WRITTEN, wide } from '../../typed.ts';
import { APP, type HttpBed, openHttpBed, PASSWORD, postToken } from '../support.ts';
import { freshName, register, rest, sentCodes, told } from './rest.ts';

let bed: HttpBed;

beforeAll(async () => {
  bed = await openHttpBed();
});
afterAll(() => bed.close());

describe.each(WRITTEN)('a code %s', (_, written) => {
  it('verifies an address, and resets a password', async () => {
    const loginName = freshName();
    const { id, token } = await register(bed, { loginName, emailAddress: `${loginName}@example.com` });
    const { verify_email: code = '' } = await sentCodes(bed, id);
    const verified = await rest(bed, 'POST', 'users/me/email-address/verify', {
      token,
      body: { verificationCode: written(code) },
      type: 'AddressVerificationRequest',
    });
    expect(told(verified)).toBe('200');
    const path = `users/EMAIL:${loginName}@example.com/password`;
    expect(told(await rest(bed, 'POST', `${path}/request-reset`, { body: { notificationMethod: 'EMAIL' } }))).toBe(
      '204',
    );
    const { reset_password: pin = '' } = await sentCodes(bed, id);
    const body = { pinCode: written(pin), newPassword: 'another' };
    expect(told(await rest(bed, 'POST', `${path}/complete-reset`, { body }))).toBe('204');
    expect((await postToken(bed, { username: loginName, password: 'another' })).status).toBe(200);
  });

  it('is the second step of a login', async () => {
    const { secondStep, secret } = await enrolled();
    expect((await secondStep({ totp_code: written(totpCode(secret, bed.clock.now)) })).status).toBe(200);
  });
});

describe('a recovery code', () => {
  it.each<[string, (code: string) => string]>([
    ['in small letters', (code) => code.toLowerCase()],
    ['in full-width letters', wide],
    ['with letters for digits', (code) => code.replaceAll('0', 'o').replaceAll('1', 'l')],
    ['with capitals for digits', (code) => code.replaceAll('0', 'O').replaceAll('1', 'I')],
    ['without its hyphen', (code) => code.replace('-', '')],
    ['pasted with its line', (code) => ` ${code}\n`],
  ])('%s is the second step of a login', async (_, written) => {
    const { secondStep, recoveryCodes } = await enrolled();
    for (const code of recoveryCodes.slice(0, 3)) {
      expect((await secondStep({ recovery_code: written(code) })).status).toBe(200);
    }
  });
});

/** A user with a second factor, whose last code is of the step before. */
async function enrolled() {
  const loginName = freshName();
  const { token } = await register(bed, { loginName });
  const call = { caller: await callerOf(bed.services, APP) };
  const ref = { by: 'access_token', accessToken: token } as const;
  const { secret } = await enrollTotp(bed.services, call, ref, PASSWORD);
  const recoveryCodes = await confirmTotp(bed.services, call, ref, totpCode(secret, bed.clock.now));
  bed.clock.advance(30_000);
  const secondStep = async (body: object) => {
    const { json } = await postToken(bed, { username: loginName, password: PASSWORD });
    const headers = { authorization: `Bearer ${json.access_token}` };
    return postToken(bed, { grant_type: 'mfa', ...body }, { headers });
  };
  return { secret, recoveryCodes, secondStep };
}
