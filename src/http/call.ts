/** A request as the core's operations take it: who calls, from where, and until when. */
import { SymbolonError } from '../core/errors.ts';
import type { Call, Caller } from '../core/operations/authenticate.ts';

/** The longest that an operation may take. */
const SERVER_DEADLINE_MS = 5_000;
/** This machine's own addresses, where a proxy stands and no guesser. */
const LOOPBACK = /^(127\.|::1$)/;
const MAPPED_V4 = /^::ffff:(?=[0-9.]+$)/i;

export function callOf(caller: Caller, peer: string | undefined): Call & { readonly deadline: number } {
  const address = addressOf(peer);
  return { caller, deadline: Date.now() + SERVER_DEADLINE_MS, ...(address === undefined ? {} : { address }) };
}

/** The peer's address, the same text whether it came over IPv4 or mapped into IPv6; undefined for this machine itself. */
export function addressOf(peer: string | undefined): string | undefined {
  const address = peer?.replace(MAPPED_V4, '');
  return address === undefined || LOOPBACK.test(address) ? undefined : address;
}

/** Stops waiting at the deadline. A write that was begun goes on, and its outcome is unknown to the caller. */
export function within<T>(deadline: number, running: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new SymbolonError('deadline_exceeded', 'The deadline passed')),
      deadline - Date.now(),
    );
    running.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
