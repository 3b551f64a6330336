/** A refresh: one at a time, however many wait for it. */
import { SymbolonError } from '../errors/symbolon-error.ts';
import type { SignedOutReason } from './events.ts';
import { reasonOf } from './events.ts';
import { type Held, heldSince, lasts, loginLasts, mayRefresh } from './held.ts';
import type { Keeper } from './keeper.ts';
import type { Limits, LoginCalls, LoginClient, Platform } from './port.ts';
import { isOwnOf, type LoginRecord, recordOfTokens } from './record.ts';
import { repeated, requireOpen } from './repeat.ts';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** Nobody holds the lock of the store longer than 12 s, and the rest is for the store. */
const LONGEST_MS = 10_000;

/** What came of it. `unknown`: the server knows nothing of the refresh token. */
type Outcome = Held | { readonly ended: SignedOutReason } | 'unknown';

export class Renewal {
  readonly #keeper: Keeper;
  readonly #calls: LoginCalls;
  readonly #platform: Platform;
  readonly #client: LoginClient;
  readonly #closed: AbortSignal;
  #current: { readonly done: Promise<void>; readonly canceller: AbortController } | undefined;
  #notBefore = Number.NEGATIVE_INFINITY;
  #wait = FIRST_WAIT_MS;

  constructor(keeper: Keeper, calls: LoginCalls, platform: Platform, client: LoginClient, closed: AbortSignal) {
    this.#keeper = keeper;
    this.#calls = calls;
    this.#platform = platform;
    this.#client = client;
    this.#closed = closed;
  }

  /** The one that is under way. */
  get current(): Promise<void> | undefined {
    return this.#current?.done;
  }

  /** Joins the one that is under way, or begins it. It may sign out, and fails where nothing is known. */
  async run(): Promise<void> {
    if (this.#current === undefined) {
      requireOpen(this.#closed);
      const canceller = new AbortController();
      const done = this.#run(canceller.signal).finally(() => {
        if (this.#current?.canceller === canceller) {
          this.#current = undefined;
        }
      });
      this.#current = { done, canceller };
    }
    return this.#current.done;
  }

  /** Beside a call, whose token is still good: not too soon after one that failed. */
  beside(): void {
    if (this.#current === undefined && this.#keeper.now().monotonic >= this.#notBefore) {
      this.run().catch(() => undefined);
    }
  }

  /** Nobody wants what it brings any more. */
  cancel(): void {
    this.#current?.canceller.abort();
    this.#current = undefined;
    this.#rest(0, FIRST_WAIT_MS);
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { generation } = this.#keeper;
    try {
      await this.#keeper.shelf.locked(() => this.#runLocked(generation, signal));
      this.#rest(0, FIRST_WAIT_MS);
    } catch (error) {
      // Cancelled: who waits looks again who is signed in.
      if (!signal.aborted) {
        const told = error instanceof SymbolonError ? (error.retryAfterMs ?? 0) : 0;
        this.#rest(Math.max(this.#wait, told), Math.min(this.#wait * 2, LONGEST_WAIT_MS));
        throw error;
      }
    }
  }

  #rest(ms: number, next: number): void {
    this.#notBefore = this.#keeper.now().monotonic + ms;
    this.#wait = next;
  }

  async #runLocked(generation: number, signal: AbortSignal): Promise<void> {
    const keeper = this.#keeper;
    const begun = keeper.held;
    const isWanted = () => keeper.generation === generation && !signal.aborted;
    if (begun === undefined || !isWanted()) {
      return;
    }
    const seen = await keeper.look(begun);
    if (!isWanted() || !keeper.follow(seen)) {
      return;
    }
    const held = keeper.held ?? begun;
    // Another process was quicker, or the Login was closed before anything was sent.
    if (this.#closed.aborted || (held !== begun && lasts(held, keeper.now()))) {
      return;
    }
    const outcome = await this.#ask(held, signal);
    // Who signed out, or in anew, does not want what was answered. Who closed the Login does.
    if (keeper.generation !== generation) {
      return;
    }
    if (outcome === 'unknown') {
      await this.#withoutRefresh();
    } else if ('ended' in outcome) {
      await this.#end(held.record, outcome.ended);
    } else {
      // First: a process that ends in between must not come back with a refresh token that is taken for theft.
      await keeper.save(outcome.record);
      if (keeper.generation === generation) {
        keeper.renewed(outcome);
      }
      // Else somebody signed out while it was written, and waits for the lock to take it out again.
    }
  }

  async #ask(held: Held, signal: AbortSignal): Promise<Outcome> {
    const { record, refreshToken } = held;
    const ends = this.#keeper.now().monotonic + Math.min(this.#client.timeoutMs, LONGEST_MS);
    const limits = () => ({ timeoutMs: Math.max(ends - this.#keeper.now().monotonic, 1), signal });
    if (refreshToken !== undefined && mayRefresh(held, this.#keeper.now())) {
      try {
        return await this.#refresh(refreshToken, limits());
      } catch (error) {
        if (!(error instanceof SymbolonError) || error.reason !== 'INVALID_REFRESH_TOKEN') {
          throw error;
        }
        if (!isOwnOf(this.#client, record)) {
          const { endedBy } = error.metadata;
          return endedBy === undefined ? 'unknown' : { ended: reasonOf(endedBy) };
        }
      }
    }
    return isOwnOf(this.#client, record) ? this.#beginAgain(record, limits()) : 'unknown';
  }

  async #refresh(refreshToken: string, limits: Limits): Promise<Held> {
    const { answer, sent } = await repeated(this.#platform, limits, (each) =>
      this.#calls.refresh({ refreshToken }, each),
    );
    return heldSince(recordOfTokens(answer.tokens, this.#client.clientId, sent), sent);
  }

  /** A login of the client itself, with the scopes that it had. */
  async #beginAgain({ scopes }: LoginRecord, limits: Limits): Promise<Held> {
    const request = {
      ...{ credential: credentialOf(this.#client), scopes: [...scopes], resource: this.#client.resource ?? '' },
      requestId: this.#platform.randomId(),
    };
    const { answer, sent } = await repeated(this.#platform, limits, (each) => this.#calls.issue(request, each));
    const tokens = answer.result?.$case === 'tokens' ? answer.result.value : undefined;
    return heldSince(recordOfTokens(tokens, this.#client.clientId, sent), sent);
  }

  /** The access token is used for as long as it lasts. */
  async #withoutRefresh(): Promise<void> {
    const now = this.#keeper.now();
    const held = this.#keeper.cannotRefresh();
    if (held !== undefined && !lasts(held, now)) {
      await this.#end(held.record, reasonWithoutRefresh(held, now));
    }
  }

  async #end(record: LoginRecord, reason: SignedOutReason): Promise<void> {
    this.#keeper.ended(reason);
    await this.#keeper.shelf.clear(record);
  }
}

/** Why a login is over whose access token has ended, and which nothing renews. */
export function reasonWithoutRefresh(held: Held, now: ReturnType<Keeper['now']>): SignedOutReason {
  const { record, deadAs } = held;
  const isOver =
    record.refresh_token === undefined || !loginLasts({ ...held, refreshToken: record.refresh_token }, now);
  return deadAs ?? (isOver ? 'expired' : 'revoked');
}

/** What the client of the Login is called with is what it begins a login of its own with. */
export function credentialOf({ clientId, clientSecret }: LoginClient) {
  return clientSecret === undefined
    ? ({ $case: 'anonymous', value: { clientId } } as const)
    : ({ $case: 'clientSecret', value: { clientId, clientSecret } } as const);
}
