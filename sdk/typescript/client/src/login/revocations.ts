/** The server is told of logins that ended here, later where it is away. Nothing of that is on the disk: who signs out wants no token left. */
import { SymbolonError } from '../errors/symbolon-error.ts';
import type { LoginCalls, LoginClient, Platform } from './port.ts';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/** Of what the same call will never be answered otherwise. */
const HOPELESS: readonly string[] = ['INVALID_ARGUMENT', 'FAILED_PRECONDITION', 'NOT_FOUND', 'UNIMPLEMENTED'];

export class Revocations {
  readonly #calls: LoginCalls;
  readonly #platform: Platform;
  readonly #client: LoginClient;
  readonly #closed: AbortSignal;
  readonly #waiting = new Set<string>();
  #isTelling = false;

  constructor(calls: LoginCalls, platform: Platform, client: LoginClient, closed: AbortSignal) {
    this.#calls = calls;
    this.#platform = platform;
    this.#client = client;
    this.#closed = closed;
  }

  /** Whether the server knows of all that ended here. */
  get isDone(): boolean {
    return this.#waiting.size === 0;
  }

  /** Whether the server said that it has ended. */
  async tell(token: string): Promise<boolean> {
    const told = await this.#revoke(token);
    if (told === 'later' && !this.#closed.aborted) {
      this.#waiting.add(token);
      this.#tellLater();
    }
    return told === 'told';
  }

  async #revoke(token: string): Promise<'told' | 'never' | 'later'> {
    try {
      const target = { $case: 'token', value: token } as const;
      await this.#calls.revoke({ target }, { timeoutMs: this.#client.timeoutMs, signal: this.#closed });
      return 'told';
    } catch (error) {
      return error instanceof SymbolonError && HOPELESS.includes(error.code) ? 'never' : 'later';
    }
  }

  #tellLater(): void {
    if (!this.#isTelling) {
      this.#isTelling = true;
      void this.#tellAll().finally(() => {
        this.#isTelling = false;
      });
    }
  }

  async #tellAll(): Promise<void> {
    for (let wait = FIRST_WAIT_MS; this.#waiting.size > 0; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      await this.#platform.sleep(wait, this.#closed, 'idle');
      if (this.#closed.aborted) {
        this.#waiting.clear();
        return;
      }
      for (const token of this.#waiting) {
        if ((await this.#revoke(token)) !== 'later') {
          this.#waiting.delete(token);
        }
      }
    }
  }
}
