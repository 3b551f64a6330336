/** The log: pino, JSON lines on standard error. Only named fields are logged, never a message, header, body or URL of a caller. */
import { destination, type Logger, pino, stdTimeFunctions } from 'pino';

export function openLog(level: string): Logger {
  // Written at once: what a crash was preceded by is what the log is for.
  const stream = destination({ fd: 2, sync: true });
  // A log that can't be written, on a full disk for example, costs its lines and not the server.
  stream.on('error', () => undefined);
  return pino({ level, base: { service: 'symbolon' }, timestamp: stdTimeFunctions.isoTime }, stream);
}
