/** Group commit: many commands in one transaction, each of them whole or not at all, none answered before the commit returned. */
import type { Database } from 'better-sqlite3';
import type { Change, Outcome } from '../../core/changes.ts';
import { decide, nextReadsOf, planOf } from '../../core/commands/decide.ts';
import type { Command } from '../../core/commands/index.ts';
import type { Instant } from '../../core/model.ts';
import { grownLogsOf } from '../rows/grown-logs.ts';
import { type Applier, prepareApplier } from './apply.ts';
import { ChangeMarksWriter, changeMarksBuffer } from './change-marks.ts';
import { type Fault, faultOf } from './faults.ts';
import { GroupRows } from './group-rows.ts';
import { type Loader, loaderOf } from './load.ts';
import { type Purger, preparePurger } from './purge.ts';
import { RowMarks } from './row-marks.ts';

export interface Write {
  readonly id: number;
  readonly work: { readonly command: Command } | { readonly purgeLimit: number; readonly horizon: Instant };
  /** The time that the rules go by. */
  readonly now: Instant;
  /** Wall clock; a write that was not begun by then is dropped. */
  readonly deadline?: Instant;
}

export type WriteResult =
  | { readonly id: number; readonly outcome: Outcome<unknown> }
  | { readonly id: number; readonly purged: number }
  | { readonly id: number; readonly fault: Fault };

const TOO_LATE: Fault = {
  code: 'deadline_exceeded',
  message: 'The deadline passed before the write was begun',
  detail: 'dropped from the queue',
  isFatal: false,
};

/** Without standbys there is one history. */
const TIMELINE = 0;

/** What came of a group. */
export interface Committed {
  readonly results: WriteResult[];
  readonly fault: Fault | undefined;
  readonly wrote: boolean;
  /** The tenants whose revocation logs may have grown. */
  readonly grown: readonly string[];
}

export class GroupWriter {
  readonly #database: Database;
  readonly #rows: GroupRows;
  readonly #load: Loader;
  readonly #apply: Applier;
  readonly #purge: Purger;
  readonly #marks: ChangeMarksWriter;
  readonly #rowMarks: RowMarks;
  readonly #statements;
  #dataVersion: number;
  #grown = new Set<string>();

  /** `marks`: of the rows that threads keep. */
  constructor(database: Database, marks = new ChangeMarksWriter(changeMarksBuffer())) {
    this.#database = database;
    this.#marks = marks;
    this.#rowMarks = new RowMarks(database, marks);
    this.#rows = new GroupRows(database);
    this.#load = loaderOf(this.#rows);
    this.#apply = this.#applier(database);
    this.#purge = preparePurger(database, (table, key) => this.#rowMarks.markStored(table, key));
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
      dataVersion: database.prepare('PRAGMA data_version').pluck(),
    };
    this.#dataVersion = this.#readDataVersion();
    // Others may have committed since `marks` was made, which no later look at the version tells.
    marks.forgetAll();
  }

  /** Commits a group. When the commit fails, every write of it fails. */
  commit(writes: readonly Write[]): Committed {
    const changesBefore = this.#totalChanges();
    this.#rows.forgetAll();
    this.#grown = new Set();
    try {
      this.#begin();
      const results = writes.map((write) => this.#run(write));
      this.#commit();
      return { results, fault: undefined, wrote: this.#totalChanges() > changesBefore, grown: [...this.#grown] };
    } catch (error) {
      const fault = faultOf(error);
      this.#rollBack();
      return { results: writes.map(({ id }) => ({ id, fault })), fault, wrote: false, grown: [] };
    }
  }

  /** Finds out whether the file can be written. */
  probe(now: Instant): Fault | undefined {
    try {
      this.#begin();
      this.#statements.probe.run(now);
      this.#commit();
      return undefined;
    } catch (error) {
      this.#rollBack();
      return faultOf(error);
    }
  }

  #begin(): void {
    this.#marks.begin();
    this.#statements.begin.run();
    // It moves when another connection has committed: somebody works on the file by hand.
    const version = this.#readDataVersion();
    if (version !== this.#dataVersion) {
      this.#dataVersion = version;
      this.#marks.forgetAll();
    }
  }

  #commit(): void {
    this.#statements.commit.run();
    this.#marks.committed();
  }

  /** What fails for itself fails alone. SQLite itself may have ended the transaction; then all of the group fails. */
  #run(write: Write): WriteResult {
    const { id } = write;
    if (write.deadline !== undefined && write.deadline < Date.now()) {
      return { id, fault: TOO_LATE };
    }
    try {
      return this.#execute(write);
    } catch (error) {
      const fault = faultOf(error);
      if (fault.code !== 'internal' || !this.#database.inTransaction) {
        throw error;
      }
      return { id, fault };
    }
  }

  #execute({ id, work, now }: Write): WriteResult {
    if ('purgeLimit' in work) {
      return { id, purged: this.#wholly(() => this.#purge(work.horizon, work.purgeLimit)) };
    }
    const { command } = work;
    const moment = { now, timeline: TIMELINE };
    const load = this.#load(now);
    const first = load(planOf(command).reads);
    const state = { ...first, ...load(nextReadsOf(command, first, moment)) };
    const { changes, outcome } = decide(command, state, moment);
    this.#applyAll(changes);
    for (const tenantId of grownLogsOf(changes)) {
      this.#grown.add(tenantId);
    }
    return { id, outcome };
  }

  #applier(database: Database): Applier {
    const apply = prepareApplier(database);
    return (change) => {
      this.#rowMarks.mark(change);
      apply(change);
      this.#rows.follow(change);
    };
  }

  /** One change is one statement, which SQLite undoes by itself when it fails. */
  #applyAll(changes: readonly Change[]): void {
    const [first] = changes;
    if (first !== undefined && changes.length === 1) {
      this.#apply(first);
    } else if (first !== undefined) {
      this.#wholly(() => changes.forEach(this.#apply));
    }
  }

  /** Leaves nothing of what failed. */
  #wholly<T>(work: () => T): T {
    this.#statements.savepoint.run();
    try {
      const result = work();
      this.#statements.release.run();
      return result;
    } catch (error) {
      this.#rows.forgetAll();
      if (this.#database.inTransaction) {
        this.#statements.rollbackTo.run();
        this.#statements.release.run();
      }
      throw error;
    }
  }

  #rollBack(): void {
    if (this.#database.inTransaction) {
      this.#statements.rollback.run();
    }
    this.#marks.failed();
  }

  #readDataVersion(): number {
    return Number(this.#statements.dataVersion.get());
  }

  #totalChanges(): number {
    return Number(this.#statements.totalChanges.get());
  }
}
