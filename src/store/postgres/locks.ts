/** Locks in the one order in which all commands take them, so that no two of them wait for each other. */
import type { Lock } from '../../core/plan.ts';
import type { AnyTable } from '../../core/table.ts';
import { LOCK_ORDER } from '../../core/tables/index.ts';
import { LOCK_SPACE } from './advisory-locks.ts';
import type { Statement } from './batch.ts';
import { lockStep, type Step } from './statements.ts';

/** Rows that may not exist yet can't be locked, so their names are. */
const LOCK_NAME: Statement = [
  'lock_name',
  `SELECT pg_advisory_xact_lock(${LOCK_SPACE}::bigint << 32 # hashtextextended($1, 0))`,
];

export type RowLock = Extract<Lock, { lock: 'row' }>;
export type NameLock = Extract<Lock, { lock: 'name' }>;

/** What a row is called here. Of one name are rows with the same values, given in the same order. */
export function rowName({ name }: AnyTable, where: object): string {
  return `${name} ${JSON.stringify(where)}`;
}

/** By table, then by key; each once. */
export function rowLocksOf(locks: readonly Lock[]): RowLock[] {
  const rows = new Map<string, RowLock>();
  for (const lock of locks) {
    if (lock.lock === 'row') {
      rows.set(rowName(lock.table, lock.key), lock);
    }
  }
  const inOrder = [...rows].sort(([a, one], [b, other]) => rankOf(one) - rankOf(other) || compare(a, b));
  return inOrder.map(([, lock]) => lock);
}

/** Each once. */
export function nameLocksOf(locks: readonly Lock[]): NameLock[] {
  const names = new Map<string, NameLock>();
  for (const lock of locks) {
    if (lock.lock === 'name') {
      names.set(lock.name, lock);
    }
  }
  return [...names.values()].sort((one, other) => compare(one.name, other.name));
}

export function rowLockStep({ table, key }: RowLock): Step {
  return lockStep(table, key);
}

export function nameLockStep({ name }: NameLock): Step {
  return { statement: LOCK_NAME, values: [name] };
}

function rankOf({ table }: RowLock): number {
  const rank = LOCK_ORDER.indexOf(table);
  return rank < 0 ? LOCK_ORDER.length : rank;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
