/** The command line: `symbolon serve`, `init`, and the operator's commands. */
import { availableParallelism } from 'node:os';
import packageJson from '../package.json' with { type: 'json' };
import { makeProgram, runProgram } from './cli/program.ts';

/** Runs one command. */
export async function main(argv: readonly string[]): Promise<void> {
  // Databases, their logs and the demo's secrets are their owner's only.
  process.umask(0o077);
  // Read when the pool starts, which nothing has done yet: its usual four threads would hash no faster on more processors.
  process.env.UV_THREADPOOL_SIZE ??= String(availableParallelism() + 3);
  await runProgram(makeProgram(packageJson.version), argv);
}
