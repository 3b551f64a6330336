/** What a failure of SQLite means to a caller. Its text goes to the log, never over the wire. */
import type { ErrorCode } from '../../core/errors.ts';

/** A failure in a form that crosses a thread. */
export interface Fault {
  readonly code: Extract<ErrorCode, 'store_full' | 'store_unavailable' | 'deadline_exceeded' | 'internal'>;
  readonly message: string;
  /** For the log. */
  readonly detail: string;
  /** The disk lied about what it keeps: nothing that this process believes about the file can be trusted any more. */
  readonly isFatal: boolean;
}

const FATAL_CODES = new Set(['SQLITE_IOERR_FSYNC', 'SQLITE_IOERR_DIR_FSYNC']);

export function faultOf(error: unknown): Fault {
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const code = sqliteCode(error);
  if (code === undefined || code.startsWith('SQLITE_CONSTRAINT')) {
    return { code: 'internal', message: 'The store failed', detail, isFatal: false };
  }
  if (code === 'SQLITE_FULL') {
    return { code: 'store_full', message: 'The store’s disk is full', detail: `${code} ${detail}`, isFatal: false };
  }
  const isFatal = FATAL_CODES.has(code);
  return { code: 'store_unavailable', message: 'The store is not available', detail: `${code} ${detail}`, isFatal };
}

/** Of the WAL, which can't be moved into the database file. That ends nothing: the WAL keeps what is committed. */
export function checkpointFault(error: unknown): Fault {
  const fault = faultOf(error);
  const detail = `what is committed can't be moved from the WAL into the database file, so the WAL grows: ${fault.detail}`;
  return { ...fault, detail, isFatal: false };
}

function sqliteCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : undefined;
}
