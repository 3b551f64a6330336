/** Group commit: many commands in one transaction, each in a savepoint of its own, none answered before the commit returned. */
import { statSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import type { Command, Outcome } from '../../core/commands.ts';
import { decide } from '../../core/decide/index.ts';
import type { Digest, Instant } from '../../core/model.ts';
import { planOf } from '../../core/state.ts';
import { type Applier, prepareApplier } from './apply.ts';
import { BUSY_TIMEOUT_MS } from './connection.ts';
import { type Fault, faultOf } from './faults.ts';
import { type KeyBinder, prepareKeyBinder } from './key.ts';
import { type Loader, prepareLoader } from './load.ts';
import { type Purger, preparePurger } from './purge.ts';

export interface Write {
  readonly id: number;
  readonly work:
    | { readonly command: Command }
    | { readonly purgeLimit: number }
    | { readonly keyFingerprint: Digest; readonly replace: boolean };
  /** The time that the rules go by. */
  readonly now: Instant;
  /** Wall clock; a write that was not begun by then is dropped. */
  readonly deadline?: Instant;
}

export type WriteResult =
  | { readonly id: number; readonly outcome: Outcome<Command> }
  | { readonly id: number; readonly purged: number }
  /** Whether it is the fingerprint that is remembered. */
  | { readonly id: number; readonly bound: boolean }
  | { readonly id: number; readonly fault: Fault };

const TOO_LATE: Fault = {
  code: 'deadline_exceeded',
  message: 'The deadline passed before the write was begun',
  detail: 'dropped from the queue',
  isFatal: false,
};

/** A WAL larger than this is emptied, which waits for readers, instead of copied as far as they allow. */
const WAL_TRUNCATE_BYTES = 64 * 1024 * 1024;

export class GroupWriter {
  readonly #database: Database;
  readonly #load: Loader;
  readonly #apply: Applier;
  readonly #purge: Purger;
  readonly #bindKey: KeyBinder;
  readonly #statements;

  constructor(database: Database) {
    this.#database = database;
    this.#load = prepareLoader(database);
    this.#apply = prepareApplier(database);
    this.#purge = preparePurger(database);
    this.#bindKey = prepareKeyBinder(database);
    this.#statements = {
      // IMMEDIATE: a transaction that reads first and asks for the write lock later fails with SQLITE_BUSY at once.
      begin: database.prepare('BEGIN IMMEDIATE'),
      commit: database.prepare('COMMIT'),
      rollback: database.prepare('ROLLBACK'),
      savepoint: database.prepare('SAVEPOINT command'),
      release: database.prepare('RELEASE command'),
      rollbackTo: database.prepare('ROLLBACK TO command'),
      totalChanges: database.prepare('SELECT total_changes()').pluck(),
      probe: database.prepare('UPDATE probe SET probe_time = ?'),
    };
  }

  /** Commits a group. When the commit fails, every write of it fails. */
  commit(writes: readonly Write[]): { results: WriteResult[]; fault: Fault | undefined; wrote: boolean } {
    const changesBefore = this.#totalChanges();
    try {
      this.#statements.begin.run();
      const results = writes.map((write) => this.#run(write));
      this.#statements.commit.run();
      return { results, fault: undefined, wrote: this.#totalChanges() > changesBefore };
    } catch (error) {
      const fault = faultOf(error);
      this.#rollBack();
      return { results: writes.map(({ id }) => ({ id, fault })), fault, wrote: false };
    }
  }

  /** Finds out whether the file can be written. */
  probe(now: Instant): Fault | undefined {
    try {
      this.#statements.begin.run();
      this.#statements.probe.run(now);
      this.#statements.commit.run();
      return undefined;
    } catch (error) {
      this.#rollBack();
      return faultOf(error);
    }
  }

  /** Moves what was committed from the WAL into the database file. */
  checkpoint(): void {
    const size = statSync(`${this.#database.name}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    if (size <= WAL_TRUNCATE_BYTES) {
      this.#database.pragma('wal_checkpoint(PASSIVE)');
      return;
    }
    // Emptying it needs a moment without readers. A backup reads for as long as it takes, and commits must not wait for that.
    this.#database.pragma('busy_timeout = 0');
    this.#database.pragma('wal_checkpoint(TRUNCATE)');
    this.#database.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
  }

  #run(write: Write): WriteResult {
    const { id } = write;
    if (write.deadline !== undefined && write.deadline < Date.now()) {
      return { id, fault: TOO_LATE };
    }
    this.#statements.savepoint.run();
    try {
      const result = this.#perform(write);
      this.#statements.release.run();
      return result;
    } catch (error) {
      const fault = faultOf(error);
      // SQLite itself may have ended the transaction; then nothing of the group is left, and all of it fails.
      if (fault.code !== 'internal' || !this.#database.inTransaction) {
        throw error;
      }
      this.#statements.rollbackTo.run();
      this.#statements.release.run();
      return { id, fault };
    }
  }

  #perform({ id, work, now }: Write): WriteResult {
    if ('purgeLimit' in work) {
      return { id, purged: this.#purge(now, work.purgeLimit) };
    }
    if ('keyFingerprint' in work) {
      return { id, bound: this.#bindKey(work.keyFingerprint, work.replace) };
    }
    const { command } = work;
    const { changes, outcome } = decide(this.#load(planOf(command), now), command, now);
    for (const change of changes) {
      this.#apply(change);
    }
    return { id, outcome };
  }

  #rollBack(): void {
    if (this.#database.inTransaction) {
      this.#statements.rollback.run();
    }
  }

  #totalChanges(): number {
    return Number(this.#statements.totalChanges.get());
  }
}
