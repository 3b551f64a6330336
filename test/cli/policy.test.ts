/** The flags of a tenant's policy, one for each setting of the table. */
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { policyOf, policyOptions, policyResult } from '../../src/cli/policy.ts';
import { UsageError } from '../../src/cli/terminal/failures.ts';
import { boundsText, DEFAULT_POLICY, SETTINGS, type TenantPolicy } from '../../src/core/policy.ts';
import { toPolicyMessage } from '../../src/grpc/messages/tenants.ts';

const DAY_MS = 86_400_000;

/** What the flags make of a policy. */
function read(args: readonly string[], { withDefaults = false } = {}): Partial<TenantPolicy> {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  for (const option of policyOptions({ withDefaults })) {
    command.addOption(option);
  }
  return policyOf(command.parse(args, { from: 'user' }).opts(), {});
}

const SWITCHES = SETTINGS.filter(({ kind }) => kind === 'switch');
const QUANTITIES = SETTINGS.filter((setting) => setting.kind !== 'switch');

describe('a flag', () => {
  it.each(QUANTITIES)('--$flag takes its bounds, and nothing beyond them', (setting) => {
    const { flag, key, kind, least, most } = setting;
    const [size, unit] = kind === 'duration' ? [1_000, 's'] : [1, ''];
    const given = (value: number) => read([`--${flag}`, `${value}${unit}`]);
    expect(given(least / size)).toEqual({ [key]: least });
    expect(given(most / size)).toEqual({ [key]: most });
    const message = `option '--${flag} <${kind === 'duration' ? 'duration' : 'number'}>' argument`;
    const bounds = `is invalid. It must be ${boundsText(setting)}.`;
    const beyond = most / size + 1;
    expect(() => given(beyond)).toThrow(`${message} '${beyond}${unit}' ${bounds}`);
    if (least > 0) {
      expect(() => given(0)).toThrow(bounds);
    }
    expect(() => given(-1)).toThrow('It must be');
  });

  it.each(SWITCHES)('--$flag takes on and off', ({ flag, key }) => {
    expect(read([`--${flag}`, 'on'])).toEqual({ [key]: true });
    expect(read([`--${flag}`, 'off'])).toEqual({ [key]: false });
    expect(() => read([`--${flag}`, 'perhaps'])).toThrow('It must be on or off.');
  });

  it('that is not given changes nothing, also where help tells a default', () => {
    expect(read([])).toEqual({});
    expect(read([], { withDefaults: true })).toEqual({});
  });

  it('that is longer than the longest, also as that is by default, is a mistake of who typed it', () => {
    const longest = { longestTokenLifetimeMs: DEFAULT_POLICY.longestTokenLifetimeMs };
    expect(() => policyOf({ defaultTokenLifetime: 2 * DAY_MS }, longest)).toThrow(UsageError);
    expect(policyOf({ defaultTokenLifetime: DAY_MS }, longest)).toEqual({ ...longest, defaultTokenLifetimeMs: DAY_MS });
  });

  it('tells its default as people write it', () => {
    const texts = policyOptions({ withDefaults: true }).map(
      ({ description }) => /\(default: (.*)\)$/.exec(description)?.[1],
    );
    expect(new Set(texts)).toEqual(
      new Set(['off', 'on', '86400s', '7776000s', '600s', '100', '300', '3600s', '900s', '1209600s']),
    );
  });
});

it('a policy is printed as flags are named, in seconds', () => {
  expect(Object.entries(policyResult(toPolicyMessage(DEFAULT_POLICY)))).toEqual([
    ['refresh', true],
    ['default_token_lifetime_seconds', 3_600],
    ['longest_token_lifetime_seconds', 86_400],
    ['refresh_lifetime_seconds', 7_776_000],
    ['refresh_repeat_window_seconds', 600],
    ['login_attempts', 100],
    ['login_window_seconds', 3_600],
    ['login_lock_period_seconds', 900],
    ['self_registration', false],
    ['email_verification', true],
    ['phone_verification', true],
    ['expose_full_users', false],
    ['verification_code_lifetime_seconds', 3_600],
    ['reset_code_lifetime_seconds', 900],
    ['registrations_per_address', 300],
    ['codes_per_address', 100],
    ['consent_token_lifetime_seconds', 14 * 86_400],
    ['consent_refresh_lifetime_seconds', 7_776_000],
    ['application_token_lifetime_seconds', 3_600],
  ]);
});
