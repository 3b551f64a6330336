/** The cached verifier. */
import type { BatchIntrospectResponse } from '../../../../gen/ts/symbolon/v1/token_service.ts';
import type { Access, Permission, Target } from './access.ts';
import type { Caller } from './caller.ts';
import { Connection } from './connection.ts';
import { type Asker, Asks, type Batch } from './core/asks.ts';
import { MAX_AGE_MS, MAX_BOUND_MS } from './core/limits.ts';
import type { Answer } from './core/protocol.ts';
import { VerifierState } from './core/state.ts';
import { closed, isHopeless, REFUSED_MS, type SymbolonError, TOKEN, toSymbolonError } from './errors.ts';
import { toAnswer } from './messages.ts';
import { checkOptions, type VerifierOptions } from './options.ts';
import { PermissionChecks } from './permissions.ts';
import { warnings } from './warnings.ts';
import { Watch } from './watch.ts';

const MAX_ENTRIES = 100_000;
/** What ended lately, for answers that are on their way: far more than can end within the deadline of a call. */
const MAX_KILLED = 10_000;

/** Undefined: the token is not live. */
type Told = Caller | undefined;

const CLOCK = { monotonic: () => performance.now(), wall: () => Date.now() };

/**
 * Tells whether tokens are live, from memory wherever it can. A token that was revoked is denied within milliseconds, and after one
 * second at most, whatever becomes of the network: a verifier that hears nothing asks the server at each check.
 *
 * Make one for each tenant that a process serves, and keep it.
 */
export class Verifier implements Disposable {
  readonly #state: VerifierState<Caller>;
  readonly #asks: Asks<Told, Answer<Caller>>;
  readonly #permissions: PermissionChecks;
  readonly #connection: Connection;
  readonly #watch: Watch;
  #isClosed = false;
  /** The server takes no calls of this client, or did not a moment ago. */
  #refusal: { readonly error: SymbolonError; readonly time: number } | undefined;
  /** How many secrets there were: what is sent with one says nothing of the next. */
  #secrets = 0;

  /** @throws SymbolonError when an option is wrong */
  constructor(options: VerifierOptions) {
    checkOptions(options);
    const { maxEntries = MAX_ENTRIES, onWatchEnd = warnings() } = options;
    this.#connection = new Connection(options);
    this.#state = new VerifierState({
      ...{ clock: CLOCK, boundMs: MAX_BOUND_MS, maxAgeMs: MAX_AGE_MS, maxEntries, maxKilled: MAX_KILLED },
    });
    this.#asks = new Asks(this.#state);
    this.#permissions = new PermissionChecks(this.#state, this.#connection);
    this.#watch = new Watch(this.#state, this.#connection, onWatchEnd);
  }

  /** Whether checks can be answered from memory now. They are right in either case. */
  get isOpen(): boolean {
    return this.#state.isOpen;
  }

  /** How many tokens are kept. */
  get size(): number {
    return this.#state.size;
  }

  /** Whom the token stands for; undefined when it is not live, as of what is not a text. A promise that fails with a SymbolonError says nothing of the token. */
  check(token: string): Promise<Caller | undefined> {
    const caller = this.#state.find(token);
    return caller === undefined ? this.#ask(token) : Promise.resolve(caller);
  }

  /** Whom the token stands for, as far as memory knows. Undefined says nothing of the token: ask `check`. */
  kept(token: string): Caller | undefined {
    return this.#state.find(token);
  }

  /**
   * Whether the bearer of the token may do this, with the target: from memory where it was allowed lately. A promise that fails with a
   * SymbolonError says nothing of it.
   */
  checkPermission(token: string, permission: Permission, target: Target = {}): Promise<Access> {
    return this.#permissions.check(token, permission, target);
  }

  #ask(token: string): Promise<Caller | undefined> {
    if (this.#isClosed) {
      return Promise.reject(closed());
    }
    if (typeof token !== 'string' || !TOKEN.test(token)) {
      return Promise.resolve(undefined);
    }
    if (this.#refusal !== undefined && performance.now() - this.#refusal.time < REFUSED_MS) {
      return Promise.reject(this.#refusal.error);
    }
    return new Promise((resolve, reject) => {
      const asker: Asker<Told> = { answer: resolve, fail: reject };
      if (this.#asks.ask(token, asker)) {
        // What misses in one turn of the event loop goes out together.
        setImmediate(() => this.#send());
      }
    });
  }

  #send(): void {
    for (const batch of this.#asks.send()) {
      if (this.#isClosed) {
        this.#fail(batch, closed());
        continue;
      }
      const secret = this.#secrets;
      this.#connection.introspect(batch.tokens, (error, response) => {
        if (this.#isClosed) {
          this.#fail(batch, closed());
        } else if (response === undefined) {
          this.#fail(batch, error, secret);
        } else {
          this.#refusal = undefined;
          this.#answer(batch, response);
        }
      });
    }
  }

  #answer(batch: Batch<Told>, { answers }: BatchIntrospectResponse): void {
    try {
      this.#asks.answer(batch, answers.map(toAnswer));
    } catch (error) {
      this.#fail(batch, error);
    }
  }

  #fail(batch: Batch<Told>, cause: unknown, secret?: number): void {
    const error = toSymbolonError("The token can't be checked", cause);
    if (isHopeless(error) && secret === this.#secrets) {
      this.#refusal = { error, time: performance.now() };
    }
    this.#asks.fail(batch, error);
  }

  /**
   * Goes on with another secret of the client: calls from now on carry it. Give it before the one in use ends, and nothing is interrupted.
   *
   * @throws SymbolonError when it can't be one
   */
  useClientSecret(clientSecret: string): void {
    this.#connection.useClientSecret(clientSecret);
    this.#secrets += 1;
    this.#refusal = undefined;
    this.#permissions.forgetRefusal();
    this.#watch.retryNow();
  }

  /** Ends the watch and forgets every token. Checks fail from here on. */
  close(): void {
    this.#isClosed = true;
    this.#permissions.close();
    this.#watch.close();
    this.#state.close();
    this.#connection.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
