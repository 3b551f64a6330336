/** All commands, as one tree; and running the one that is named. */
import { Command } from 'commander';
import { auditCommand } from './audit.ts';
import { clientCommand } from './clients.ts';
import { consentCommand } from './consents.ts';
import { contextNames, withContexts } from './contexts/apply.ts';
import { contextCommand } from './contexts/commands.ts';
import { deviceCommand } from './devices.ts';
import { initCommand } from './init.ts';
import { keyCommand } from './key.ts';
import { messageCommand } from './messages.ts';
import { resourceServerCommand } from './resource-servers.ts';
import { serveCommand } from './serve.ts';
import { statusCommand } from './status.ts';
import { storeCommand } from './store.ts';
import { tenantCommand } from './tenants.ts';
import { withCompletion } from './terminal/completion.ts';
import { refuseEmptyNames } from './terminal/empty-names.ts';
import { failureOf, failureText, isHelp, wantsJson } from './terminal/failures.ts';
import { prepareTree } from './terminal/tree.ts';
import { tokenCommand } from './tokens.ts';
import { userCommand } from './users.ts';

export function makeProgram(version: string): Command {
  const program = new Command('symbolon').description('A gRPC-first token service').version(version);
  for (const command of [
    serveCommand(),
    initCommand(),
    tenantCommand(),
    clientCommand(),
    resourceServerCommand(),
    userCommand(),
    deviceCommand(),
    tokenCommand(),
    consentCommand(),
    storeCommand(),
    keyCommand(),
    auditCommand(),
    messageCommand(),
    contextCommand(),
    statusCommand(version),
  ]) {
    program.addCommand(command);
  }
  return prepareTree(withContexts(refuseEmptyNames(withCompletion(program, { context: contextNames }))));
}

/** Runs one command. Whatever goes wrong is one line on standard error and an exit code that tells which kind of thing it was. */
export async function runProgram(program: Command, argv: readonly string[]): Promise<void> {
  const [, , ...args] = argv;
  const failures = new Set<unknown>();
  const fail = (error: unknown) => {
    if (!failures.has(error)) {
      failures.add(error);
      const failure = failureOf(error);
      process.stderr.write(failureText(failure, { json: wantsJson(args) }));
      process.exitCode = failure.exit;
    }
  };
  // Who reads may stop, as `head` does: that is not a failure. A full disk is one.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      fail(error);
    }
  });
  process.stderr.on('error', () => undefined);
  try {
    await (args.length === 0 ? program.outputHelp() : program.parseAsync(argv));
  } catch (error) {
    if (!isHelp(error)) {
      fail(error);
    }
  }
}
