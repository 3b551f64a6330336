/** The flags of a tenant's policy, and what is printed of it: both from the table of settings. */
import { InvalidArgumentError, Option } from 'commander';
import type { Duration } from '../../gen/ts/google/protobuf/duration.ts';
import type { TenantPolicy as PolicyMessage } from '../../gen/ts/symbolon/v1/tenant_service.ts';
import { parseDuration, parseSwitch, wholeNumber } from '../config/flags.ts';
import { boundsText, isAllowed, SETTINGS, type Setting, type TenantPolicy } from '../core/policy.ts';
import type { Partially } from './api/api.ts';
import { UsageError } from './terminal/failures.ts';
import type { Result } from './terminal/output.ts';
import { secondsOf, toDuration } from './times.ts';

const SECOND_MS = 1_000;

/** What stands for the value in `--help`. */
const PLACEHOLDERS = { switch: 'on|off', count: 'number', duration: 'duration' } as const;

export function policyOptions({ withDefaults }: { readonly withDefaults: boolean }): Option[] {
  return SETTINGS.map((setting) => {
    const option = optionOf(setting).argParser(parserOf(setting));
    if (withDefaults) {
      // A default of commander's own would hide from the profile what was not given.
      option.description += ` (default: ${defaultText(setting)})`;
    }
    return option;
  });
}

function optionOf({ flag, kind, description }: Setting): Option {
  return new Option(`--${flag} <${PLACEHOLDERS[kind]}>`, description);
}

function parserOf(setting: Setting): (text: string) => boolean | number {
  switch (setting.kind) {
    case 'switch':
      return parseSwitch;
    case 'count':
      return wholeNumber(setting.least, setting.most);
    case 'duration':
      return (text) => parseBounded(text, setting);
  }
}

function parseBounded(text: string, setting: Setting): number {
  const ms = parseDuration(text);
  if (!isAllowed(setting, ms)) {
    throw new InvalidArgumentError(`It must be ${boundsText(setting)}.`);
  }
  return ms;
}

function defaultText({ kind, default: standard }: Setting): string {
  if (kind === 'switch') {
    return standard ? 'on' : 'off';
  }
  return kind === 'count' ? String(standard) : `${Number(standard) / SECOND_MS}s`;
}

/** Those settings that were given, of what commander has read, over others. */
export function policyOf<Others extends Partial<TenantPolicy>>(options: object, others: Others): Others {
  const read = new Map<string, unknown>(Object.entries(options));
  const entries = SETTINGS.map((setting) => [setting.key, read.get(optionOf(setting).attributeName())] as const);
  const given: Partial<TenantPolicy> = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  const policy = { ...others, ...given };
  requireOrder(policy);
  return policy;
}

/** The store would refuse it as well, but not in the words of the flags. */
function requireOrder({ defaultTokenLifetimeMs = 0, longestTokenLifetimeMs = Infinity }: Partial<TenantPolicy>): void {
  if (defaultTokenLifetimeMs > longestTokenLifetimeMs) {
    throw new UsageError(
      '--default-token-lifetime is longer than --longest-token-lifetime. Shorten the first, or lengthen the second',
    );
  }
}

/** By the names of the flags in snake case; durations in seconds, as scripts calculate with them. */
export function policyResult(policy: PolicyMessage | undefined): Result {
  const values = new Map<string, unknown>(Object.entries(policy ?? {}));
  const entries = SETTINGS.map((setting) => {
    const name = setting.flag.replaceAll('-', '_');
    const value = values.get(memberOf(setting)) ?? null;
    return typeof value === 'object' && value !== null
      ? [`${name}_seconds`, secondsOf(value as Duration)]
      : [name, value as boolean | number | null];
  });
  return Object.fromEntries(entries);
}

/** Those settings as a message, and its paths for a mask. */
export function policyMessage(policy: Partial<TenantPolicy>): {
  readonly policy: Partially<PolicyMessage>;
  readonly paths: readonly string[];
} {
  const given = SETTINGS.filter(({ key }) => policy[key] !== undefined);
  const entries = given.map((setting) => {
    const value = policy[setting.key];
    return [memberOf(setting), setting.kind === 'duration' ? toDuration(Number(value)) : value] as const;
  });
  return { policy: Object.fromEntries(entries), paths: given.map(({ field }) => `policy.${field}`) };
}

/** As ts-proto calls it. */
function memberOf({ key }: Setting): string {
  return key.replace(/Ms$/, '');
}
