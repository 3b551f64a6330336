/** A call whose answer was lost is sent again, for as long as a call may take. */
import { SymbolonError } from '../errors/symbolon-error.ts';
import type { Limits, Moment, Platform } from './port.ts';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 1_000;

const LOST: readonly string[] = ['UNAVAILABLE', 'DEADLINE_EXCEEDED'];
/** What gRPC says of a line that broke: no server gave a reason. */
const BROKEN: readonly string[] = ['CANCELLED', 'INTERNAL', 'UNKNOWN'];

/** `send` must be safe to repeat. Answers when that was sent whose answer this is, too. */
export async function repeated<T>(
  { now, sleep }: Platform,
  { timeoutMs, signal }: Limits,
  send: (limits: Limits) => Promise<T>,
): Promise<{ readonly answer: T; readonly sent: Moment }> {
  const ends = now().monotonic + timeoutMs;
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    const sent = now();
    try {
      const left = Math.min(Math.max(Math.ceil(ends - sent.monotonic), 1), Math.ceil(timeoutMs));
      return { answer: await send({ timeoutMs: left, signal }), sent };
    } catch (error) {
      const pause = error instanceof SymbolonError ? Math.max(wait, error.retryAfterMs ?? 0) : wait;
      if (!isLost(error) || signal.aborted || now().monotonic + pause >= ends) {
        throw error;
      }
      await sleep(pause, signal);
    }
  }
}

/** Nobody knows whether the server did it. */
export function isLost(error: unknown): boolean {
  return (
    error instanceof SymbolonError &&
    (LOST.includes(error.code) || (BROKEN.includes(error.code) && error.reason === ''))
  );
}

/** Waits for it no longer than the signal lets: who gives up ends his own wait, and not what others wait for. */
export async function waitFor<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) {
    return promise;
  }
  requireNotAborted(signal);
  let giveUp = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    giveUp = () => reject(gaveUp(signal));
  });
  signal.addEventListener('abort', giveUp);
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

/** @throws SymbolonError DEADLINE_EXCEEDED when the time is over, and CANCELLED when the signal is aborted */
export async function inTime<T>({ sleep }: Platform, promise: Promise<T>, ms: number, signal: AbortSignal): Promise<T> {
  const over = new AbortController();
  const late = sleep(ms, AbortSignal.any([signal, over.signal])).then((): never => {
    requireNotAborted(signal);
    throw new SymbolonError('DEADLINE_EXCEEDED', 'DEADLINE_EXCEEDED: the user was waited for in vain');
  });
  late.catch(() => undefined);
  try {
    return await waitFor(Promise.race([promise, late]), signal);
  } finally {
    over.abort();
  }
}

/** What it answers, unless something that it has run fails before: then it is given up. What that answers is not waited for. */
export async function untilFailed<T>(
  limits: Limits,
  wait: (limits: Limits, run: (step: () => unknown) => void) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  let fail = (_reason: unknown) => {};
  const failed = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  const run = (step: () => unknown) => {
    Promise.resolve().then(step).catch(fail);
  };
  try {
    const signal = AbortSignal.any([limits.signal, over.signal]);
    return await Promise.race([wait({ ...limits, signal }, run), failed]);
  } finally {
    over.abort();
  }
}

export function requireNotAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw gaveUp(signal);
  }
}

/** `closed`: of the Login. */
export function requireOpen(closed: AbortSignal): void {
  if (closed.aborted) {
    throw new SymbolonError('CANCELLED', 'the login is closed: make a new one');
  }
}

function gaveUp(signal: AbortSignal): SymbolonError {
  const error = new SymbolonError('CANCELLED', 'CANCELLED: its signal was aborted');
  error.cause = signal.reason;
  return error;
}
