/** `symbolon user`. */
import { Command, Option } from 'commander';
import { ID_BYTES, userId } from '../core/ids.ts';
import { requireEmail, requireLoginName, requirePhone } from '../core/text/fields.ts';
import { LOGIN_NAME_RULE } from '../core/text/names.ts';
import { keptBy } from './naming.ts';
import { printResult } from './output.ts';
import { createSubject, type SubjectOptions, subjectCommand, withSubjectOptions } from './subjects.ts';
import { random } from './workspace.ts';

interface UserOptions extends SubjectOptions {
  readonly loginName?: string;
  readonly email?: string;
  readonly emailVerified?: boolean;
  readonly phone?: string;
  readonly phoneVerified?: boolean;
}

export function userCommand(): Command {
  const create = withSubjectOptions(new Command('create'))
    .description('make a user; a password that is not given is made up and printed once')
    .addOption(new Option('--login-name <name>', LOGIN_NAME_RULE).argParser(keptBy(requireLoginName)))
    .addOption(new Option('--email <address>', 'e-mail address').argParser(keptBy(requireEmail)))
    .option('--email-verified', 'the address is known to be the user’s, who can log in with it')
    .addOption(
      new Option('--phone <number>', 'international number, such as +819012341234').argParser(
        keptBy((number) => requirePhone(number)),
      ),
    )
    .option('--phone-verified', 'the number is known to be the user’s, who can log in with it')
    .action(createUser);
  return subjectCommand('user', create);
}

async function createUser(options: UserOptions): Promise<void> {
  const { tenant, loginName = null, email = null, phone = null } = options;
  if (loginName === null && email === null && phone === null) {
    throw new Error('a user needs a name to log in with. Give --login-name, --email or --phone');
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

function requireWith(flagGiven: boolean | undefined, value: string | null, flag: string, needed: string): void {
  if (flagGiven === true && value === null) {
    throw new Error(`${flag} is given without ${needed}. Give both`);
  }
}
