/** The flags of a tenant's policy. */
import { InvalidArgumentError, Option } from 'commander';
import { DEFAULT_POLICY, LONGEST_LIFETIME_MS } from '../core/lifetimes.ts';
import type { TenantPolicy } from '../core/model.ts';
import { parseDuration, parseSwitch, wholeNumber } from '../flags.ts';

/** As commander reads them; absent where there is no default. */
export interface PolicyOptions {
  readonly refresh?: boolean;
  readonly defaultTokenLifetime?: number;
  readonly longestTokenLifetime?: number;
  readonly refreshLifetime?: number;
  readonly refreshRepeatWindow?: number;
  readonly loginAttempts?: number;
  readonly loginWindow?: number;
  readonly loginLockPeriod?: number;
}

const MOST_LOGIN_ATTEMPTS = 1_000_000;

/** By their part of the policy, in the order in which they are listed. */
const FLAGS: readonly [keyof TenantPolicy, flags: string, description: string, parse: (text: string) => unknown][] = [
  ['refreshEnabled', '--refresh <on|off>', 'answer refresh tokens', parseSwitch],
  [
    'defaultTokenLifetimeMs',
    '--default-token-lifetime <duration>',
    'of an access token when none is asked for',
    parseLifetime,
  ],
  ['longestTokenLifetimeMs', '--longest-token-lifetime <duration>', 'the longest that may be asked for', parseLifetime],
  [
    'refreshLifetimeMs',
    '--refresh-lifetime <duration>',
    'how long a login can be kept alive by refreshing',
    parseLifetime,
  ],
  [
    'refreshRepeatWindowMs',
    '--refresh-repeat-window <duration>',
    'how long a refresh whose answer was lost can be repeated',
    parseLifetime,
  ],
  ['loginAttempts', '--login-attempts <number>', 'failed logins that lock a name', wholeNumber(1, MOST_LOGIN_ATTEMPTS)],
  ['loginWindowMs', '--login-window <duration>', 'in which failed logins are counted', parseLifetime],
  ['loginLockPeriodMs', '--login-lock-period <duration>', 'how long the lock lasts', parseLifetime],
];

export function policyOptions({ withDefaults }: { readonly withDefaults: boolean }): Option[] {
  return FLAGS.map(([key, flags, description, parse]) => {
    const option = new Option(flags, description).argParser(parse);
    return withDefaults ? option.default(DEFAULT_POLICY[key], standardText(DEFAULT_POLICY[key], key)) : option;
  });
}

function standardText(value: number | boolean, key: keyof TenantPolicy): string {
  if (typeof value === 'boolean') {
    return value ? 'on' : 'off';
  }
  return key === 'loginAttempts' ? String(value) : `${value / 1_000}s`;
}

/** Those that were given, or have a default. */
export function policyOf(options: PolicyOptions): Partial<TenantPolicy> {
  const { defaultTokenLifetime = 0, longestTokenLifetime = Number.POSITIVE_INFINITY } = options;
  if (defaultTokenLifetime > longestTokenLifetime) {
    throw new Error(
      '--default-token-lifetime is longer than --longest-token-lifetime. Make it shorter, or the other longer',
    );
  }
  const policy = {
    defaultTokenLifetimeMs: options.defaultTokenLifetime,
    longestTokenLifetimeMs: options.longestTokenLifetime,
    refreshEnabled: options.refresh,
    refreshLifetimeMs: options.refreshLifetime,
    refreshRepeatWindowMs: options.refreshRepeatWindow,
    loginAttempts: options.loginAttempts,
    loginWindowMs: options.loginWindow,
    loginLockPeriodMs: options.loginLockPeriod,
  };
  return Object.fromEntries(Object.entries(policy).filter(([, value]) => value !== undefined));
}

function parseLifetime(text: string): number {
  const ms = parseDuration(text);
  if (ms < 1 || ms > LONGEST_LIFETIME_MS) {
    throw new InvalidArgumentError(`It must be from 1ms to ${LONGEST_LIFETIME_MS / 1_000}s.`);
  }
  return ms;
}
