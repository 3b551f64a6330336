/** Passwords on the command line: made up and printed once, or read from standard input, where no process list shows them. */
import type { Command } from 'commander';
import { encodeBytes } from '../core/base62.ts';
import { ID_BYTES } from '../core/ids.ts';
import { requireNewPassword, requirePassword } from '../core/text/passwords.ts';
import { idOf, type TargetOptions, targetCommand } from './naming.ts';
import { printResult } from './output.ts';
import { executeAsOperator, hashPassword, random, readStandardInput, withStore } from './workspace.ts';

export interface PasswordOptions {
  readonly passwordStdin?: boolean;
}

/** A password that is stored as a hash; `toPrint` is null when who gave it knows it. */
export async function newPassword(
  kind: 'user' | 'device',
  options: PasswordOptions,
): Promise<{ hash: string; toPrint: string | null }> {
  const given = options.passwordStdin === true ? await readStandardInput() : null;
  const password = given ?? encodeBytes(random(ID_BYTES));
  const prepared = kind === 'user' ? requireNewPassword(password) : requirePassword(password);
  return { hash: await hashPassword(prepared), toPrint: given === null ? password : null };
}

export function withPasswordOption(command: Command): Command {
  return command.option('--password-stdin', 'read the password from standard input, where no process list shows it');
}

/** `symbolon user|device set-password`. */
export function setPasswordCommand(kind: 'user' | 'device'): Command {
  return withPasswordOption(targetCommand(kind, 'set-password'))
    .description(
      'set another password, and end all of its tokens; a password that is not given is made up and printed once',
    )
    .action(async (name: string, options: TargetOptions & PasswordOptions) => {
      const tenantId = options.tenant ?? '';
      const { hash, toPrint } = await newPassword(kind, options);
      const result = await withStore(options, async (store) => {
        const subjectId = await idOf(store, kind, tenantId, name);
        const command = { kind: 'change_password', tenantId, subjectId, newHash: hash } as const;
        const { revision } = await executeAsOperator(store, command);
        return { tenant_id: tenantId, [`${kind}_id`]: subjectId, password: toPrint, revision };
      });
      printResult(options, result);
    });
}
