/** What the commands on users and on devices have in common. */
import { Command } from 'commander';
import type { StoreOptions } from '../config/store.ts';
import type { CreateSubject } from '../core/commands/create-subject.ts';
import { endingCommands } from './ending.ts';
import { jsonOption, type OutputOptions } from './output.ts';
import { newPassword, type PasswordOptions, setPasswordCommand, withPasswordOption } from './passwords.ts';
import { unlockCommand } from './unlocking.ts';
import { executeAsOperator, onStore, withStore } from './workspace.ts';

export interface SubjectOptions extends OutputOptions, StoreOptions, PasswordOptions {
  readonly tenant: string;
}

export function subjectCommand(kind: 'user' | 'device', create: Command): Command {
  const command = new Command(kind).description(`${kind}s`).addCommand(onStore(create));
  for (const each of [setPasswordCommand(kind), unlockCommand(kind), ...endingCommands(kind)]) {
    command.addCommand(each);
  }
  return command;
}

export function withSubjectOptions(command: Command): Command {
  return withPasswordOption(command)
    .requiredOption('--tenant <tenant-id>', 'id of the tenant that it belongs to')
    .addOption(jsonOption());
}

/** Stores the subject; answers its password when it was made up here, else null. */
export async function createSubject(
  options: SubjectOptions,
  subject: Omit<CreateSubject['subject'], 'passwordHash'>,
): Promise<string | null> {
  const { hash, toPrint } = await newPassword(subject.kind, options);
  await withStore(options, (store) =>
    executeAsOperator(store, { kind: 'create_subject', subject: { ...subject, passwordHash: hash } }),
  );
  return toPrint;
}
