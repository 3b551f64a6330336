/** Commands of the real program in this process: what they print, or why they fail. Starting a process for each would take a second. */
import { vi } from 'vitest';
import { makeProgram } from '../../src/cli/program.ts';
import { failureOf } from '../../src/cli/terminal/failures.ts';
import { isWithoutLease } from '../process/program.ts';

const PATIENCE_MS = 30_000;

export interface Printed {
  readonly stdout: string;
  /** Empty when it did what it was told. */
  readonly failure: string;
}

/** As `runProgram` runs it: again where a machine that stood still cost it the lease on PostgreSQL. */
export async function runCommand(args: readonly string[]): Promise<Printed> {
  const giveUp = Date.now() + PATIENCE_MS;
  for (;;) {
    const printed = await runOnce(args);
    if (!isWithoutLease(printed.failure) || Date.now() > giveUp) {
      return printed;
    }
  }
}

async function runOnce(args: readonly string[]): Promise<Printed> {
  let stdout = '';
  const listeners = process.stdout.listeners('error');
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += String(text);
    return true;
  });
  try {
    await makeProgram('0.0.0').parseAsync(['node', 'symbolon', ...args]);
    return { stdout, failure: '' };
  } catch (error) {
    const { reason, message } = failureOf(error);
    return { stdout, failure: `${reason}: ${message}` };
  } finally {
    write.mockRestore();
    // A program listens as long as it runs, which ends with its process.
    for (const each of process.stdout.listeners('error').filter((listener) => !listeners.includes(listener))) {
      process.stdout.off('error', each as () => void);
    }
  }
}
