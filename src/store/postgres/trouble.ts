/** Whether a part of the store fails: told when it does, and when it then succeeds. */
import type { PostgresOptions, StorePart } from './options.ts';

/** While a database is away every call fails alike. Or one statement fails among thousands that don't, time after time. */
const PAUSE_MS = 1_000;

export class Trouble {
  readonly #of: StorePart;
  readonly #options: Pick<PostgresOptions, 'onFault' | 'onSuccess'>;
  #fails = false;
  #quietUntil = 0;

  constructor(of: StorePart, options: Pick<PostgresOptions, 'onFault' | 'onSuccess'>) {
    this.#of = of;
    this.#options = options;
  }

  failed(detail: string): void {
    const now = performance.now();
    if (now >= this.#quietUntil) {
      this.#fails = true;
      this.#quietUntil = now + PAUSE_MS;
      this.#options.onFault?.(detail, this.#of);
    }
  }

  /** On the path of every read. */
  succeeded(): void {
    if (this.#fails) {
      this.#fails = false;
      this.#options.onSuccess?.(this.#of);
    }
  }
}
