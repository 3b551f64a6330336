/** A clock that never goes back, in milliseconds, with timers that go by it. */
export interface Timing {
  readonly now: () => number;
  /** Calls once, after this time and no sooner. Answers how to call it off. */
  readonly after: (ms: number, call: () => void) => () => void;
}

export const MONOTONIC: Timing = {
  now: () => performance.now(),
  after: (ms, call) => {
    const end = performance.now() + ms;
    let timer: NodeJS.Timeout;
    // A timer of Node may come a millisecond early: it counts from when its loop last looked at the clock.
    const wait = (left: number): void => {
      timer = setTimeout(() => (performance.now() < end ? wait(end - performance.now()) : call()), Math.ceil(left));
    };
    wait(ms);
    return () => clearTimeout(timer);
  },
};
