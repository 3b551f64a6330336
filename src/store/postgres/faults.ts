/** What a failure of PostgreSQL, or of the way to it, means to a caller. Its text goes to the log, never over the wire. */
import { SymbolonError } from '../../core/errors.ts';

/** unique_violation */
const TAKEN = '23505';

/** SQLSTATEs after which the same command can succeed when it is done again: another transaction was in the way. */
const CONFLICTS = new Set([
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '55P03', // lock_not_available
  '22012', // division_by_zero: a guard of apply.ts; nothing else divides
  TAKEN, // somebody made the same row; the next attempt sees it
]);

/** The server gave no answer in time; what it did is unknown. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** The connection leads to a server that must not be asked: a standby, or a primary that was replaced. */
export class NotThePrimary extends Error {
  override readonly name = 'NotThePrimary';
}

/** A database whose tables are not ours to serve. The message is for the operator. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}

/** A server that can't hold a store. The message is for the operator. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
}

export function isConflict(error: unknown): boolean {
  return CONFLICTS.has(sqlState(error) ?? '');
}

export function isTaken(error: unknown): boolean {
  return sqlState(error) === TAKEN;
}

/**
 * Whether a connection can go on after the failure of a statement. A FATAL one ends it (57P01, 57P02), and so does whatever
 * brings no SQLSTATE. 25006: the server is no longer the primary.
 */
export function isUsable(error: unknown): boolean {
  const state = sqlState(error);
  return state !== undefined && !state.startsWith('57P') && !state.startsWith('08') && state !== '25006';
}

/**
 * Whether it may be the doing of one statement in a transaction of several commands, and the others can be done without it. Not so when
 * the server gave up waiting (57014), or is out of something (class 53): that would happen again.
 */
export function isOfOne(error: unknown): boolean {
  const state = sqlState(error) ?? '';
  return isUsable(error) && state !== '57014' && !state.startsWith('53');
}

/** As the core knows it. `isOutcomeKnown`: nothing was committed. */
export function storeError(error: unknown, isOutcomeKnown: boolean): SymbolonError {
  if (error instanceof SymbolonError) {
    return error;
  }
  const state = sqlState(error);
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const cause = new Error(state === undefined ? detail : `SQLSTATE ${state}: ${detail}`);
  if (state === '53100') {
    return new SymbolonError('store_full', 'The store’s disk is full', { cause });
  }
  if (
    state !== undefined &&
    (state.startsWith('22') || state.startsWith('23') || state.startsWith('42') || state === 'XX000')
  ) {
    return new SymbolonError('internal', 'The store failed', { cause });
  }
  const message = isOutcomeKnown
    ? 'The store is not available'
    : 'The store did not answer, so the outcome is unknown; the call can be repeated';
  return new SymbolonError('store_unavailable', message, { retryAfterMs: RETRY_AFTER_MS, cause });
}

const RETRY_AFTER_MS = 1_000;

function sqlState(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && 'severity' in (error as Error) ? code : undefined;
}
