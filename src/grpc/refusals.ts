/** What streams are told that are ended before grpc-js has seen them, or while their message is on its way. */
import { SymbolonError } from '../core/errors.ts';
import { trailersOf } from './status-details.ts';

export const LATE = trailersOf(
  new SymbolonError('deadline_exceeded', 'The message was not whole after 5 s. Send it faster, and end it'),
);
export const EXPIRED = trailersOf(
  new SymbolonError('deadline_exceeded', 'The deadline passed before the message was whole'),
);
export const CROWDED = trailersOf(overloaded('Too many calls are on their way. Repeat this one, and send it at once'));
export const FULL = trailersOf(overloaded('Too many calls are open. Repeat this one later'));
export const REFLECTED = trailersOf(overloaded('Too many calls of reflection are open. Repeat this one later'));

function overloaded(message: string): SymbolonError {
  return new SymbolonError('overloaded', message, { retryAfterMs: 500 });
}
