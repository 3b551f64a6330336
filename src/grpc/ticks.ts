/** How often connections and streams are looked after. Counting these ticks costs a call less than a clock or a timer of its own. */
export const TICK_MS = 500;

/** Within which a message must be whole. Less than the span, for a tick and a number of ticks are told by one number. */
export const ARRIVAL_TICKS = 5_000 / TICK_MS;
export const ARRIVAL_SPAN = 16;

/** Of a call that must be answered within this time: one more than it has, so that none is ended too early. */
export function arrivalTicks(timeoutMs: number): number {
  return Math.min(ARRIVAL_TICKS, Math.ceil(timeoutMs / TICK_MS) + 1);
}
