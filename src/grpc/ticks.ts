/** How often connections and streams are looked after. Counting these ticks costs a call less than a clock or a timer of its own. */
export const TICK_MS = 500;
