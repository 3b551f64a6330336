/** The flags of a tenant's policy. */
import { InvalidArgumentError, Option } from 'commander';
import { parseDuration, parseSwitch, wholeNumber } from '../config/flags.ts';
import { DEFAULT_POLICY, LONGEST_LIFETIME_MS } from '../core/lifetimes.ts';
import type { TenantPolicy } from '../core/model.ts';

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
  readonly selfRegistration?: boolean;
  readonly emailVerification?: boolean;
  readonly phoneVerification?: boolean;
  readonly exposeFullUsers?: boolean;
  readonly verificationCodeLifetime?: number;
  readonly resetCodeLifetime?: number;
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
  [
    'selfRegistration',
    '--self-registration <on|off>',
    'let whoever names the tenant register users and devices',
    parseSwitch,
  ],
  [
    'emailVerificationRequired',
    '--email-verification <on|off>',
    'ask for a code before an e-mail address counts',
    parseSwitch,
  ],
  [
    'phoneVerificationRequired',
    '--phone-verification <on|off>',
    'ask for a code before a phone number counts',
    parseSwitch,
  ],
  ['exposeFullUsers', '--expose-full-users <on|off>', 'let users see all fields of each other', parseSwitch],
  [
    'verificationCodeLifetimeMs',
    '--verification-code-lifetime <duration>',
    'of a code that proves an address, a day at most',
    parseCodeLifetime,
  ],
  [
    'resetCodeLifetimeMs',
    '--reset-code-lifetime <duration>',
    'of a code that resets a password, a day at most',
    parseCodeLifetime,
  ],
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
    selfRegistration: options.selfRegistration,
    emailVerificationRequired: options.emailVerification,
    phoneVerificationRequired: options.phoneVerification,
    exposeFullUsers: options.exposeFullUsers,
    verificationCodeLifetimeMs: options.verificationCodeLifetime,
    resetCodeLifetimeMs: options.resetCodeLifetime,
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

/** Longer ones would be guessed at for longer. */
const LONGEST_CODE_LIFETIME_MS = 24 * 3_600_000;

function parseCodeLifetime(text: string): number {
  const ms = parseDuration(text);
  if (ms < 1_000 || ms > LONGEST_CODE_LIFETIME_MS) {
    throw new InvalidArgumentError('It must be from 1s to 1d.');
  }
  return ms;
}
