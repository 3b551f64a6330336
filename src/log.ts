/** The log: pino, JSON lines on standard error. Only named fields are logged, never a message, header, body or URL of a caller. */
import { destination, type Logger, pino, stdTimeFunctions } from 'pino';

export function openLog(level: string): Logger {
  return pino(
    { level, base: { service: 'symbolon' }, timestamp: stdTimeFunctions.isoTime },
    // Written at once: what a crash was preceded by is what the log is for.
    destination({ fd: 2, sync: true }),
  );
}
