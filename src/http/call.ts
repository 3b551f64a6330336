/** A request as the core's operations take it: who calls, from where, and until when. */
import { SymbolonError } from '../core/errors.ts';
import type { Instant } from '../core/model.ts';
import type { Call, Caller } from '../core/operations/authenticate.ts';

/** The longest that a request may take once it has arrived. */
const SERVER_DEADLINE_MS = 5_000;
/** This machine's own addresses, where a proxy stands and no guesser. */
const LOOPBACK = /^(127\.|::1$)/;
const MAPPED_V4 = /^::ffff:(?=[0-9.]+$)/i;

/** When a request that begins now has to be answered: in real time, as the store compares it. */
export function newDeadline(): Instant {
  return Date.now() + SERVER_DEADLINE_MS;
}

export function callOf(caller: Caller, deadline: Instant, peer: string | undefined): Call {
  const address = addressOf(peer);
  return { caller, deadline, ...(address === undefined ? {} : { address }) };
}

/** The peer's address, the same text whether it came over IPv4 or mapped into IPv6; undefined for this machine itself. */
export function addressOf(peer: string | undefined): string | undefined {
  const address = peer?.replace(MAPPED_V4, '');
  return address === undefined || LOOPBACK.test(address) ? undefined : address;
}

/** Stops waiting at the deadline. A write that was begun goes on, and its outcome is unknown to the caller. */
export function within<T>(deadline: Instant, running: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new SymbolonError('deadline_exceeded', 'The deadline passed')),
      deadline - Date.now(),
    );
    running.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
