/**
 * What tells every thread of the process which rows may have changed, in memory that all share: decision 0162. The writer alone writes it.
 *
 * It numbers its groups. Of each row that a group changes it sets the mark to the group's number *before* it commits, and moves the counter to
 * that number *after*, and before anybody is answered. Who reads looks at the counter before the transaction begins: a row that was read so is
 * as the store has it for as long as its mark is not above that counter. Marks are shared by rows whose hashes agree, which costs a look-up
 * and is never wrong. The epoch grows where marks do not tell all: then nothing that was read before counts.
 */
const EPOCH = 0;
const COUNTER = 1;
const FIRST_MARK = 2;
/** 4 MiB. With a million changed rows between two look-ups of one, its mark is another's two times out of three. */
const MARKS = 2 ** 20;
/** Cells hold numbers below 2^31. */
const MAX_NUMBER = 2 ** 30;
/** Above every counter. */
const NEVER = 2 ** 31 - 1;

export function changeMarksBuffer(): SharedArrayBuffer {
  return new SharedArrayBuffer((FIRST_MARK + MARKS) * Int32Array.BYTES_PER_ELEMENT);
}

/** When something was read: what it is compared with ever after. */
export interface ReadMoment {
  readonly epoch: number;
  readonly counter: number;
}

/** The side of those who read. */
export class ChangeMarks {
  readonly #cells: Int32Array;

  constructor(buffer: SharedArrayBuffer) {
    this.#cells = new Int32Array(buffer);
  }

  /** To be called before the transaction of a reading begins. */
  moment(): ReadMoment {
    const epoch = Atomics.load(this.#cells, EPOCH);
    return { epoch, counter: Atomics.load(this.#cells, COUNTER) };
  }

  /** Whether no row with this mark has changed since. It counts only once all rows of an answer are in hand, and with `isOfEpoch` after it. */
  isUnchanged(mark: number, { counter }: ReadMoment): boolean {
    return Atomics.load(this.#cells, mark) <= counter;
  }

  /** To be asked last. */
  isOfEpoch({ epoch }: ReadMoment): boolean {
    return Atomics.load(this.#cells, EPOCH) === epoch;
  }
}

/** The side of the one that writes. */
export class ChangeMarksWriter {
  readonly #cells: Int32Array;
  #number: number;

  /** A writer before this one may have died between a mark, a commit and the counter. `first`: of the groups' numbers, for tests. */
  constructor(buffer: SharedArrayBuffer, first?: number) {
    this.#cells = new Int32Array(buffer);
    this.#number = first ?? Atomics.load(this.#cells, COUNTER) + 1;
    this.failed();
  }

  /** A group begins. */
  begin(): void {
    if (this.#number >= MAX_NUMBER) {
      this.#beginAgain();
    }
    this.#number += 1;
  }

  /** A row that has this mark changes by the group. */
  mark(mark: number): void {
    Atomics.store(this.#cells, mark, this.#number);
  }

  /** The group is committed. Nobody has been answered yet. */
  committed(): void {
    Atomics.store(this.#cells, COUNTER, this.#number);
  }

  /** The group failed. Whether a commit that failed was one, is not known. */
  failed(): void {
    this.forgetAll();
    this.committed();
  }

  /** What changed is not known: nothing that was read before counts. */
  forgetAll(): void {
    Atomics.add(this.#cells, EPOCH, 1);
  }

  /** In an order that lets no reading of before count at any moment. */
  #beginAgain(): void {
    const marks = this.#cells.subarray(FIRST_MARK);
    for (let i = 0; i < marks.length; i++) {
      Atomics.store(marks, i, NEVER);
    }
    Atomics.store(this.#cells, COUNTER, 0);
    Atomics.add(this.#cells, EPOCH, 1);
    for (let i = 0; i < marks.length; i++) {
      Atomics.store(marks, i, 0);
    }
    this.#number = 0;
  }
}

/** FNV-1a over UTF-16 units. */
export function markOf(table: string, key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < table.length; i++) {
    hash = Math.imul(hash ^ table.charCodeAt(i), 0x01000193);
  }
  for (let i = 0; i < key.length; i++) {
    hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  }
  return FIRST_MARK + ((hash ^ (hash >>> 15)) & (MARKS - 1));
}
