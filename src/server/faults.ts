/** An error that nobody expected ends the process, and the log says why. */
import type { Logger } from 'pino';

/**
 * Nothing that the process believes holds afterwards, so nothing is drained. The next one recovers from what was committed. A rejected
 * promise that nobody waits for comes by the same way.
 */
export function endOnFaults(log: Logger): void {
  process.on('uncaughtException', (error: unknown) => {
    const { stack = '' } = error instanceof Error ? error : {};
    const frames = stack.split('\n').filter((line) => /^ {4}at /.test(line));
    log.fatal(
      { cause: String(error), at: frames.map((line) => line.trim()) },
      'an error that nobody expected ends the process',
    );
    process.exit(1);
  });
}
