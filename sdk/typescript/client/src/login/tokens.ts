/** The token for a call, and what to do with one that was refused. */
import { SymbolonError } from '../errors/symbolon-error.ts';
import { reasonOf } from './events.ts';
import { gainsByRefresh, type Held, isNearItsEnd, lasts, loginLasts, mayRefresh } from './held.ts';
import type { Keeper } from './keeper.ts';
import type { LoginCalls, LoginClient } from './port.ts';
import { isOwnOf } from './record.ts';
import { type Renewal, reasonWithoutRefresh } from './renewal.ts';
import { requireNotAborted, requireOpen, waitFor } from './repeat.ts';

export class Tokens {
  readonly #keeper: Keeper;
  readonly #renewal: Renewal;
  readonly #calls: LoginCalls;
  readonly #client: LoginClient;
  readonly #closed: AbortSignal;
  /** Of the token that is described just now: a hundred calls are refused at once. */
  #refusal: { readonly token: string; readonly again: Promise<boolean> } | undefined;

  constructor(keeper: Keeper, renewal: Renewal, calls: LoginCalls, client: LoginClient, closed: AbortSignal) {
    this.#keeper = keeper;
    this.#renewal = renewal;
    this.#calls = calls;
    this.#client = client;
    this.#closed = closed;
  }

  /** Who is signed in, as far as is known here. An end is noticed when somebody looks. */
  get held(): Held | undefined {
    return this.#closed.aborted ? undefined : this.#heldOrEnded();
  }

  /** Whether a token can be had as far as is known here. */
  get isAtHand(): boolean {
    const { held } = this;
    const now = this.#keeper.now();
    return held !== undefined && (lasts(held, now) || loginLasts(held, now) || this.#isOwn(held));
  }

  async token(signal?: AbortSignal): Promise<string> {
    for (;;) {
      requireOpen(this.#closed);
      const held = this.#heldOrEnded();
      if (held === undefined) {
        throw new SymbolonError('UNAUTHENTICATED', 'nobody is signed in: sign in first');
      }
      const now = this.#keeper.now();
      if (lasts(held, now)) {
        if (isNearItsEnd(held, now) && (gainsByRefresh(held) || this.#isOwn(held))) {
          this.#renewal.beside();
        }
        this.#keeper.saveBeside();
        return held.record.access_token;
      }
      // Before it is begun: what nobody waits for would fail unheard.
      requireNotAborted(signal);
      await this.#wait(this.#renewal.run(), signal);
      const renewed = this.#keeper.held;
      if (renewed !== undefined && renewed.record.access_token !== held.record.access_token) {
        return renewed.record.access_token;
      }
    }
  }

  /** No longer than the signal lets, and until the Login is closed. */
  async #wait<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    try {
      return await waitFor(promise, signal === undefined ? this.#closed : AbortSignal.any([this.#closed, signal]));
    } finally {
      requireOpen(this.#closed);
    }
  }

  #isOwn({ record }: Held): boolean {
    return isOwnOf(this.#client, record);
  }

  #heldOrEnded(): Held | undefined {
    const { held } = this.#keeper;
    const now = this.#keeper.now();
    if (held === undefined || lasts(held, now) || mayRefresh(held, now) || this.#isOwn(held)) {
      return held;
    }
    this.#keeper.ended(reasonWithoutRefresh(held, now));
    this.#takeOut(held);
    return undefined;
  }

  #takeOut({ record }: Held): void {
    const { shelf } = this.#keeper;
    shelf.locked(() => shelf.clear(record)).catch((error: unknown) => shelf.lockFailed(error));
  }

  /** Whether the call that was refused with this token is worth another one. */
  async refused(token: string, signal?: AbortSignal): Promise<boolean> {
    // What is under way may bring another token, and has ended the one before already.
    await this.#wait(this.#renewal.current?.catch(() => undefined) ?? Promise.resolve(), signal);
    const { held } = this.#keeper;
    if (held === undefined || held.record.access_token !== token) {
      return held !== undefined;
    }
    if (this.#refusal?.token !== token) {
      const again = this.#decide(held).finally(() => {
        this.#refusal = undefined;
      });
      this.#refusal = { token, again };
    }
    return this.#wait(this.#refusal.again, signal);
  }

  async #decide(held: Held): Promise<boolean> {
    const keeper = this.#keeper;
    const { generation } = keeper;
    const { record } = held;
    const isFollowed = await keeper.shelf.alone(async () => {
      const seen = await keeper.look(held);
      return keeper.held === held && seen.found !== 'same' ? keeper.follow(seen) : undefined;
    });
    if (isFollowed !== undefined) {
      return isFollowed;
    }
    const described = await this.#describe(record.access_token);
    if (described.isLive !== false || keeper.generation !== generation) {
      return keeper.held !== undefined && keeper.held.record.access_token !== record.access_token;
    }
    const now = keeper.now();
    if (keeper.held?.record.access_token === record.access_token) {
      const { endedBy } = described;
      const unsaid = lasts(held, now) ? 'revoked' : reasonWithoutRefresh(held, now);
      // No call gets it any more, also not while it is refreshed.
      keeper.accessEnded(endedBy === undefined ? unsaid : reasonOf(endedBy));
    }
    if (mayRefresh(held, now) || this.#isOwn(held)) {
      await this.#renewal.run().catch(() => undefined);
    }
    // Neither is it live, nor is there anything that renews it: that is an end.
    const left = this.#heldOrEnded();
    return left !== undefined && left.record.access_token !== record.access_token;
  }

  /** `isLive` is undefined where that can't be known. */
  async #describe(accessToken: string): Promise<{ readonly isLive?: boolean; readonly endedBy?: string | undefined }> {
    try {
      const { timeoutMs } = this.#client;
      await this.#calls.describeToken({ accessToken }, { timeoutMs, signal: this.#closed });
      return { isLive: true };
    } catch (error) {
      const isAnswer = error instanceof SymbolonError && error.reason === 'INVALID_CREDENTIALS';
      return isAnswer ? { isLive: false, endedBy: error.metadata.endedBy } : {};
    }
  }
}
