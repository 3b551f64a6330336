/**
 * A tenant's policy: how long its tokens live, how many failed logins it bears, what its users may do for themselves.
 * A setting is one line of the table. Its type, default, bounds, flag, mask path and stored form follow from that line.
 */
import { type Refusal, SymbolonError } from './errors.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const MIN_LIFETIME_MS = SECOND;

/** What legacy clients can hold: `expires_in` is a 32-bit number of seconds, about 68 years. */
export const MAX_LIFETIME_MS = 2_147_483_647 * SECOND;

/** A code that lives longer can be guessed at for longer. */
const MAX_CODE_LIFETIME_MS = DAY;

const MAX_LOGIN_ATTEMPTS = 1_000_000;

const LIFETIME: Bounds = { least: MIN_LIFETIME_MS, most: MAX_LIFETIME_MS };
/** Zero: no refresh can be repeated. */
const WINDOW: Bounds = { least: 0, most: MAX_LIFETIME_MS };
const CODE_LIFETIME: Bounds = { least: MIN_LIFETIME_MS, most: MAX_CODE_LIFETIME_MS };
const ATTEMPTS: Bounds = { least: 1, most: MAX_LOGIN_ATTEMPTS };
const PER_ADDRESS: Bounds = { least: 0, most: 1_000_000_000 };

/**
 * A line has the default, the bounds, and the text of `--help`; a flag where the key does not tell it. Keys of durations end in Ms.
 * The bound on failed logins is that of NIST SP 800-63B. The order is that of `--help`.
 */
const TABLE = {
  refreshEnabled: toggle(true, 'issue refresh tokens', 'refresh'),
  defaultTokenLifetimeMs: duration(HOUR, LIFETIME, 'lifetime of an access token when the call asks for none'),
  longestTokenLifetimeMs: duration(DAY, LIFETIME, 'the longest lifetime that a call may ask for'),
  refreshLifetimeMs: duration(90 * DAY, LIFETIME, 'how long a login can be kept alive by refreshing'),
  refreshRepeatWindowMs: duration(10 * MINUTE, WINDOW, 'how long a refresh whose answer was lost can be repeated'),
  loginAttempts: count(100, ATTEMPTS, 'failed logins that lock a name'),
  loginWindowMs: duration(HOUR, LIFETIME, 'the time in which failed logins are counted'),
  loginLockPeriodMs: duration(15 * MINUTE, LIFETIME, 'how long a name stays locked'),
  selfRegistration: toggle(false, 'let everybody who knows the tenant’s id register users and devices'),
  // Without a code, an address counts as verified at once.
  emailVerificationRequired: toggle(true, 'ask for a code before an e-mail address counts', 'email-verification'),
  phoneVerificationRequired: toggle(true, 'ask for a code before a phone number counts', 'phone-verification'),
  exposeFullUsers: toggle(false, 'let users see all fields of each other'),
  verificationCodeLifetimeMs: duration(HOUR, CODE_LIFETIME, 'lifetime of a code that verifies an address, at most 1d'),
  resetCodeLifetimeMs: duration(15 * MINUTE, CODE_LIFETIME, 'lifetime of a code that resets a password, at most 1d'),
  registrationsPerAddress: count(300, PER_ADDRESS, 'what strangers may register from one network address, an hour'),
  codesPerAddress: count(100, PER_ADDRESS, 'codes that strangers may cause from one network address, an hour'),
  // What comes by consent, and what a client gets for itself, lives as long in every profile: neither is what Kii's clients hold.
  consentTokenLifetimeMs: duration(14 * DAY, LIFETIME, 'lifetime of an access token that a user consented to'),
  consentRefreshLifetimeMs: duration(
    90 * DAY,
    LIFETIME,
    'how long what a user consented to can be kept alive by refreshing',
  ),
  applicationTokenLifetimeMs: duration(HOUR, LIFETIME, 'lifetime of a client’s own token when the call asks for none'),
};

/** What a new tenant begins with, by the clients that it is for: where a profile differs from the defaults of the table. */
const PROFILES = {
  standard: {},
  // Kii's clients never refresh, hold a token for as long as Kii documents, and register with nothing but the app's id.
  kii: {
    refreshEnabled: false,
    defaultTokenLifetimeMs: MAX_LIFETIME_MS,
    longestTokenLifetimeMs: MAX_LIFETIME_MS,
    selfRegistration: true,
  },
} as const satisfies Readonly<Record<string, Partial<TenantPolicy>>>;

export type PolicyProfile = keyof typeof PROFILES;

export const POLICY_PROFILES = Object.keys(PROFILES) as readonly PolicyProfile[];

/** Durations are milliseconds. */
export type TenantPolicy = { readonly [Key in SettingKey]: (typeof TABLE)[Key]['default'] };

export type SettingKey = keyof typeof TABLE;

interface Bounds {
  readonly least: number;
  readonly most: number;
}

