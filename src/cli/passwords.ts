/** Passwords on the command line: made up and printed once, or read from standard input, where no process list shows them. */
import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { encodeBytes } from '../core/base62.ts';
import { ID_BYTES } from '../core/ids.ts';
import { withApi } from './api/open.ts';
import { named } from './ending.ts';
import { readStandardInput } from './input.ts';
import { idOf, type SubjectKind, type TenantOptions, targetCommand, tenantIn } from './naming.ts';
import { printResult } from './terminal/output.ts';
import { type WaitOptions, waitedResult, waitOf, waitOption } from './waiting.ts';

export interface PasswordOptions {
  readonly passwordStdin?: boolean;
}

/** `toPrint` is null when who gave it knows it. */
export async function newPassword({ passwordStdin }: PasswordOptions): Promise<{
  readonly password: string;
  readonly toPrint: string | null;
}> {
  if (passwordStdin === true) {
    return { password: await readStandardInput(), toPrint: null };
  }
  const password = encodeBytes(randomBytes(ID_BYTES));
  return { password, toPrint: password };
}

export function withPasswordOption(command: Command): Command {
  return command.option('--password-stdin', 'read the password from standard input, where no process list shows it');
}

/** `symbolon user|device set-password`. */
export function setPasswordCommand(kind: SubjectKind): Command {
  return withPasswordOption(targetCommand(kind, 'set-password'))
    .description(
      'set another password, and end all of its tokens; a password that is not given is made up and printed once',
    )
    .addOption(waitOption())
    .action(async (name: string, options: TenantOptions & PasswordOptions & WaitOptions) => {
      const tenantId = tenantIn(options);
      const { password, toPrint } = await newPassword(options);
      const result = await withApi(options, tenantId, async (api) => {
        const id = await idOf(api, kind, tenantId, name);
        const change = { newPassword: password, ...waitOf(options) };
        const { revision, verifiers } =
          kind === 'user'
            ? await api.call('changeUserPassword', { user: { user: { $case: 'userId', value: id } }, ...change })
            : await api.call('changeDevicePassword', {
                device: { device: { $case: 'deviceId', value: id } },
                ...change,
              });
        return { ...named(kind, tenantId, id), password: toPrint, revision, ...waitedResult(verifiers) };
      });
      printResult(options, result);
    });
}
