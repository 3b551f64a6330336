/**
 * Which server a command goes to when a context says so. What says the place more strongly counts: a flag before the environment, and
 * that before the current context. Two that are equally strong are refused. A context counts as a whole or not at all: its secret must
 * not go to a server that another flag names.
 */
import type { Command } from 'commander';
import { option, variableOf } from '../../config/flags.ts';
import { UsageError } from '../terminal/failures.ts';
import { pathOf } from '../terminal/tree.ts';
import { type Context, readContexts } from './file.ts';

/** What else may say the place, by commander's names. */
const PLACES = { server: '--server', dataDir: '--data-dir', store: '--store' } as const;
type Place = keyof typeof PLACES;

const STRENGTH: Readonly<Record<string, number>> = { current: 1, env: 2, cli: 3 };

/** Adds `--context` to all commands, and lets contexts fill in what flags leave out. */
export function withContexts(program: Command): Command {
  program.addOption(
    option('--context <name>', 'a server that `symbolon context add` gave this name (default: that of `context use`)')
      .helpGroup('Which server, instead of the store beside it:')
      .hideHelp(),
  );
  return program.hook('preAction', (root, command) => {
    if (hasOption(command, 'server') && command.parent?.name() !== 'context') {
      applyContext(root, command);
    } else if (root.getOptionValueSource('context') === 'cli') {
      throw new UsageError(`${pathOf(command)} takes no --context: it works on this machine. Leave it out`);
    }
  });
}

function hasOption(command: Command, name: string): boolean {
  return command.options.some((each) => each.attributeName() === name);
}

function applyContext(root: Command, command: Command): void {
  const source = root.getOptionValueSource('context') ?? 'current';
  const strength = STRENGTH[source] ?? 0;
  const given = (Object.keys(PLACES) as Place[]).map((place) => ({
    place,
    strength: STRENGTH[command.getOptionValueSource(place) ?? ''] ?? 0,
  }));
  const strongest = given.reduce((one, other) => (other.strength > one.strength ? other : one));
  if (strongest.strength > strength) {
    return;
  }
  if (strongest.strength === strength) {
    const flag = PLACES[strongest.place];
    const names = source === 'cli' ? ['--context', flag] : ['SYMBOLON_CONTEXT', variableOf(flag)];
    throw new UsageError(`${names.join(' and ')} are both given, and name two places. Leave one of them out`);
  }
  const context = findContext(root.getOptionValue('context') as string | undefined);
  if (context !== undefined) {
    fillIn(command, context);
  }
}

/** For completion. */
export function contextNames(): string[] {
  return Object.keys(readContexts(undefined, { isAsked: false }).contexts);
}

/** The one that is named, or the current one. */
function findContext(name: string | undefined): Context | undefined {
  const { current, contexts } = readContexts(undefined, { isAsked: name !== undefined });
  const wanted = name ?? current;
  if (wanted === undefined) {
    return undefined;
  }
  return requireContext(contexts, wanted);
}

export function requireContext(contexts: Readonly<Record<string, Context>>, name: string): Context {
  const context = Object.hasOwn(contexts, name) ? contexts[name] : undefined;
  if (context === undefined) {
    const names = Object.keys(contexts);
    const mend = names.length === 0 ? 'Add it with symbolon context add' : `There is ${names.join(', ')}`;
    throw new UsageError(`there is no context ${name}. ${mend}`);
  }
  return context;
}

/**
 * A secret goes with its client alone, and after one that is in the environment. Where the environment names a server of its own, what else
 * it says is about that one: its secret must not go to the context's either.
 */
function fillIn(command: Command, context: Context): void {
  const { server, ca, client_id: clientId, client_secret_file: file, plaintext } = context;
  const isOfOther = command.getOptionValueSource('server') === 'env';
  const isGiven = (name: string) =>
    (STRENGTH[command.getOptionValueSource(name) ?? ''] ?? 0) > (isOfOther ? (STRENGTH.env ?? 0) : 0);
  const isItsClient = !isGiven('clientId') && (isOfOther || process.env.SYMBOLON_CLIENT_SECRET === undefined);
  const filled = { ca, clientId, plaintext, clientSecretFile: isItsClient ? file : undefined };
  command.setOptionValueWithSource('server', server, 'config');
  for (const [name, value] of Object.entries(filled)) {
    if (!isGiven(name)) {
      command.setOptionValueWithSource(name, value, 'config');
    }
  }
  if (isOfOther) {
    command.setOptionValueWithSource('ignoresEnvironment', true, 'config');
  }
  if (hasOption(command, 'tenant') && command.getOptionValue('tenant') === undefined) {
    command.setOptionValueWithSource('tenant', context.tenant, 'config');
  }
}
