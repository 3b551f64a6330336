/** Commands of the real program in this process: what they print, or why they fail. Starting a process for each would take a second. */
import { vi } from 'vitest';
import { makeProgram } from '../../src/cli/program.ts';
import { failureOf } from '../../src/cli/terminal/failures.ts';

export interface Printed {
  readonly stdout: string;
  /** Empty when it did what it was told. */
  readonly failure: string;
}

export async function runCommand(args: readonly string[]): Promise<Printed> {
  let stdout = '';
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
  }
}
