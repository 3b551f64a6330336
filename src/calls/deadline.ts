/** Giving up at a deadline, for many calls at once: one timer ticks while any call waits, instead of one timer a call. */
import { SymbolonError } from '../core/errors.ts';
import type { Instant } from '../core/model.ts';

/** The longest that a call may take, whatever its client allows. */
const SERVER_DEADLINE_MS = 5_000;
/** How late a call may be given up. */
const TICK_MS = 20;

interface Waiting {
  readonly deadline: Instant;
  readonly giveUp: (error: SymbolonError) => void;
}

const waiting = new Set<Waiting>();
let ticking: NodeJS.Timeout | undefined;

/** When a call that begins now has to be answered: in real time, as the store compares it. */
export function newDeadline(): Instant {
  return Date.now() + SERVER_DEADLINE_MS;
}

/** TimeoutValue and TimeoutUnit of the gRPC protocol. */
const TIMEOUT_FORM = /^([0-9]{1,8})([HMSmun])$/;
const UNIT_MS: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 };

/** How long a caller waits by its `grpc-timeout`, in milliseconds. Throws `invalid_argument`. */
export function grpcTimeoutMs(timeout: string): number {
  const [, value, unit = ''] = TIMEOUT_FORM.exec(timeout) ?? [];
  if (value === undefined) {
    throw new SymbolonError(
      'invalid_argument',
      'grpc-timeout must be 1 to 8 digits and a unit: H, M, S, m, u or n. Send 500m for half a second',
    );
  }
  return Number(value) * (UNIT_MS[unit] ?? 0);
}

/** Whether nobody waits for an answer any more. */
export function isOver(deadline: Instant): boolean {
  return Date.now() >= deadline;
}

/** Settles as `running` does, or fails with `deadline_exceeded`. A write that was begun goes on, its outcome unknown to the caller. */
export function within<T>(deadline: Instant, running: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const entry = { deadline, giveUp: reject };
    waiting.add(entry);
    ticking ??= setInterval(tick, TICK_MS);
    running.then(
      (value) => {
        waiting.delete(entry);
        resolve(value);
      },
      (error: unknown) => {
        waiting.delete(entry);
        reject(error);
      },
    );
  });
}

function tick(): void {
  const now = Date.now();
  for (const entry of waiting) {
    if (entry.deadline <= now) {
      waiting.delete(entry);
      entry.giveUp(new SymbolonError('deadline_exceeded', 'The deadline passed'));
    }
  }
  if (waiting.size === 0) {
    clearInterval(ticking);
    ticking = undefined;
  }
}
