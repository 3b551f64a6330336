/**
 * Lines to a descriptor, such as standard error, at once and without ever waiting for who reads them. What can't be written now is kept,
 * up to a limit, and tried again: a pipe may be full, its reader away, a disk without room. Decision 0122.
 */
import { constants, fstatSync, openSync, writeSync } from 'node:fs';

const MAX_WAITING_BYTES = 1_048_576;
/** A reader that is only slow is given more soon: it must not lose lines because we wait. One that is away costs two attempts a second. */
const MIN_PAUSE_MS = 5;
const MAX_PAUSE_MS = 500;

export class LineWriter {
  readonly #descriptor: number;
  readonly #onLoss: (lines: number) => void;
  readonly #waiting: Buffer[] = [];
  #waitingBytes = 0;
  /** Lines for which there was no room. */
  #lost = 0;
  #timer: NodeJS.Timeout | undefined;
  #pauseMs = MIN_PAUSE_MS;

  /** `onLoss` is told how many lines were lost, once lines can be written again. */
  constructor(descriptor: number, onLoss: (lines: number) => void = () => undefined) {
    this.#descriptor = withoutWaiting(descriptor);
    this.#onLoss = onLoss;
    process.once('exit', () => this.#flush());
  }

  write(line: string): void {
    const bytes = Buffer.from(line);
    if (this.#waitingBytes + bytes.length > MAX_WAITING_BYTES) {
      this.#lost += 1;
      return;
    }
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    // While it can't be written, each line would try in vain what the timer tries.
    if (this.#timer === undefined) {
      this.#flush();
    }
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      for (let line = this.#waiting[0]; line !== undefined; line = this.#waiting[0]) {
        const written = writeSync(this.#descriptor, line);
        this.#waitingBytes -= written;
        this.#pauseMs = MIN_PAUSE_MS;
        // Of a line that was written in part the rest is still to come.
        if (written < line.length) {
          this.#waiting[0] = line.subarray(written);
        } else {
          this.#waiting.shift();
        }
      }
    } catch {
      // There is nobody to tell.
      this.#timer = setTimeout(() => this.#flush(), this.#pauseMs).unref();
      this.#pauseMs = Math.min(2 * this.#pauseMs, MAX_PAUSE_MS);
      return;
    }
    if (this.#lost > 0) {
      const lost = this.#lost;
      this.#lost = 0;
      this.#onLoss(lost);
    }
  }
}

/**
 * Another way to the same pipe or terminal, on which a write that would wait fails instead; the descriptor itself may be shared with other
 * programs, which may want to wait. A file is left as it is: it keeps nobody waiting, and its position is shared.
 */
function withoutWaiting(descriptor: number): number {
  try {
    const stats = fstatSync(descriptor);
    if (stats.isFIFO() || stats.isCharacterDevice()) {
      const { O_WRONLY, O_APPEND, O_NONBLOCK, O_NOCTTY } = constants;
      return openSync(`/proc/self/fd/${descriptor}`, O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY);
    }
  } catch {
    // Another system than Linux, a terminal of another user, a pipe without a reader: then it is written to as it is. So is a socket.
  }
  return descriptor;
}
