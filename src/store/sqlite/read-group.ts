/**
 * Reads that arrive together are done together: in one read transaction, one right after the other. A look-up costs several times
 * less while SQLite's code and pages are in the processor's caches than between two calls of a busy server (decision 0019). An
 * idle server reads at once, and no transaction outlasts the function that began it.
 */
import type { Database } from 'better-sqlite3';

/** One object a read, and nothing else: there are thousands a second. */
class Waiting<T> {
  readonly #read: () => T;
  readonly #resolve: (value: T) => void;
  readonly fail: (error: unknown) => void;
  #value: T | undefined;

  constructor(read: () => T, resolve: (value: T) => void, fail: (error: unknown) => void) {
    this.#read = read;
    this.#resolve = resolve;
    this.fail = fail;
  }

  /** Reads, and keeps what was read. */
  read(): void {
    this.#value = this.#read();
  }

  /** Answers what was read. */
  answer(): void {
    this.#resolve(this.#value as T);
  }
}

export class ReadGroup {
  readonly #begin;
  readonly #commit;
  readonly #database: Database;
  #waiting: Waiting<unknown>[] = [];
  #before: (() => void) | undefined;

  constructor(database: Database) {
    this.#database = database;
    this.#begin = database.prepare('BEGIN');
    this.#commit = database.prepare('COMMIT');
  }

  /** Is called before the transaction of each group begins. */
  beforeEach(work: () => void): void {
    this.#before = work;
  }

  run<T>(read: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.push(new Waiting(read, resolve, reject) as Waiting<unknown>);
      if (this.#waiting.length === 1) {
        setImmediate(() => this.#readAll());
      }
    });
  }

  #readAll(): void {
    const group = this.#waiting;
    this.#waiting = [];
    try {
      this.#before?.();
      this.#begin.run();
      for (const waiting of group) {
        waiting.read();
      }
      this.#commit.run();
    } catch (error) {
      this.#end();
      for (const waiting of group) {
        waiting.fail(error);
      }
      return;
    }
    for (const waiting of group) {
      waiting.answer();
    }
  }

  /** Leaves no transaction behind after a failure. */
  #end(): void {
    if (this.#database.open && this.#database.inTransaction) {
      this.#database.exec('ROLLBACK');
    }
  }
}
