/** What the commands on users and on devices have in common. */
import type { Command } from 'commander';
import { endingCommands } from './ending.ts';
import { type SubjectKind, type TenantOptions, tenantCommand } from './naming.ts';
import { type PasswordOptions, setPasswordCommand, withPasswordOption } from './passwords.ts';
import { unlockCommand } from './unlocking.ts';

export interface NewSubjectOptions extends TenantOptions, PasswordOptions {
  readonly displayName?: string;
}

export const DISPLAY_NAME = ['--display-name <name>', 'what people call it'] as const;

/** The commands of one kind: its own, and those that both kinds have. */
export function subjectCommand(command: Command, kind: SubjectKind, own: readonly Command[]): Command {
  for (const each of [...own, setPasswordCommand(kind), unlockCommand(kind), ...endingCommands(kind)]) {
    command.addCommand(each);
  }
  return command;
}

export function newSubjectCommand(command: Command): Command {
  return tenantCommand(withPasswordOption(command).option(...DISPLAY_NAME), 'id of the tenant that it belongs to');
}

/** The fields that were given, by their names in a mask. */
export function maskOf(fields: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [name]));
}
