/** What every command of the tree has alike: how it fails, what its help leaves out, and its examples. */
import { Command, type CommanderError, type Option } from 'commander';
import { EXAMPLES } from './examples.ts';
import { EXIT, EXIT_MEANINGS } from './exit-codes.ts';
import { UsageError } from './failures.ts';

/** Walks the commands below one, it included. */
export function* commandsOf(command: Command): Generator<Command> {
  yield command;
  for (const each of command.commands) {
    yield* commandsOf(each);
  }
}

/** `symbolon tenant create`. */
export function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

/** Whether it only holds others. */
export function isGroup(command: Command): boolean {
  return command.commands.length > 0;
}

/** To be called once, when the tree is whole. */
export function prepareTree(program: Command): Command {
  const shared = new Map<string, Option>();
  for (const command of commandsOf(program)) {
    command.exitOverride((error) => fail(command, error)).configureOutput({ writeErr: () => undefined });
    command.helpCommand(false);
    if (!isGroup(command) && command.name() !== 'serve') {
      hideShared(command, shared);
    }
    addExamples(command);
  }
  program
    .addCommand(helpCommand(program))
    .addCommand(optionsCommand(shared))
    .addHelpText('after', () => `\n${exitCodesText()}\n\nMore: symbolon help <command>, symbolon options`);
  for (const added of program.commands.slice(-2)) {
    added.exitOverride((error) => fail(added, error)).configureOutput({ writeErr: () => undefined });
  }
  return program;
}

/** Options that are the same everywhere are listed once, by `symbolon options`: those that have a group of their own in help. */
function hideShared(command: Command, shared: Map<string, Option>): void {
  const hidden = command.options.filter((option) => option.helpGroupHeading !== undefined);
  for (const option of hidden) {
    shared.set(option.long ?? option.flags, option);
    option.hideHelp();
  }
  if (hidden.length > 0) {
    command.addHelpText('after', '\nWhere the store or the server is: symbolon options');
  }
}

function addExamples(command: Command): void {
  const examples = EXAMPLES[pathOf(command)] ?? [];
  if (examples.length > 0) {
    command.addHelpText('after', `\nExamples:\n${examples.map((each) => `  $ ${each}`).join('\n')}`);
  }
}

/** Commander's refusals say where help is. What only asked for help is not one. */
function fail(command: Command, error: CommanderError): never {
  if (error.exitCode === EXIT.done) {
    throw error;
  }
  const help = pathOf(command).replace(/^(\S+)(.*)$/, '$1 help$2');
  if (error.code === 'commander.help') {
    const names = command
      .createHelp()
      .visibleCommands(command)
      .map((each) => each.name());
    throw new UsageError(`${pathOf(command)} needs a command: ${names.join(', ')}. See ${help}`);
  }
  // An argument too many may be a password or a token: it is counted, and not told.
  const told =
    error.code === 'commander.excessArguments' ? error.message.replace(/(but got \d+).*$/s, '$1') : error.message;
  const [what = '', suggestion = ''] = told.replace(/^error: /, '').split(/\n(?=\(Did you mean)/);
  const meant = suggestion.replace(/^\((.*)\)$/s, '$1');
  // What its parser refused says the mend itself.
  const more = error.code === 'commander.invalidArgument' ? '' : `See ${help}`;
  throw new UsageError([what.replace(/[.]?$/, '.'), meant, more].filter((each) => each !== '').join(' '));
}

function exitCodesText(): string {
  return `Exit codes:\n${EXIT_MEANINGS.map(([code, meaning]) => `  ${code}  ${meaning}`).join('\n')}`;
}

/** `symbolon help tenant create`. */
function helpCommand(program: Command): Command {
  return new Command('help')
    .description('show help of a command')
    .argument('[command...]', 'such as tenant, or tenant create')
    .action((words: string[]) => {
      let command = program;
      for (const word of words) {
        const next = command.commands.find((each) => each.name() === word);
        if (next === undefined) {
          const names = command
            .createHelp()
            .visibleCommands(command)
            .map((each) => each.name());
          throw new UsageError(`${pathOf(command)} has no command ${word}. It has: ${names.join(', ')}`);
        }
        command = next;
      }
      command.outputHelp();
    });
}

/** The options that `hideShared` has taken out of the others' help. */
function optionsCommand(shared: ReadonlyMap<string, Option>): Command {
  return new Command('options')
    .description('show the options that all commands have: where the store or the server is')
    .action(() => {
      const page = new Command('symbolon <command>').usage('[options]').helpOption(false);
      for (const option of shared.values()) {
        page.addOption(Object.assign(option, { hidden: false }));
      }
      page.outputHelp();
    });
}
