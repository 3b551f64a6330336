/** Tells when the WAL has grown: it does for as long as one read holds its moment, because nothing newer can be moved out of it. */

/** Four times what it has before it is emptied. */
export const LARGE_WAL_BYTES = 256 * 1024 * 1024;
const MIB = 1024 * 1024;

export class WalSize {
  readonly #tell: (notice: string) => void;
  /** Told of beyond this; doubled each time, so that a WAL that grows for hours makes a handful of lines. */
  #bound = LARGE_WAL_BYTES;

  constructor(tell: (notice: string) => void) {
    this.#tell = tell;
  }

  look(bytes: number): void {
    if (bytes <= LARGE_WAL_BYTES) {
      this.#bound = LARGE_WAL_BYTES;
    } else if (bytes > this.#bound) {
      this.#bound = 2 * bytes;
      this.#tell(
        `the WAL has ${Math.round(bytes / MIB)} MiB. A program reads the store for long, such as a backup; until it ends, nothing ` +
          'newer can be moved into the database file. Give the disk room, or end that program',
      );
    }
  }
}
