/** An error that nobody expected ends the process, and the log says why. */
import { isMainThread } from 'node:worker_threads';
import type { Logger } from 'pino';

/**
 * In a worker it ends that thread alone, and another takes its place. Nothing that the process or the thread believes holds afterwards, so
 * nothing is drained. The next one recovers from what was committed. A rejected promise that nobody waits for comes by the same way.
 */
export function endOnFaults(log: Logger, beforeEnd: () => void = () => undefined): void {
  process.on('uncaughtException', (error: unknown) => {
    const { stack = '' } = error instanceof Error ? error : {};
    const frames = stack.split('\n').filter((line) => /^ {4}at /.test(line));
    log.fatal(
      { cause: String(error), at: frames.map((line) => line.trim()) },
      `an error that nobody expected ends ${isMainThread ? 'the process' : 'a worker'}`,
    );
    beforeEnd();
    process.exit(1);
  });
}
