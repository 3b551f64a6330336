/** The command line: `symbolon serve`, `init`, and the operator's commands. */
import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { auditCommand } from './cli/audit.ts';
import { clientCommand } from './cli/clients.ts';
import { deviceCommand } from './cli/devices.ts';
import { initCommand } from './cli/init.ts';
import { keyCommand } from './cli/key.ts';
import { messageCommand } from './cli/messages.ts';
import { serveCommand } from './cli/serve.ts';
import { storeCommand } from './cli/store.ts';
import { tenantCommand } from './cli/tenants.ts';
import { tokenCommand } from './cli/tokens.ts';
import { userCommand } from './cli/users.ts';

/** Runs one command. Whatever goes wrong is one line on standard error and exit code 1. */
export async function main(argv: readonly string[]): Promise<void> {
  // Databases, their logs and the demo's secrets are their owner's only.
  process.umask(0o077);
  // Read when the pool starts, which nothing has done yet: its usual four threads would hash no faster on more processors.
  process.env.UV_THREADPOOL_SIZE ??= String(availableParallelism() + 3);
  const program = new Command('symbolon')
    .description('A gRPC-first token service')
    .version(packageJson.version)
    .showHelpAfterError('(add --help for the options)');
  for (const command of [
    serveCommand(),
    initCommand(),
    tenantCommand(),
    clientCommand(),
    userCommand(),
    deviceCommand(),
    tokenCommand(),
    storeCommand(),
    keyCommand(),
    auditCommand(),
    messageCommand(),
  ]) {
    program.addCommand(command);
  }
  try {
    await program.parseAsync(argv);
  } catch (error) {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
