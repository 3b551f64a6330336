/** Whether the server was the limit of what was measured, or the load was. */
import type { LoadResult } from './load/plan.ts';

const SATURATED = 0.95;

/** Empty where a server on a core of its own used that core; otherwise what the figures are worth, in words. */
export function verdictOf({ server: { busy, thread, waiting } }: Pick<LoadResult, 'server'>): string {
  if (busy >= SATURATED) {
    return '';
  }
  const share = `${Math.round(busy * 100)} %`;
  return thread + waiting >= SATURATED
    ? `; NOT ALONE: the server always had work, but others had its core for ${Math.round((1 - busy) * 100)} % of the time. Believe the processor time, not the rate`
    : `; MEASURES ITSELF: the server used ${share} of its core and had nothing to do for some of the rest. Believe the processor time alone`;
}
