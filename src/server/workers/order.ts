/**
 * The order in which several threads said something to one. Ports are read one after the other, so what was said later may be read first; but
 * one thread may go by what another has said before, by way of the store. So messages are numbered when they are sent, and all that have
 * arrived are handled by their numbers.
 */

/** Gives out numbers; all threads over one memory. */
export class Numbers {
  readonly #cells: Int32Array;

  constructor(buffer = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) {
    this.#cells = new Int32Array(buffer);
  }

  get buffer(): SharedArrayBuffer {
    return this.#cells.buffer as SharedArrayBuffer;
  }

  next(): number {
    return Atomics.add(this.#cells, 0, 1);
  }
}

export interface Numbered {
  readonly at: number;
}

/** A port as it is read here. */
export interface Source {
  /** All that has arrived and was not handed out. */
  takeArrived(): readonly Numbered[];
  handle(message: Numbered): void;
}

export class Order {
  readonly #sources = new Set<Source>();

  add(source: Source): void {
    this.#sources.add(source);
  }

  delete(source: Source): void {
    this.#sources.delete(source);
  }

  /** Handles what has arrived anywhere; `first` did at `of`. */
  handle(of?: Source, first?: Numbered): void {
    const all = [...this.#sources].flatMap((source) => source.takeArrived().map((message) => ({ source, message })));
    if (of !== undefined && first !== undefined) {
      all.push({ source: of, message: first });
    }
    // The difference, for the numbers begin anew after the largest.
    all.sort((one, other) => (one.message.at - other.message.at) | 0);
    for (const { source, message } of all) {
      source.handle(message);
    }
  }
}
