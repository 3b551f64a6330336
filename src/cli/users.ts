/** `symbolon user` and `symbolon device`. */
import { Command, InvalidArgumentError, Option } from 'commander';
import type { StoreOptions } from '../config/store.ts';
import type { CreateSubject } from '../core/directory-commands.ts';
import { deviceId, ID_BYTES, userId } from '../core/ids.ts';
import { EMAIL_FORM, LOGIN_NAME_FORM, parsePhone, VENDOR_ID_FORM } from '../core/names.ts';
import { standingCommands } from './ending.ts';
import { jsonOption, type OutputOptions, printResult } from './output.ts';
import { newPassword, type PasswordOptions, setPasswordCommand, withPasswordOption } from './passwords.ts';
import { onStore, perform, random, withStore } from './workspace.ts';

interface SubjectOptions extends OutputOptions, StoreOptions, PasswordOptions {
  readonly tenant: string;
}

interface UserOptions extends SubjectOptions {
  readonly loginName?: string;
  readonly email?: string;
  readonly emailVerified?: boolean;
  readonly phone?: string;
  readonly phoneVerified?: boolean;
}

interface DeviceOptions extends SubjectOptions {
  readonly vendorId: string;
}

export function userCommand(): Command {
  const create = withSubjectOptions(new Command('create'))
    .description('make a user; a password that was not given is made up and printed once')
    .addOption(
      new Option('--login-name <name>', '3 to 64 of a-z A-Z 0-9 - _ and dots').argParser(
        matching(LOGIN_NAME_FORM, '3 to 64 of a-z A-Z 0-9 - _ and dots'),
      ),
    )
    .addOption(new Option('--email <address>', 'e-mail address').argParser(matching(EMAIL_FORM, 'an e-mail address')))
    .option('--email-verified', 'the address is known to be the user’s, and can be logged in with')
    .addOption(
      new Option('--phone <number>', 'international number, such as +819012341234').argParser(parsePhoneOption),
    )
    .option('--phone-verified', 'the number is known to be the user’s, and can be logged in with')
    .action(createUser);
  return subjectCommand('user', create);
}

export function deviceCommand(): Command {
  const create = withSubjectOptions(new Command('create'))
    .description('make a device; a password that was not given is made up and printed once')
    .addOption(
      new Option('--vendor-id <id>', '1 to 200 of a-z A-Z 0-9 - _ and dots')
        .makeOptionMandatory()
        .argParser(matching(VENDOR_ID_FORM, '1 to 200 of a-z A-Z 0-9 - _ and dots')),
    )
    .action(createDevice);
  return subjectCommand('device', create);
}

function subjectCommand(kind: 'user' | 'device', create: Command): Command {
  const command = new Command(kind).description(`${kind}s`).addCommand(onStore(create));
  for (const each of [setPasswordCommand(kind), ...standingCommands(kind)]) {
    command.addCommand(each);
  }
  return command;
}

function withSubjectOptions(command: Command): Command {
  return withPasswordOption(command)
    .requiredOption('--tenant <tenant-id>', 'the tenant it belongs to')
    .addOption(jsonOption());
}

async function createUser(options: UserOptions): Promise<void> {
  const { tenant, loginName = null, email = null, phone = null } = options;
  if (loginName === null && email === null && phone === null) {
    throw new Error('a user needs a name to log in by. Give --login-name, --email or --phone');
  }
  requireWith(options.emailVerified, email, '--email-verified', '--email');
  requireWith(options.phoneVerified, phone, '--phone-verified', '--phone');
  const subjectId = userId(random(ID_BYTES));
  const password = await createSubject(options, {
    subjectId,
    tenantId: tenant,
    kind: 'user',
    loginName,
    email,
    emailVerified: options.emailVerified === true,
    phone,
    phoneVerified: options.phoneVerified === true,
    vendorId: null,
  });
  printResult(options, { tenant_id: tenant, user_id: subjectId, login_name: loginName, email, phone, password });
}

async function createDevice(options: DeviceOptions): Promise<void> {
  const { tenant, vendorId } = options;
  const subjectId = deviceId(random(ID_BYTES));
  const password = await createSubject(options, {
    subjectId,
    tenantId: tenant,
    kind: 'device',
    loginName: null,
    email: null,
    emailVerified: false,
    phone: null,
    phoneVerified: false,
    vendorId,
  });
  printResult(options, { tenant_id: tenant, device_id: subjectId, vendor_id: vendorId, password });
}

/** Stores the subject; answers its password when it was made up here, else null. */
async function createSubject(
  options: SubjectOptions,
  subject: Omit<CreateSubject['subject'], 'passwordHash'>,
): Promise<string | null> {
  const { hash, toPrint } = await newPassword(subject.kind, options);
  await withStore(options, (store) =>
    perform(store, { kind: 'create_subject', subject: { ...subject, passwordHash: hash } }),
  );
  return toPrint;
}

function requireWith(flagGiven: boolean | undefined, value: string | null, flag: string, needed: string): void {
  if (flagGiven === true && value === null) {
    throw new Error(`${flag} is given without ${needed}. Give both`);
  }
}

function matching(form: RegExp, what: string): (text: string) => string {
  return (text) => {
    if (!form.test(text)) {
      throw new InvalidArgumentError(`It must be ${what}.`);
    }
    return text;
  };
}

function parsePhoneOption(text: string): string {
  const number = parsePhone(text);
  if (number === undefined) {
    throw new InvalidArgumentError('It must be an international phone number, such as +819012341234.');
  }
  return number;
}
