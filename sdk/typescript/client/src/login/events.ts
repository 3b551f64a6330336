/** What a Login tells of, one after the other, in the order in which it happened. */
import type { SymbolonError } from '../errors/symbolon-error.ts';

/** Why nobody is signed in any more. */
export type SignedOutReason =
  | 'signed_out'
  | 'password_changed'
  | 'disabled'
  | 'deleted'
  | 'revoked'
  | 'expired'
  | 'replaced';

export type LoginEvent =
  /** By a sign-in, a sign-up or a resume. */
  | { readonly type: 'signed_in' }
  /** Another token was got, here or by another process. */
  | { readonly type: 'refreshed' }
  | { readonly type: 'signed_out'; readonly reason: SignedOutReason }
  /** The store can't be read or written. The Login goes on in memory. */
  | { readonly type: 'store_failed'; readonly error: SymbolonError };

const REASONS: Readonly<Record<string, SignedOutReason>> = {
  PASSWORD_CHANGED: 'password_changed',
  DISABLED: 'disabled',
  DELETED: 'deleted',
  EXPIRED: 'expired',
};

/** `endedBy`: of an error's metadata. One that is newer than this package is a revocation too. */
export function reasonOf(endedBy: string): SignedOutReason {
  return REASONS[endedBy] ?? 'revoked';
}

export class Events {
  readonly #listener: ((event: LoginEvent) => unknown) | undefined;
  readonly #waiting: LoginEvent[] = [];
  #locks = 0;
  #isTelling = false;

  constructor(listener: ((event: LoginEvent) => unknown) | undefined) {
    this.#listener = listener;
  }

  tell(event: LoginEvent): void {
    if (this.#listener !== undefined) {
      this.#waiting.push(event);
      this.#begin();
    }
  }

  /** What happens until `release` is told then: a listener may take as long as it likes, and others wait for the lock of the store. */
  hold(): void {
    this.#locks += 1;
  }

  release(): void {
    this.#locks -= 1;
    this.#begin();
  }

  #begin(): void {
    if (!this.#isTelling && this.#locks === 0 && this.#waiting.length > 0) {
      this.#isTelling = true;
      queueMicrotask(() => this.#tellAll());
    }
  }

  #tellAll(): void {
    this.#isTelling = false;
    while (this.#locks === 0) {
      const event = this.#waiting.shift();
      if (event === undefined) {
        return;
      }
      try {
        // What an async listener throws is passed over, too.
        Promise.resolve(this.#listener?.(event)).catch(() => undefined);
      } catch {}
    }
  }
}
