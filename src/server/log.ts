/** The log: pino, JSON lines on standard error. Only named fields are logged, never a message, header, body or URL of a caller. */
import { type Logger, pino, stdTimeFunctions } from 'pino';
import { LineWriter } from './line-writer.ts';

const STANDARD_ERROR = 2;

export function openLog(level: string): Logger {
  // Written at once: what a crash was preceded by is what the log is for. What can't be written costs its lines and not the server.
  const stream = new LineWriter(STANDARD_ERROR, (lines) => log.warn({ lines }, 'lines of the log were lost'));
  const log = pino({ level, base: { service: 'symbolon' }, timestamp: stdTimeFunctions.isoTime }, stream);
  return log;
}
