/**
 * Lines about callers who have not shown who they are. A stranger must not fill a disk, nor make the server write all day: a second has
 * so many of these lines, and the next second says how many were left out.
 */
import type { Logger } from 'pino';

const MAX_LINES_A_SECOND = 50;
const SECOND_MS = 1_000;

interface Budget {
  second: number;
  written: number;
  /** How many were left out, by method and code. */
  readonly leftOut: Map<string, number>;
}

/** Methods and codes are of our own words, so these are few. */
const MAX_KINDS = 100;

/** A log has one budget, whichever surface writes to it. */
const budgets = new WeakMap<Logger, Budget>();

/** Whether this line may be written. `kind` is the method and the code. */
export function mayLogStranger(log: Logger, kind: string, nowMs = performance.now()): boolean {
  const second = Math.floor(nowMs / SECOND_MS);
  const budget = budgets.get(log) ?? { second, written: 0, leftOut: new Map<string, number>() };
  budgets.set(log, budget);
  if (budget.second !== second) {
    tellLeftOut(log, budget);
    budget.second = second;
    budget.written = 0;
  }
  if (budget.written < MAX_LINES_A_SECOND) {
    budget.written += 1;
    return true;
  }
  const { leftOut } = budget;
  if (leftOut.has(kind) || leftOut.size < MAX_KINDS) {
    leftOut.set(kind, (leftOut.get(kind) ?? 0) + 1);
  }
  return false;
}

function tellLeftOut(log: Logger, { leftOut }: Budget): void {
  if (leftOut.size > 0) {
    log.info({ leftOut: Object.fromEntries(leftOut) }, 'lines about strangers were left out');
    leftOut.clear();
  }
}
