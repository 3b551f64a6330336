/** `symbolon user`. */
import { Command } from 'commander';
import type { User } from '../../gen/ts/symbolon/v1/user_service.ts';
import { switchOption } from '../config/flags.ts';
import { LOGIN_NAME_RULE } from '../core/text/names.ts';
import { withApi } from './api/open.ts';
import { named } from './ending.ts';
import { printPages } from './lists.ts';
import { idOf, type TenantOptions, targetCommand, tenantCommand, tenantIn } from './naming.ts';
import { newPassword } from './passwords.ts';
import { DISPLAY_NAME, maskOf, type NewSubjectOptions, newSubjectCommand, subjectCommand } from './subjects.ts';
import { UsageError } from './terminal/failures.ts';
import { printResult, type Result } from './terminal/output.ts';
import { timeText } from './times.ts';
import { removeTotpCommand } from './unlocking.ts';

interface Names {
  readonly loginName?: string;
  readonly email?: string;
  readonly emailVerified?: boolean;
  readonly phone?: string;
  readonly phoneVerified?: boolean;
  readonly displayName?: string;
}

const PHONE = 'international number, such as +819012341234';

export function userCommand(): Command {
  const create = newSubjectCommand(new Command('create'))
    .description('make a user; a password that is not given is made up and printed once')
    .option('--login-name <name>', LOGIN_NAME_RULE)
    .option('--email <address>', 'e-mail address; a code is sent to it, unless the tenant wants none')
    .option('--email-verified', 'the address is known to be the user’s, who can log in with it')
    .option('--phone <number>', `${PHONE}; a code is sent to it, unless the tenant wants none`)
    .option('--phone-verified', 'the number is known to be the user’s, who can log in with it')
    .action(createUser);
  const get = targetCommand('user', 'get').description('print a user').action(getUser);
  const list = tenantCommand(new Command('list')).description('print the users of a tenant').action(listUsers);
  const update = targetCommand('user', 'update')
    .description('change what the flags name; the rest stays as it is, and what is given as nothing is taken away')
    .option('--login-name <name>', LOGIN_NAME_RULE)
    .option('--email <address>', 'e-mail address')
    .addOption(switchOption('--email-verified', 'whether the address is known to be the user’s').env(''))
    .option('--phone <number>', PHONE)
    .addOption(switchOption('--phone-verified', 'whether the number is known to be the user’s').env(''))
    .option(...DISPLAY_NAME)
    .action(updateUser);
  const own = [create, get, list, update, removeTotpCommand()];
  return subjectCommand(new Command('user').description('users'), 'user', own);
}

async function createUser(options: NewSubjectOptions & Names): Promise<void> {
  const { loginName = '', email = '', phone = '', displayName = '', emailVerified, phoneVerified } = options;
  if (loginName === '' && email === '' && phone === '') {
    throw new UsageError('a user needs a name to log in with. Give --login-name, --email or --phone');
  }
  requireWith(emailVerified, email, '--email-verified', '--email');
  requireWith(phoneVerified, phone, '--phone-verified', '--phone');
  const tenantId = tenantIn(options);
  const { password, toPrint } = await newPassword(options);
  const { user } = await withApi(options, tenantId, (api) =>
    api.call('registerUser', {
      ...{ loginName, email, phone, displayName, password },
      emailVerified: emailVerified === true,
      phoneVerified: phoneVerified === true,
    }),
  );
  const made = named('user', tenantId, user?.userId ?? '');
  const names = { login_name: orNull(user?.loginName), email: orNull(user?.email), phone: orNull(user?.phone) };
  printResult(options, { ...made, ...names, password: toPrint });
}

function requireWith(flagGiven: boolean | undefined, value: string, flag: string, needed: string): void {
  if (flagGiven === true && value === '') {
    throw new UsageError(`${flag} is given without ${needed}. Give both`);
  }
}

async function getUser(name: string, options: TenantOptions): Promise<void> {
  const tenantId = tenantIn(options);
  const result = await withApi(options, tenantId, async (api) => {
    const userId = await idOf(api, 'user', tenantId, name);
    const { user } = await api.call('getUser', { user: { user: { $case: 'userId', value: userId } } });
    return { ...named('user', tenantId, userId), ...userResult(user) };
  });
  printResult(options, result);
}

async function listUsers(options: TenantOptions): Promise<void> {
  await withApi(options, tenantIn(options), (api) =>
    printPages(options, {
      columns: ['user_id', 'login_name', 'email', 'phone', 'display_name', 'disabled', 'locked_until', 'create_time'],
      none: 'The tenant has no user. Make one with symbolon user create',
      read: async (page) => {
        const { users, nextPageToken } = await api.call('listUsers', page);
        return { rows: users.map(userResult), next: nextPageToken };
      },
    }),
  );
}

async function updateUser(name: string, options: TenantOptions & Names): Promise<void> {
  const { loginName, email, emailVerified, phone, phoneVerified, displayName } = options;
  const updateMask = maskOf({
    ...{ login_name: loginName, email, email_verified: emailVerified },
    ...{ phone, phone_verified: phoneVerified, display_name: displayName },
  });
  if (updateMask.length === 0) {
    throw new UsageError('no change is given. Give --login-name, --email, --phone or another: --help lists them');
  }
  const tenantId = tenantIn(options);
  const result = await withApi(options, tenantId, async (api) => {
    const userId = await idOf(api, 'user', tenantId, name);
    const { user } = await api.call('updateUser', {
      user: { user: { $case: 'userId', value: userId } },
      ...{ loginName: loginName ?? '', email: email ?? '', phone: phone ?? '', displayName: displayName ?? '' },
      emailVerified: emailVerified ?? false,
      phoneVerified: phoneVerified ?? false,
      updateMask,
    });
    return { ...named('user', tenantId, userId), ...userResult(user) };
  });
  printResult(options, result);
}

function userResult(user: User | undefined): Result {
  if (user === undefined) {
    return {};
  }
  return {
    user_id: user.userId,
    login_name: orNull(user.loginName),
    email: orNull(user.email),
    email_verified: user.emailVerified,
    pending_email: orNull(user.pendingEmail),
    phone: orNull(user.phone),
    phone_verified: user.phoneVerified,
    pending_phone: orNull(user.pendingPhone),
    display_name: orNull(user.displayName),
    attributes: JSON.stringify(user.attributes ?? {}),
    has_password: user.hasPassword,
    mfa_enabled: user.mfaEnabled,
    disabled: user.disabled,
    // Told by get and list alone: that another answer has none tells nothing.
    ...(user.lockedUntil && { locked_until: timeText(user.lockedUntil) }),
    ...(user.secondFactorLockedUntil && { second_factor_locked_until: timeText(user.secondFactorLockedUntil) }),
    create_time: timeText(user.createTime),
  };
}

function orNull(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}
