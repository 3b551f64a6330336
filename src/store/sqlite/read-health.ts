/** Whether reads are answered: from the reads themselves, and where there were none for a while from one that is made for that. */
import { openReader } from './connection.ts';

const INTERVAL_MS = 2_000;

export class ReadHealth {
  readonly #path: string;
  readonly #timer: NodeJS.Timeout;
  readonly #listeners: (() => void)[] = [];
  #isReadable = true;
  #hasSucceeded = false;
  #hasFailed = false;

  constructor(path: string) {
    this.#path = path;
    this.#timer = setInterval(() => this.#look(), INTERVAL_MS);
    this.#timer.unref();
  }

  get isReadable(): boolean {
    return this.#isReadable;
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  succeeded(): void {
    this.#hasSucceeded = true;
  }

  failed(): void {
    this.#hasFailed = true;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** One damaged page must not take the server out of service as long as other reads are answered. */
  #look(): void {
    const isReadable = this.#hasSucceeded || (!this.#hasFailed && canBeRead(this.#path));
    this.#hasSucceeded = false;
    this.#hasFailed = false;
    if (this.#isReadable !== isReadable) {
      this.#isReadable = isReadable;
      for (const listener of this.#listeners) {
        listener();
      }
    }
  }
}

/** By a connection of its own, for one that is open may know the answer without the disk. */
function canBeRead(path: string): boolean {
  try {
    const connection = openReader(path);
    try {
      connection.prepare('SELECT count(*) FROM tenant').get();
      return true;
    } finally {
      connection.close();
    }
  } catch {
    return false;
  }
}