interface Described {
  readonly description: string;
  /** Of the command line, without dashes; absent where it is the name of the field. */
  readonly flag?: string | undefined;
}

interface Toggle extends Described {
  readonly kind: 'switch';
  readonly default: boolean;
}

interface Quantity extends Described, Bounds {
  readonly kind: 'count' | 'duration';
  readonly default: number;
}

/** A line of the table with its names: `defaultTokenLifetimeMs` is the field `default_token_lifetime`. */
export type Setting = (Toggle | Quantity) & {
  readonly key: SettingKey;
  readonly field: string;
  readonly flag: string;
};

function toggle(standard: boolean, description: string, flag?: string): Toggle {
  return { kind: 'switch', default: standard, description, flag };
}

function count(standard: number, bounds: Bounds, description: string): Quantity {
  return { kind: 'count', default: standard, ...bounds, description };
}

function duration(standard: number, bounds: Bounds, description: string): Quantity {
  return { kind: 'duration', default: standard, ...bounds, description };
}

export const SETTINGS: readonly Setting[] = (Object.keys(TABLE) as SettingKey[]).map(settingOf);

export const DEFAULT_POLICY: TenantPolicy = policyOfEach((setting) => setting.default);

export function policyOfProfile(profile: PolicyProfile): TenantPolicy {
  return { ...DEFAULT_POLICY, ...PROFILES[profile] };
}

export function settingOf(key: SettingKey): Setting {
  const line: Toggle | Quantity = TABLE[key];
  const field = key.replace(/Ms$/, '').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return { ...line, key, field, flag: line.flag ?? field.replaceAll('_', '-') };
}

function policyOfEach(value: (setting: Setting) => boolean | number): TenantPolicy {
  return Object.fromEntries(SETTINGS.map((setting) => [setting.key, value(setting)])) as unknown as TenantPolicy;
}

/** Throws where a value is out of bounds. */
export function requirePolicy(policy: Partial<TenantPolicy>): Partial<TenantPolicy> {
  for (const setting of SETTINGS) {
    const value = policy[setting.key];
    if (value !== undefined && !isAllowed(setting, value)) {
      const about = { field: setting.field, value: String(value) };
      throw new SymbolonError('invalid_argument', `${setting.field} must be ${boundsText(setting)}`, { about });
    }
  }
  return policy;
}

/** Why settings that are allowed one by one can't be together; undefined when they can. */
export function refusePolicy({ defaultTokenLifetimeMs, longestTokenLifetimeMs }: TenantPolicy): Refusal | undefined {
  const about = { field: 'default_token_lifetime', value: String(defaultTokenLifetimeMs) };
  const message = 'default_token_lifetime must not be longer than longest_token_lifetime';
  return defaultTokenLifetimeMs > longestTokenLifetimeMs ? { code: 'invalid_argument', message, about } : undefined;
}

export function isAllowed(setting: Setting, value: unknown): boolean {
  if (setting.kind === 'switch') {
    return typeof value === 'boolean';
  }
  return Number.isSafeInteger(value) && Number(value) >= setting.least && Number(value) <= setting.most;
}

/** What may follow `must be`. */
export function boundsText(setting: Setting): string {
  switch (setting.kind) {
    case 'switch':
      return 'on or off';
    case 'count':
      return `a whole number from ${setting.least} to ${setting.most}`;
    case 'duration':
      return `from ${durationText(setting.least)} to ${durationText(setting.most)}`;
  }
}

/** In the largest unit that tells it exactly. */
function durationText(ms: number): string {
  const units = Object.entries({ d: DAY, h: HOUR, m: MINUTE, s: SECOND });
  const [unit, size] = units.find(([, each]) => ms >= each && ms % each === 0) ?? ['ms', 1];
  return ms === 0 ? '0s' : `${ms / size}${unit}`;
}

/**
 * What a store kept, as text or already parsed. An absent setting is younger than what was kept and gets its default. An unknown
 * one was kept by another version and is ignored. Bounds don't count here: they may be narrower than when it was kept.
 */
export function policyFrom(json: unknown): TenantPolicy {
  const stored: unknown = typeof json === 'string' ? JSON.parse(json) : json;
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) {
    throw new Error('the stored policy is no JSON object');
  }
  const values = new Map<string, unknown>(Object.entries(stored));
  return policyOfEach((setting) => storedValue(setting, values.get(setting.key)));
}

/** A wrong type is damage: the default in its place could open what was closed. */
function storedValue({ key, default: standard }: Setting, value: unknown): boolean | number {
  if (value === undefined) {
    return standard;
  }
  if (typeof value !== typeof standard) {
    throw new Error(`the stored policy has no ${typeof standard} as ${key}`);
  }
  return value as boolean | number;
}

/** The text of a JSON object for `policyFrom`. */
export function policyToJson(policy: TenantPolicy): string {
  return JSON.stringify(policyOfEach(({ key }) => policy[key]));
}
