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
const NANOSECONDS_OF_MS = 1e6;
const [SECOND, WRITTEN, OTHERS, CELLS] = [0, 1, 2, 3];

interface Budget {
  /** How many were left out since the start. */
  total: number;
  /** The second that was counted last, how many lines were written in it, and how many of them are about no login. */
  readonly cells: Int32Array<ArrayBufferLike>;
  second: number;
  /** How many were left out, by method, code and tenant. */
  readonly leftOut: Map<string, number>;
  telling: NodeJS.Timeout | undefined;
}

/** Methods and codes are of our own words, and tenants are ours, but there may be many. */
const MAX_KINDS = 100;
const REST = 'others';

/** A log has one budget, whichever door writes to it. */
const budgets = new WeakMap<Logger, Budget>();

/** Cells that all threads of the process share: the second, its lines, and those about no login. */
export function shareLogBudget(log: Logger, cells: Int32Array<ArrayBufferLike>): void {
  budgets.set(log, newBudget(cells));
}

/** What the budget goes by. */
export type StrangersCall = Pick<CallRecord, 'method' | 'code' | 'tenantId'> & {
  readonly facts: Pick<CallRecord['facts'], 'credential'>;
};

/** Whether this line may be written. */
export function mayLogStranger(log: Logger, call: StrangersCall, nowMs = now()): boolean {
  const budget = budgetOf(log, Math.floor(nowMs / SECOND_MS));
  const isLogin = call.facts.credential !== undefined;
  if (mayWrite(budget.cells, isLogin)) {
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
  const budget = known ?? newBudget(new Int32Array(CELLS));
  if (known === undefined) {
    budgets.set(log, budget);
  }
  if (budget.second !== second) {
    tellLeftOut(log, budget);
    budget.second = second;
  }
  beginSecond(budget.cells, second);
  return budget;
}

function newBudget(cells: Int32Array<ArrayBufferLike>): Budget {
  return { total: 0, cells, second: Number.NaN, leftOut: new Map(), telling: undefined };
}

/** Whichever thread comes first empties the counts. One that is a moment behind counts in the second that has begun. */
function beginSecond(cells: Int32Array<ArrayBufferLike>, second: number): void {
  const counted = Atomics.load(cells, SECOND);
  if (second > counted && Atomics.compareExchange(cells, SECOND, counted, second) === counted) {
    Atomics.store(cells, WRITTEN, 0);
    Atomics.store(cells, OTHERS, 0);
  }
}

function mayWrite(cells: Int32Array<ArrayBufferLike>, isLogin: boolean): boolean {
  if (!isLogin && Atomics.add(cells, OTHERS, 1) >= MAX_OTHERS_A_SECOND) {
    return false;
  }
  return Atomics.add(cells, WRITTEN, 1) < MAX_LINES_A_SECOND;
}

/** Not `performance.now()`, which begins anew in each thread. */
function now(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * SECOND_MS + nanoseconds / NANOSECONDS_OF_MS;
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
