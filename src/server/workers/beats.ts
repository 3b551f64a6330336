/**
 * Whether the event loops of the workers turn. One that hangs would be given new connections by the kernel for ever. It is counted in turns of
 * the main thread's own: a process that was stopped, or a machine that stalled, makes nobody hang.
 */
const LOOK_MS = 500;
/** Ten seconds: longer than any honest work on a slow machine. */
const MAX_MISSED = 20;

interface Watched {
  beats: number;
  missed: number;
}

export class Beats {
  /** A cell for each worker, which it counts up. */
  readonly buffer: SharedArrayBuffer;
  readonly #cells: Int32Array;
  readonly #onHang: (index: number) => void;
  readonly #watched = new Map<number, Watched>();
  #timer: NodeJS.Timeout | undefined;

  constructor(workers: number, onHang: (index: number) => void) {
    this.buffer = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * workers);
    this.#cells = new Int32Array(this.buffer);
    this.#onHang = onHang;
  }

  start(): void {
    this.#timer = setInterval(() => this.look(), LOOK_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  watch(index: number): void {
    this.#watched.set(index, { beats: this.#beatsOf(index), missed: 0 });
  }

  /** Whether it was watched. */
  forget(index: number): boolean {
    return this.#watched.delete(index);
  }

  look(): void {
    for (const [index, watched] of this.#watched) {
      const beats = this.#beatsOf(index);
      watched.missed = beats === watched.beats ? watched.missed + 1 : 0;
      watched.beats = beats;
      if (watched.missed === MAX_MISSED) {
        this.#onHang(index);
      }
    }
  }

  #beatsOf(index: number): number {
    return Atomics.load(this.#cells, index);
  }
}
