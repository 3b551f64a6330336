/**
 * Reads that arrive together are done together: in one read transaction, one right after the other. A look-up costs several times
 * less while SQLite's code and pages are in the processor's caches than between two calls of a busy server (decision 0019). An
 * idle server reads at once, and no transaction outlasts the function that began it.
 */
import type { Database } from 'better-sqlite3';

interface Waiting {
  /** Reads, and keeps what was read. */
  readonly read: () => void;
  /** Answers what was read. */
  readonly answer: () => void;
  readonly fail: (error: unknown) => void;
}

export class ReadGroup {
  readonly #begin;
  readonly #commit;
  readonly #database: Database;
  #waiting: Waiting[] = [];

  constructor(database: Database) {
    this.#database = database;
    this.#begin = database.prepare('BEGIN');
    this.#commit = database.prepare('COMMIT');
  }

  run<T>(read: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      let value: T;
      this.#waiting.push({
        read: () => {
          value = read();
        },
        answer: () => resolve(value),
        fail: reject,
      });
      if (this.#waiting.length === 1) {
        setImmediate(() => this.#readAll());
      }
    });
  }

  #readAll(): void {
    const group = this.#waiting;
    this.#waiting = [];
    try {
      this.#begin.run();
      for (const { read } of group) {
        read();
      }
      this.#commit.run();
    } catch (error) {
      this.#end();
      for (const { fail } of group) {
        fail(error);
      }
      return;
    }
    for (const { answer } of group) {
      answer();
    }
  }

  /** Leaves no transaction behind after a failure. */
  #end(): void {
    if (this.#database.open && this.#database.inTransaction) {
      this.#database.exec('ROLLBACK');
    }
  }
}
