/** Time as a verifier counts it: two clocks that must agree. */

/** Both in milliseconds. */
export interface Clock {
  /** Never goes back. It may stand still while the machine sleeps. */
  monotonic(): number;
  /** The time of day, which people and NTP set. */
  wall(): number;
}

/** When something was sent, by both clocks. */
export interface Moment {
  readonly monotonic: number;
  readonly wall: number;
}

export function momentOf(clock: Clock): Moment {
  return { monotonic: clock.monotonic(), wall: clock.wall() };
}

/**
 * Whether less than `spanMs` passed since then, by both clocks. The monotonic one misses the time that a machine slept, the other one the
 * time that it was set back by; a time before `since` tells that it was.
 */
export function isWithin(since: Moment, spanMs: number, monotonic: number, wall: number): boolean {
  const passed = wall - since.wall;
  return monotonic - since.monotonic < spanMs && passed >= 0 && passed < spanMs;
}
