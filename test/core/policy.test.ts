/** The table of settings, and what follows from a line of it. */
import { readFileSync } from 'node:fs';
import { loadFileDescriptorSetFromBuffer } from '@grpc/proto-loader';
import { describe, expect, it } from 'vitest';
import {
  boundsText,
  DEFAULT_POLICY,
  isAllowed,
  POLICY_PROFILES,
  policyFrom,
  policyOfProfile,
  policyToJson,
  refusePolicy,
  requirePolicy,
  SETTINGS,
  type TenantPolicy,
} from '../../src/core/policy.ts';

const MAX_SECONDS = 2_147_483_647;

/** Field, flag, bounds and default, as the contract and the README promise them. */
const PROMISED = [
  ['refresh_enabled', 'refresh', 'on or off', true],
  ['default_token_lifetime', 'default-token-lifetime', `from 1s to ${MAX_SECONDS}s`, 3_600_000],
  ['longest_token_lifetime', 'longest-token-lifetime', `from 1s to ${MAX_SECONDS}s`, 86_400_000],
  ['refresh_lifetime', 'refresh-lifetime', `from 1s to ${MAX_SECONDS}s`, 90 * 86_400_000],
  ['refresh_repeat_window', 'refresh-repeat-window', `from 0s to ${MAX_SECONDS}s`, 600_000],
  ['login_attempts', 'login-attempts', 'a whole number from 1 to 1000000', 100],
  ['login_window', 'login-window', `from 1s to ${MAX_SECONDS}s`, 3_600_000],
  ['login_lock_period', 'login-lock-period', `from 1s to ${MAX_SECONDS}s`, 900_000],
  ['self_registration', 'self-registration', 'on or off', false],
  ['email_verification_required', 'email-verification', 'on or off', true],
  ['phone_verification_required', 'phone-verification', 'on or off', true],
  ['expose_full_users', 'expose-full-users', 'on or off', false],
  ['verification_code_lifetime', 'verification-code-lifetime', 'from 1s to 1d', 3_600_000],
  ['reset_code_lifetime', 'reset-code-lifetime', 'from 1s to 1d', 900_000],
  ['registrations_per_address', 'registrations-per-address', 'a whole number from 0 to 1000000000', 300],
  ['codes_per_address', 'codes-per-address', 'a whole number from 0 to 1000000000', 100],
  ['consent_token_lifetime', 'consent-token-lifetime', `from 1s to ${MAX_SECONDS}s`, 14 * 86_400_000],
  ['consent_refresh_lifetime', 'consent-refresh-lifetime', `from 1s to ${MAX_SECONDS}s`, 90 * 86_400_000],
  ['application_token_lifetime', 'application-token-lifetime', `from 1s to ${MAX_SECONDS}s`, 3_600_000],
];

/** The kind of a setting, by the type of its field. */
const KINDS: Readonly<Record<string, string>> = { TYPE_BOOL: 'switch', TYPE_UINT32: 'count', TYPE_MESSAGE: 'duration' };

/** The fields of the proto message, and the kinds that they ask for. */
function contractKinds(): Record<string, string | undefined> {
  const bytes = readFileSync(new URL('../../gen/descriptors.binpb', import.meta.url));
  const message = loadFileDescriptorSetFromBuffer(bytes)['symbolon.v1.TenantPolicy'];
  const { field } = (message as unknown as { type: { field: { name: string; type: string }[] } }).type;
  return Object.fromEntries(field.map(({ name, type }) => [name, KINDS[type]]));
}

describe('the table', () => {
  it('has every field of the contract, and no other', () => {
    expect(Object.fromEntries(SETTINGS.map(({ field, kind }) => [field, kind]))).toEqual(contractKinds());
  });

  it('holds what was promised, in the order of --help', () => {
    const rows = SETTINGS.map((setting) => [setting.field, setting.flag, boundsText(setting), setting.default]);
    expect(rows).toEqual(PROMISED);
  });

  it('says what each is for, and has names that no other has', () => {
    for (const { description } of SETTINGS) {
      expect(description).toMatch(/^[a-z].*[^.]$/);
    }
    expect(new Set(SETTINGS.map(({ flag }) => flag)).size).toBe(SETTINGS.length);
  });

  it('marks durations, and only those, by the unit in the key', () => {
    const durations = SETTINGS.filter(({ kind }) => kind === 'duration');
    expect(durations).toEqual(SETTINGS.filter(({ key }) => key.endsWith('Ms')));
  });

  it.each(POLICY_PROFILES)('has a profile %s that it would let a tenant have', (profile) => {
    const policy = policyOfProfile(profile);
    expect(requirePolicy(policy)).toBe(policy);
    expect(refusePolicy(policy)).toBeUndefined();
  });

  it('has the defaults as the standard profile, and what Kii documents as another', () => {
    expect(POLICY_PROFILES).toEqual(['standard', 'kii']);
    expect(policyOfProfile('standard')).toEqual(DEFAULT_POLICY);
    expect(policyOfProfile('kii')).toEqual({
      ...DEFAULT_POLICY,
      refreshEnabled: false,
      defaultTokenLifetimeMs: MAX_SECONDS * 1_000,
      longestTokenLifetimeMs: MAX_SECONDS * 1_000,
      selfRegistration: true,
    });
  });
});

