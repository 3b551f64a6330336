/**
 * An empty name is what a script gives whose variable is not set. Over the contract it means the caller's own tenant, or any: what was meant
 * for one would be done to another.
 */
import type { Command, Option } from 'commander';
import { UsageError } from './failures.ts';

/** Options that name somebody or something. */
const NAMING = new Set([
  ...['tenant', 'client', 'user', 'device', 'owner', 'gateway', 'actor', 'target'],
  ...['id', 'secretId', 'clientId', 'server'],
]);

/** For commands that call: refuses them before anything is opened. */
export function refuseEmptyNames(program: Command): Command {
  return program.hook('preAction', (_root, command) => {
    if (!command.options.some((each) => each.attributeName() === 'server')) {
      return;
    }
    const at = command.args.indexOf('');
    const argument = command.registeredArguments[at];
    const option = command.options.find((each) => isEmptyName(command, each));
    const what = argument === undefined ? option?.long : `<${argument.name()}>`;
    if (what !== undefined) {
      throw new UsageError(`${what} is empty. Name one; a variable of a script may not be set`);
    }
  });
}

function isEmptyName(command: Command, option: Option): boolean {
  const name = option.attributeName();
  return (
    NAMING.has(name) &&
    command.getOptionValueSource(name) === 'cli' &&
    [command.getOptionValue(name)].flat().includes('')
  );
}
