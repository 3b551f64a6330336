/** How far something long has come: on one line of a terminal, which is gone at the end. Scripts and files get nothing. */
import { clearLine, cursorTo } from 'node:readline';
import type { WriteStream } from 'node:tty';

/** Faster nobody reads. */
const EVERY_MS = 250;
const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];

export class Progress {
  readonly #terminal: WriteStream;
  readonly #clock: () => number;
  #told: number | undefined;

  constructor(terminal: WriteStream = process.stderr, clock = () => performance.now()) {
    this.#terminal = terminal;
    this.#clock = clock;
  }

  /** Shows a text in place of the one before, unless that was shown just now. */
  tell(text: string): void {
    const now = this.#clock();
    if (this.#terminal.isTTY && (this.#told === undefined || now - this.#told >= EVERY_MS)) {
      this.#told = now;
      this.#wipe();
      // A longer line would go on in the next one, which is not wiped.
      this.#terminal.write(text.slice(0, (this.#terminal.columns || 80) - 1));
    }
  }

  end(): void {
    if (this.#told !== undefined) {
      this.#told = undefined;
      this.#wipe();
    }
  }

  #wipe(): void {
    cursorTo(this.#terminal, 0);
    clearLine(this.#terminal, 1);
  }
}

/** `copying family: 12,000 of 48,100 rows (24%)`; a total that is not known is left out. */
export function amountText(what: string, done: number, total: number | undefined, unit: 'rows' | 'bytes'): string {
  const text = unit === 'rows' ? (count: number) => count.toLocaleString('en') : bytesText;
  const end = unit === 'rows' ? ' rows' : '';
  if (total === undefined || total <= 0) {
    return `${what}: ${text(done)}${end}`;
  }
  return `${what}: ${text(done)} of ${text(total)}${end} (${Math.min(100, Math.floor((100 * done) / total))}%)`;
}

function bytesText(bytes: number): string {
  const power = bytes < 1_024 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1_024 ** power).toFixed(power === 0 ? 0 : 1)} ${UNITS[power]}`;
}