const QUANTITIES = SETTINGS.filter((setting) => setting.kind !== 'switch');
const SWITCHES = SETTINGS.filter((setting) => setting.kind === 'switch');

describe('the bounds', () => {
  it.each(QUANTITIES)('of $field are allowed, and nothing beyond them', (setting) => {
    const { key, field, least, most } = setting;
    for (const value of [least, most]) {
      expect(requirePolicy({ [key]: value })).toEqual({ [key]: value });
    }
    for (const value of [least - 1, most + 1, least + 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => requirePolicy({ [key]: value })).toThrow(`${field} must be ${boundsText(setting)}`);
    }
    expect(isAllowed(setting, String(least))).toBe(false);
  });

  it.each(SWITCHES)('of $field are on and off', (setting) => {
    expect([true, false, 1, 'on', null].map((value) => isAllowed(setting, value))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('let no default token outlive the longest', () => {
    const policy = { ...DEFAULT_POLICY, defaultTokenLifetimeMs: 2_000, longestTokenLifetimeMs: 1_999 };
    expect(refusePolicy(policy)).toMatchObject({
      code: 'invalid_argument',
      message: 'default_token_lifetime must not be longer than longest_token_lifetime',
      about: { field: 'default_token_lifetime' },
    });
    expect(refusePolicy({ ...policy, longestTokenLifetimeMs: 2_000 })).toBeUndefined();
  });
});

/** Nothing as by default. */
const OTHER = Object.fromEntries(
  SETTINGS.map((setting) => [setting.key, setting.kind === 'switch' ? !setting.default : setting.least + 1]),
) as unknown as TenantPolicy;

describe('a stored policy', () => {
  it.each([DEFAULT_POLICY, OTHER])('reads back as it was written, as text and parsed', (policy) => {
    const json = policyToJson(policy);
    expect(policyFrom(json)).toEqual(policy);
    expect(policyFrom(JSON.parse(json))).toEqual(policy);
  });

  it('holds every setting, and only those', () => {
    const json = policyToJson({ ...OTHER, ...{ surplus: 1 } });
    expect(JSON.parse(json)).toEqual(OTHER);
  });

  it('gets the default of what it has not', () => {
    expect(policyFrom({})).toEqual(DEFAULT_POLICY);
    for (const { key } of SETTINGS) {
      const { [key]: _absent, ...others } = OTHER;
      expect(policyFrom(others)).toEqual({ ...OTHER, [key]: DEFAULT_POLICY[key] });
    }
  });

  it('may hold what nobody knows', () => {
    const unknown = '{"later":1,"__proto__":{"refreshEnabled":false},"constructor":null,"refreshEnabled":true}';
    expect(policyFrom(unknown)).toEqual(DEFAULT_POLICY);
    expect(Object.keys(policyFrom(unknown))).toEqual(Object.keys(DEFAULT_POLICY));
  });

  it('may hold what is out of bounds by now', () => {
    expect(policyFrom({ resetCodeLifetimeMs: 1 })).toEqual({ ...DEFAULT_POLICY, resetCodeLifetimeMs: 1 });
  });

  it.each([null, undefined, 1, [], 'null', '[]', '', '{'])('is no %j', (json) => {
    expect(() => policyFrom(json)).toThrow();
  });

  it.each([
    { refreshEnabled: 1 },
    { refreshEnabled: null },
    { resetCodeLifetimeMs: '60000' },
    { resetCodeLifetimeMs: true },
  ])('is damaged where it has another type: %j', (json) => {
    expect(() => policyFrom(json)).toThrow(/^the stored policy has no (boolean|number) as/);
  });
});
