/** Whether the store can be written, from the two things that say so: commits, and moving the WAL into the database file. */
import type { Fault } from './faults.ts';

type Source = 'commit' | 'checkpoint';

export class WriteHealth {
  readonly #faults = new Map<Source, Fault>();
  readonly #tell: (isWritable: boolean, fault: Fault | undefined) => void;

  /** `tell` learns of each change, with the fault that began; not of a fault that goes on, unless it is fatal. */
  constructor(tell: (isWritable: boolean, fault: Fault | undefined) => void) {
    this.#tell = tell;
  }

  /** What came of the last one; undefined: it went well. */
  report(source: Source, fault: Fault | undefined): void {
    const wasFaulty = this.#faults.has(source);
    if (fault === undefined) {
      this.#faults.delete(source);
    } else {
      this.#faults.set(source, fault);
    }
    if (wasFaulty !== (fault !== undefined) || fault?.isFatal === true) {
      this.#tell(this.#faults.size === 0, fault);
    }
  }
}
