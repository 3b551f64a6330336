/** The log: pino, JSON lines. Only named fields are logged, never a message, header, body or URL of a caller. */
import { type Logger, pino, stdTimeFunctions } from 'pino';

/** `lines` is given one whole line at a time. */
export function openLog(level: string, lines: { write(line: string): void }): Logger {
  return pino({ level, base: { service: 'symbolon' }, timestamp: stdTimeFunctions.isoTime }, lines);
}
