import { Command, InvalidArgumentError, Option } from 'commander';
import { DEFAULT_POLICY, LONGEST_LIFETIME_MS } from '../core/lifetimes.ts';
import type { TenantPolicy } from '../core/model.ts';
import { SCOPE_FORM, TENANT_ID_FORM } from '../core/names.ts';
import { parseDuration, parseSwitch, wholeNumber } from '../flags.ts';
import type { StoreOptions } from '../store-config.ts';
import { jsonOption, type OutputOptions, printResult } from './output.ts';
import { onStore, perform, withStore } from './workspace.ts';

interface TenantOptions extends OutputOptions, StoreOptions {
  readonly displayName?: string;
  readonly refresh: boolean;
  readonly defaultTokenLifetime: number;
  readonly longestTokenLifetime: number;
  readonly refreshLifetime: number;
  readonly refreshRepeatWindow: number;
  readonly loginAttempts: number;
  readonly loginWindow: number;
  readonly loginLockPeriod: number;
  readonly publicScope: string[];
}

const MOST_LOGIN_ATTEMPTS = 1_000_000;

/** `symbolon tenant`. */
export function tenantCommand(): Command {
  const create = new Command('create')
    .description('make a tenant, with a public client of the same id (the appID of legacy clients)')
    .argument('<tenant-id>', 'lower-case letters, digits, - and _, at most 63', parseTenantId)
    .option('--display-name <name>', 'what people call it (default: its id)')
    .addOption(
      new Option('--refresh <on|off>', 'answer refresh tokens')
        .default(DEFAULT_POLICY.refreshEnabled, 'off')
        .argParser(parseSwitch),
    )
    .addOption(
      lifetime(
        '--default-token-lifetime <duration>',
        'of an access token when none is asked for',
        DEFAULT_POLICY.defaultTokenLifetimeMs,
      ),
    )
    .addOption(
      lifetime(
        '--longest-token-lifetime <duration>',
        'the longest that may be asked for',
        DEFAULT_POLICY.longestTokenLifetimeMs,
      ),
    )
    .addOption(
      lifetime(
        '--refresh-lifetime <duration>',
        'how long a login can be kept alive by refreshing',
        DEFAULT_POLICY.refreshLifetimeMs,
      ),
    )
    .addOption(
      lifetime(
        '--refresh-repeat-window <duration>',
        'how long a refresh whose answer was lost can be repeated',
        DEFAULT_POLICY.refreshRepeatWindowMs,
      ),
    )
    .addOption(
      new Option('--login-attempts <number>', 'failed logins that lock a name')
        .default(DEFAULT_POLICY.loginAttempts)
        .argParser(wholeNumber(1, MOST_LOGIN_ATTEMPTS)),
    )
    .addOption(
      lifetime('--login-window <duration>', 'in which failed logins are counted', DEFAULT_POLICY.loginWindowMs),
    )
    .addOption(lifetime('--login-lock-period <duration>', 'how long the lock lasts', DEFAULT_POLICY.loginLockPeriodMs))
    .addOption(
      new Option('--public-scope <scope>', 'what the public client may ask for; repeatable')
        .default([], 'none')
        .argParser(collectScope),
    )
    .addOption(jsonOption())
    .action(createTenant);
  return new Command('tenant').description('tenants').addCommand(onStore(create));
}

async function createTenant(tenantId: string, options: TenantOptions): Promise<void> {
  const policy = policyOf(options);
  const displayName = options.displayName ?? tenantId;
  await withStore(options, (store) =>
    perform(store, { kind: 'create_tenant', tenantId, displayName, policy, publicScopes: options.publicScope }),
  );
  printResult(options, { tenant_id: tenantId, display_name: displayName, refresh: policy.refreshEnabled });
}

function policyOf(options: TenantOptions): TenantPolicy {
  if (options.defaultTokenLifetime > options.longestTokenLifetime) {
    throw new Error(
      '--default-token-lifetime is longer than --longest-token-lifetime. Make it shorter, or the other longer',
    );
  }
  return {
    defaultTokenLifetimeMs: options.defaultTokenLifetime,
    longestTokenLifetimeMs: options.longestTokenLifetime,
    refreshEnabled: options.refresh,
    refreshLifetimeMs: options.refreshLifetime,
    refreshRepeatWindowMs: options.refreshRepeatWindow,
    loginAttempts: options.loginAttempts,
    loginWindowMs: options.loginWindow,
    loginLockPeriodMs: options.loginLockPeriod,
  };
}

function lifetime(flags: string, description: string, standardMs: number): Option {
  return new Option(flags, description).default(standardMs, `${standardMs / 1_000}s`).argParser((text) => {
    const ms = parseDuration(text);
    if (ms < 1 || ms > LONGEST_LIFETIME_MS) {
      throw new InvalidArgumentError(`It must be from 1ms to ${LONGEST_LIFETIME_MS / 1_000}s.`);
    }
    return ms;
  });
}

function parseTenantId(text: string): string {
  if (!TENANT_ID_FORM.test(text)) {
    throw new InvalidArgumentError(
      'It must be 1 to 63 lower-case letters, digits, - and _, beginning with a letter or digit.',
    );
  }
  return text;
}

/** Gathers a repeated `--scope`-like option. */
export function collectScope(text: string, before: string[]): string[] {
  if (!SCOPE_FORM.test(text)) {
    throw new InvalidArgumentError('It is no scope (RFC 6749 section 3.3): no spaces, quotes or backslashes.');
  }
  return [...before, text];
}
