/** The app's parameters (docs/kii-wire.md section 4.1). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { policyOfProfile } from '../../../src/core/policy.ts';
import { readTenant } from '../../../src/core/services/lookups.ts';
import { APP, type HttpBed, openHttpBed, PASSWORD, postToken } from '../support.ts';
import { rest, tokensOf, told } from './rest.ts';

let bed: HttpBed;
let admin: string;

beforeEach(async () => {
  bed = await openHttpBed();
  admin = (await tokensOf(bed)).admin;
});
afterEach(() => bed.close());

const PATH = 'configuration/parameters';

function patch(body: object | string) {
  return rest(bed, 'PATCH', PATH, { token: admin, body, type: 'AppConfigParamsModificationRequest' });
}

function put(name: string, body: string, type = 'text/plain') {
  return rest(bed, 'PUT', `${PATH}/${name}`, { token: admin, body, type });
}

async function read() {
  return (await rest(bed, 'GET', PATH, { token: admin })).json;
}

const DEFAULTS = {
  refreshTokenEnabled: false,
  defaultTokenExpirationSeconds: 2_147_483_647,
  maxTokenExpirationSeconds: 2_147_483_647,
  maxLoginAttempts: 100,
  loginLockPeriodSeconds: 900,
  loginAttemptsTimeoutSeconds: 3_600,
  emailAddressVerificationRequired: true,
  phoneNumberVerificationRequired: true,
  exposeFullUserDataToOthers: false,
  passwordResetTimeoutSeconds: 900,
};

describe('the parameters', () => {
  it('are read in Kii’s names and in seconds', async () => {
    expect(await read()).toEqual(DEFAULTS);
  });

  it('are changed together, and what is not named stays', async () => {
    const changes = {
      refreshTokenEnabled: true,
      defaultTokenExpirationSeconds: 60,
      maxTokenExpirationSeconds: 120,
      maxLoginAttempts: 2,
      loginLockPeriodSeconds: 3,
      loginAttemptsTimeoutSeconds: 5,
      emailAddressVerificationRequired: false,
      phoneNumberVerificationRequired: false,
      exposeFullUserDataToOthers: true,
      passwordResetTimeoutSeconds: 7,
    };
    expect((await patch(changes)).status).toBe(204);
    expect(await read()).toEqual(changes);
    const { policy } = (await readTenant(bed.store, APP)) ?? {};
    expect(policy).toEqual({
      ...policyOfProfile('kii'),
      refreshEnabled: true,
      defaultTokenLifetimeMs: 60_000,
      longestTokenLifetimeMs: 120_000,
      loginAttempts: 2,
      loginLockPeriodMs: 3_000,
      loginWindowMs: 5_000,
      emailVerificationRequired: false,
      phoneVerificationRequired: false,
      exposeFullUsers: true,
      resetCodeLifetimeMs: 7_000,
    });
    expect((await patch({})).status).toBe(204);
    expect((await patch({ maxLoginAttempts: 9 })).status).toBe(204);
    expect(await read()).toEqual({ ...changes, maxLoginAttempts: 9 });
  });

  it('count at once: a lock as the live service showed it, and refresh tokens', async () => {
    expect((await patch({ maxLoginAttempts: 2, loginLockPeriodSeconds: 3 })).status).toBe(204);
    const login = (password: string) => postToken(bed, { username: 'VENDOR_THING_ID:Sensor-1', password });
    const statuses = [(await login('wrong')).status, (await login('wrong')).status];
    const locked = await login(PASSWORD);
    expect([...statuses, locked.status, locked.json.error_description]).toEqual([
      ...[400, 400, 400],
      'The login name is locked',
    ]);
    bed.clock.advance(4_000);
    expect('refresh_token' in (await login(PASSWORD)).json).toBe(false);
    expect((await put('refreshTokenEnabled', 'true')).status).toBe(204);
    expect('refresh_token' in (await login(PASSWORD)).json).toBe(true);
  });

  it.each([
    ['refreshTokenEnabled', 'true', true],
    ['exposeFullUserDataToOthers', ' true\n', true],
    ['defaultTokenExpirationSeconds', '86400', 86_400],
    ['maxLoginAttempts', '1', 1],
  ])('are set one at a time as text: %s to %j', async (name, text, value) => {
    expect((await put(name, text)).status).toBe(204);
    expect(await read()).toEqual({ ...DEFAULTS, [name]: value });
    expect((await put(name, text, '')).status).toBe(204);
  });

  it.each([
    ['refreshTokenEnabled', '1'],
    ['refreshTokenEnabled', 'TRUE'],
    ['refreshTokenEnabled', ' '],
    ['maxLoginAttempts', 'true'],
    ['maxLoginAttempts', '0'],
    ['maxLoginAttempts', '-1'],
    ['maxLoginAttempts', '1.5'],
    ['maxLoginAttempts', '1e3'],
    ['maxLoginAttempts', '1000001'],
    ['defaultTokenExpirationSeconds', '2147483648'],
    ['defaultTokenExpirationSeconds', '0'],
    ['loginLockPeriodSeconds', '999999999999999'],
    ['passwordResetTimeoutSeconds', '86401'],
    ['passwordResetMethod', 'EMAIL'],
    ['__proto__', '1'],
    ['constructor', '1'],
    ['nothing', '1'],
  ])('are not set to nonsense: %s to %j', async (name, text) => {
    const answer = await put(name, text);
    expect([told(answer), Object.keys(answer.json.invalidFields as object)]).toEqual([
      '400 INVALID_INPUT_DATA',
      [name],
    ]);
    expect(await read()).toEqual(DEFAULTS);
  });

  it.each([
    '{"refreshTokenEnabled":"true"}',
    '{"refreshTokenEnabled":1}',
    '{"refreshTokenEnabled":null}',
    '{"maxLoginAttempts":"2"}',
    '{"maxLoginAttempts":2.5}',
    '{"maxLoginAttempts":1e300}',
    '{"maxLoginAttempts":[2]}',
    '{"loginLockPeriodSeconds":2.5}',
    '{"maxLoginAttempts":5,"nothing":1}',
    '{"nothing":1,"maxLoginAttempts":5}',
    '{"maxLoginAttempts":5,"loginLockPeriodSeconds":0}',
    '{"maxLoginAttempts":5,"__proto__":{}}',
    '{"defaultTokenExpirationSeconds":61,"maxTokenExpirationSeconds":60}',
    '{"maxTokenExpirationSeconds":60,"maxLoginAttempts":5}',
  ])('are not changed at all where one of them is wrong: %s', async (body) => {
    const answer = await patch(body);
    expect([told(answer), Object.keys(answer.json.invalidFields as object).length]).toEqual([
      '400 INVALID_INPUT_DATA',
      1,
    ]);
    expect(await read()).toEqual(DEFAULTS);
  });

  it.each([
    ['defaultTokenExpirationSeconds', 1, 2_147_483_647],
    ['maxTokenExpirationSeconds', 1, 2_147_483_647],
    ['maxLoginAttempts', 1, 1_000_000],
    ['loginLockPeriodSeconds', 1, 2_147_483_647],
    ['loginAttemptsTimeoutSeconds', 1, 2_147_483_647],
    ['passwordResetTimeoutSeconds', 1, 86_400],
  ])('have bounds, in Kii’s name and unit: %s', async (name, least, most) => {
    for (const value of [least - 1, most + 1]) {
      const message = `${name} must be a whole number from ${least} to ${most}`;
      expect((await put(name, String(value))).json).toMatchObject({
        message: `There are validation errors: ${message}`,
        invalidFields: { [name]: message },
      });
    }
    const others = name === 'maxTokenExpirationSeconds' ? { defaultTokenExpirationSeconds: least } : {};
    for (const value of [least, most]) {
      expect((await patch({ ...others, [name]: value })).status).toBe(204);
    }
  });

  it('are taken as documented types alone', async () => {
    for (const type of ['application/json', 'AppConfigParamsModificationRequest']) {
      expect(told(await put('maxLoginAttempts', '2', type))).toBe('415 UNSUPPORTED_MEDIA_TYPE');
    }
    expect(told(await rest(bed, 'PATCH', PATH, { token: admin, body: '{}', type: 'text/plain' }))).toBe(
      '415 UNSUPPORTED_MEDIA_TYPE',
    );
    expect(told(await rest(bed, 'PUT', `${PATH}/maxLoginAttempts`, { token: admin }))).toBe('400 INVALID_INPUT_DATA');
  });
});
