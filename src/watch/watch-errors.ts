/** Why streams of watchers end. */
import { SymbolonError } from '../core/errors.ts';
import { MAX_HEARTBEATS_PER_SECOND, MAX_UNSENT_BYTES } from '../core/verifiers.ts';

const RETRY_AFTER_MS = 500;

export const tooSlow = () =>
  new SymbolonError(
    'watcher_too_slow',
    `More than ${MAX_UNSENT_BYTES / 1_024} KiB were not read. Connect again, with resume_revision, and read faster`,
  );

export const replaced = () =>
  new SymbolonError('watcher_replaced', 'Another stream of this verifier_id began. Give each cache one of its own');

export const positionLost = () =>
  new SymbolonError(
    'position_lost',
    'The log does not go on from resume_revision. Begin afresh: connect without it, and empty the cache',
  );

export const otherHistory = () =>
  new SymbolonError('store_unavailable', 'The store’s primary was replaced. Connect again, with resume_revision', {
    retryAfterMs: RETRY_AFTER_MS,
  });

export const stopping = () =>
  new SymbolonError('store_unavailable', 'This server is stopping. Connect again, with resume_revision', {
    retryAfterMs: RETRY_AFTER_MS,
  });

export const tooManyWatchers = (ofWhom: string) =>
  new SymbolonError('overloaded', `Too many watchers are open ${ofWhom}. Share one among the checks of a process`, {
    retryAfterMs: 10 * RETRY_AFTER_MS,
  });

export const gaveWay = () =>
  new SymbolonError(
    'overloaded',
    'Too many watchers are open here, of your tenant most. One of another tenant took the place of this one',
    { retryAfterMs: 10 * RETRY_AFTER_MS },
  );

export const tooManyRequests = () =>
  new SymbolonError(
    'overloaded',
    `Too many requests came on the stream. Send ${MAX_HEARTBEATS_PER_SECOND} heartbeats a second at most, and acknowledge once for a response`,
    { retryAfterMs: RETRY_AFTER_MS },
  );

export const expired = () =>
  new SymbolonError('caller_unauthenticated', 'The caller’s secret or token has expired. Connect again with another');

export function invalid(message: string): SymbolonError {
  return new SymbolonError('invalid_argument', message);
}
