/**
 * Counts of what there may be so much of in a process, however many threads serve it. Each thread counts its own in cells of memory that all
 * share, so the sum is known to each at once, and what a thread that died had counted is forgotten by clearing its cells.
 */

/** What is counted in all. */
export const TALLIES = ['calls', 'grpc-streams', 'grpc-arriving', 'reflections', 'http-requests'] as const;
/** What is counted for each peer too. */
export const HOLDINGS = ['grpc-connections', 'http-connections', 'http-bodies', 'watches', 'watchers'] as const;

export type TallyName = (typeof TALLIES)[number];
export type HoldingName = (typeof HOLDINGS)[number];

/** Each thread of one process has one of these over the same memory. */
export interface BoundsMemory {
  readonly buffer: SharedArrayBuffer;
  readonly threads: number;
  /** Which of them this is, from 0. */
  readonly own: number;
}

/** Peers that share a cell count as one, which can only refuse too early: there are far more cells than connections of many peers. */
const PEER_CELLS = 4_096;
/** So that nobody knows which other address shares a cell with his. */
const SEED_CELLS = 1;
/** The second that lines about strangers are counted in, all of them, and those that are about no login. */
const LOG_CELLS = 3;
const CELLS_OF_THREAD = TALLIES.length + HOLDINGS.length * (1 + PEER_CELLS);
const COMMON_CELLS = SEED_CELLS + LOG_CELLS;

/** `seed`: any random number. */
export function boundsBuffer(threads: number, seed: number): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * (COMMON_CELLS + threads * CELLS_OF_THREAD));
  new Int32Array(buffer)[0] = seed;
  return buffer;
}

/** Of a thread that died. */
export function forgetThread(buffer: SharedArrayBuffer, thread: number): void {
  const begin = COMMON_CELLS + thread * CELLS_OF_THREAD;
  new Int32Array(buffer).fill(0, begin, begin + CELLS_OF_THREAD);
}

/** One number of all threads. */
export class Tally {
  readonly #cells: Int32Array<ArrayBufferLike>;
  readonly #own: number;
  readonly #first: number;

  /** Without cells that are shared, of this thread alone. */
  constructor(cells: Int32Array<ArrayBufferLike> = new Int32Array(1), first = 0, own = 0) {
    this.#cells = cells;
    this.#first = first;
    this.#own = first + own * CELLS_OF_THREAD;
  }

  /** Counts one more. What counts first and asks then can't be too many together with another thread that does so. */
  add(): void {
    Atomics.add(this.#cells, this.#own, 1);
  }

  remove(): void {
    Atomics.sub(this.#cells, this.#own, 1);
  }

  get own(): number {
    return Atomics.load(this.#cells, this.#own);
  }

  /** Of all threads. */
  get all(): number {
    let sum = 0;
    for (let cell = this.#first; cell < this.#cells.length; cell += CELLS_OF_THREAD) {
      sum += Atomics.load(this.#cells, cell);
    }
    return sum;
  }
}

/** What peers hold, of all threads. */
export interface PeerTallies {
  readonly total: Tally;
  of(peer: string): Tally;
}

export class Bounds {
  readonly #cells: Int32Array | undefined;
  readonly #own: number;

  /** Without memory that is shared, of this thread alone. */
  constructor(memory?: BoundsMemory) {
    this.#cells = memory && new Int32Array(memory.buffer);
    this.#own = memory?.own ?? 0;
  }

  tally(name: TallyName): Tally {
    return this.#tally(TALLIES.indexOf(name));
  }

  /** How many threads there are. */
  get threads(): number {
    return this.#cells === undefined ? 1 : (this.#cells.length - COMMON_CELLS) / CELLS_OF_THREAD;
  }

  /** Undefined where one thread has them all, and counts them exactly itself. */
  peers(name: HoldingName): PeerTallies | undefined {
    const cells = this.#cells;
    if (cells === undefined) {
      return undefined;
    }
    const first = TALLIES.length + HOLDINGS.indexOf(name) * (1 + PEER_CELLS);
    const seed = cells[0] as number;
    return { total: this.#tally(first), of: (peer) => this.#tally(first + 1 + (hashOf(peer, seed) % PEER_CELLS)) };
  }

  /** The second, all its lines, and those that are about no login; of all threads. */
  get logCells(): Int32Array | undefined {
    return this.#cells?.subarray(SEED_CELLS, COMMON_CELLS);
  }

  #tally(cell: number): Tally {
    return this.#cells === undefined ? new Tally() : new Tally(this.#cells, COMMON_CELLS + cell, this.#own);
  }
}

/** FNV-1a from a seed, mixed at the end. */
function hashOf(text: string, seed: number): number {
  let hash = seed ^ 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
