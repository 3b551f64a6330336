/**
 * Lines about callers who have not shown who they are. A stranger must not fill a disk, nor make the server write all day: a second has
 * so many of these lines, and after it one line says how many were left out.
 */
import type { Logger } from 'pino';
import type { CallRecord } from './call-record.ts';

const MAX_LINES_A_SECOND = 50;
/** So that failed logins are still told in a flood of anything else. */
const MAX_OTHERS_A_SECOND = 25;
const SECOND_MS = 1_000;

interface Budget {
  /** How many were left out since the start. */
  total: number;
  second: number;
  written: number;
  others: number;
  /** How many were left out, by method, code and tenant. */
  readonly leftOut: Map<string, number>;
  telling: NodeJS.Timeout | undefined;
}

/** Methods and codes are of our own words, and tenants are ours, but there may be many. */
const MAX_KINDS = 100;
const REST = 'others';

/** A log has one budget, whichever door writes to it. */
const budgets = new WeakMap<Logger, Budget>();

/** What the budget goes by. */
export type StrangersCall = Pick<CallRecord, 'method' | 'code' | 'tenantId'> & {
  readonly facts: Pick<CallRecord['facts'], 'credential'>;
};

/** Whether this line may be written. */
export function mayLogStranger(log: Logger, call: StrangersCall, nowMs = performance.now()): boolean {
  const budget = budgetOf(log, Math.floor(nowMs / SECOND_MS));
  const isLogin = call.facts.credential !== undefined;
  if (budget.written < MAX_LINES_A_SECOND && (isLogin || budget.others < MAX_OTHERS_A_SECOND)) {
    budget.written += 1;
    budget.others += isLogin ? 0 : 1;
    return true;
  }
  budget.total += 1;
  const { leftOut } = budget;
  const kind = [call.method, call.code, call.tenantId].filter((word) => word !== undefined).join(' ');
  const counted = leftOut.has(kind) || leftOut.size < MAX_KINDS ? kind : REST;
  leftOut.set(counted, (leftOut.get(counted) ?? 0) + 1);
  // Also when nobody comes any more.
  budget.telling ??= setTimeout(() => tellLeftOut(log, budget), SECOND_MS).unref();
  return false;
}

/** Since the start. */
export function linesLeftOut(log: Logger): number {
  return budgets.get(log)?.total ?? 0;
}

function budgetOf(log: Logger, second: number): Budget {
  const known = budgets.get(log);
  const budget = known ?? { total: 0, second, written: 0, others: 0, leftOut: new Map(), telling: undefined };
  if (known === undefined) {
    budgets.set(log, budget);
  }
  if (budget.second !== second) {
    tellLeftOut(log, budget);
    budget.second = second;
    budget.written = 0;
    budget.others = 0;
  }
  return budget;
}

function tellLeftOut(log: Logger, budget: Budget): void {
  clearTimeout(budget.telling);
  budget.telling = undefined;
  const { leftOut } = budget;
  if (leftOut.size > 0) {
    log.info({ leftOut: Object.fromEntries(leftOut) }, 'lines about strangers were left out');
    leftOut.clear();
  }
}
