/** Loading the rows that a command names, after locking those that it may change. */
import type { CommandPlan, State } from '../../core/commands/decide.ts';
import type { Instant } from '../../core/model.ts';
import type { AnyRead, Lock, Reads } from '../../core/plan.ts';
import { FAMILY } from '../../core/tables/families.ts';
import { SINGLE_USE } from '../../core/tables/single-use.ts';
import { type Result, type Row, together } from './batch.ts';
import type { Session } from './connections.ts';
import { nameLockStep, nameLocksOf, type RowLock, rowLockStep, rowLocksOf, rowName } from './locks.ts';
import {
  checkStep,
  dueStep,
  lockedDueStep,
  lockedReadStep,
  readStep,
  type Step,
  send,
  stampedReadStep,
} from './statements.ts';

/** A read and where its rows come from: places in the list of steps. */
interface Source {
  readonly name: string;
  readonly read: AnyRead;
  readonly places: readonly number[];
}

/** What is sent to load rows. It is made before anything is sent, so that what can't be put into words fails alone. */
export interface Loading {
  readonly steps: readonly Step[];
  readonly sources: readonly Source[];
  /** Rows that are read with a stamp, for want of a lock. */
  readonly stamped: readonly StampedRow[];
}

interface StampedRow {
  readonly lock: RowLock;
  readonly place: number;
}

export interface Loaded {
  readonly state: State;
  /** What must still be so when the command is written. Undefined: a row that it would lock is not there, and can't be checked. */
  readonly checks: readonly Step[] | undefined;
}

/** The locks first; a row that is locked and read is both in one step. */
export function loadingOf({ locks, reads }: CommandPlan, now: Instant): Loading {
  const steps = new Steps(lockedDueStep, now);
  steps.addLocks(locks, new Set(Object.values(reads).map(rowNameOf)));
  return loadingFrom(steps, reads);
}

/** Without locks: rows that would be locked bear a stamp instead. */
export function freeLoadingOf({ locks, reads }: CommandPlan, now: Instant): Loading {
  const steps = new Steps(dueStep, now);
  steps.addStamps(locks);
  return loadingFrom(steps, reads);
}

function loadingFrom(steps: Steps, reads: Reads): Loading {
  const sources = Object.entries(reads).map(([name, read]) => ({ name, read, places: steps.addRead(read) }));
  return { steps: steps.all, sources, stamped: steps.stamped };
}

/**
 * Whether a command needs no lock while it is decided. It needs none when it locks nothing, and then each step sees one moment and is all
 * or nothing by itself. Nor does one that locks the row of one login only, or of one code that a login is begun with: nearly always nobody
 * else is at it, so it is enough to look at its stamp when the row is written.
 */
export function isFree({ locks, reads }: CommandPlan): boolean {
  const isOfLogin = (lock: Lock) => lock.lock === 'row' && OF_LOGINS.includes(lock.table.name);
  return locks.every(isOfLogin) && Object.values(reads).every(({ read }) => read !== 'due');
}

const OF_LOGINS: readonly string[] = [FAMILY.name, SINGLE_USE.name];

/** Sends all at once. */
export function ask(session: Session, { steps }: Loading): Promise<Result[]> {
  return together(steps.map((step) => send(session, step)));
}

export async function load(session: Session, loading: Loading): Promise<State> {
  return loadedFrom(loading, await ask(session, loading)).state;
}

/** Fails for a row that can't be understood. */
export function loadedFrom({ sources, stamped }: Loading, results: readonly Result[]): Loaded {
  const state: Record<string, unknown> = {};
  for (const { name, read, places } of sources) {
    const rows = places.flatMap((place) => results[place]?.rows ?? []);
    state[name] = answerTo(read, rows);
  }
  const checks = stamped.map(({ lock, place }) => checkOf(lock, results[place]?.rows[0]));
  return { state, checks: checks.every((check) => check !== undefined) ? checks : undefined };
}

function checkOf({ table, key }: RowLock, row: Row | undefined): Step | undefined {
  return row && checkStep(table, key, row[table.columns.length] as string);
}

/** Locks alone. */
export function lockingOf(locks: readonly Lock[]): readonly Step[] {
  return loadingOf({ locks, reads: {} }, 0).steps;
}

function answerTo({ read, table }: AnyRead, rows: readonly Row[]): unknown {
  return read === 'one' ? rows[0] && table.fromRow(rows[0]) : rows.map((row) => table.fromRow(row));
}

class Steps {
  readonly all: Step[] = [];
  readonly stamped: StampedRow[] = [];
  readonly #rows = new Map<string, number>();
  readonly #dueStep: typeof dueStep;
  readonly #now: Instant;

  constructor(ofDue: typeof dueStep, now: Instant) {
    this.#dueStep = ofDue;
    this.#now = now;
  }

  addLocks(locks: readonly Lock[], read: ReadonlySet<string | undefined>): void {
    for (const lock of rowLocksOf(locks)) {
      const name = rowName(lock.table, lock.key);
      if (read.has(name)) {
        this.#addRow(name, lockedReadStep(lock.table, lock.key));
      } else {
        this.#add(rowLockStep(lock));
      }
    }
    for (const lock of nameLocksOf(locks)) {
      this.#add(nameLockStep(lock));
    }
  }

  addStamps(locks: readonly Lock[]): void {
    for (const lock of rowLocksOf(locks)) {
      const { table, key } = lock;
      this.stamped.push({ lock, place: this.#addRow(rowName(table, key), stampedReadStep(table, key)) });
    }
  }

  /** Answers the places of its steps. A row that is read twice is read once, in the place of the first. */
  addRead(read: AnyRead): number[] {
    const { table, where } = read;
    if (read.read === 'due') {
      return [this.#add(this.#dueStep(read, this.#now))];
    }
    if (read.read === 'each') {
      return read.where.map((each) => this.#add(readStep(table, each)));
    }
    if (where === undefined) {
      return [];
    }
    const name = rowNameOf(read);
    return [name === undefined ? this.#add(readStep(table, where)) : this.#addRow(name, readStep(table, where))];
  }

  #add(step: Step): number {
    return this.all.push(step) - 1;
  }

  #addRow(name: string, step: Step): number {
    const place = this.#rows.get(name) ?? this.#add(step);
    this.#rows.set(name, place);
    return place;
  }
}

/** Of a read of one row; undefined of others. */
function rowNameOf({ read, table, where }: AnyRead): string | undefined {
  return read === 'one' && where !== undefined ? rowName(table, where) : undefined;
}
