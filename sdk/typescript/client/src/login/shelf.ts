/** The store of a Login, as far as it can be had: what it has, and what was last seen there. */
import { ownError, SymbolonError } from '../errors/symbolon-error.ts';
import type { Events } from './events.ts';
import { isSameLogin, type LoginRecord, parseRecord } from './record.ts';
import type { LoginStore } from './store.ts';
import { Turns } from './turns.ts';

export class Shelf {
  readonly #store: LoginStore;
  readonly #events: Events;
  readonly #turns = new Turns();
  /** Which token the store had when it was last seen. `unknown`: it could not be read. */
  #left: string | undefined = 'unknown';

  constructor(store: LoginStore, events: Events) {
    this.#store = store;
    this.#events = events;
  }

  /**
   * Alone among the processes that share the store, as far as it has a lock. Events wait for its end. A lock that can't be made at all is told
   * by an event, and gone without: the Login goes on. @throws SymbolonError UNAVAILABLE: another process has it
   */
  locked<T>(run: () => Promise<T>): Promise<T> {
    return this.alone(async () => {
      let begun: Promise<T> | undefined;
      const inside = () => {
        begun = run();
        return begun;
      };
      try {
        return await (this.#store.lock?.(inside) ?? inside());
      } catch (error) {
        if (begun !== undefined) {
          // It came to its own end, whatever the lock did then.
          return begun;
        }
        if (isOfAnother(error)) {
          throw error;
        }
        this.lockFailed(error);
        return run();
      }
    });
  }

  /** Alone within this Login: what is read and written by turns is of one moment. */
  alone<T>(run: () => Promise<T>): Promise<T> {
    return this.#turns.take(async () => {
      this.#events.hold();
      try {
        return await run();
      } finally {
        this.#events.release();
      }
    });
  }

  /** Which token it had when it was last seen, nothing, or that this is `unknown`. */
  get left(): string | undefined {
    return this.#left;
  }

  /** As if this was there when it was last seen. */
  leave(left: string | undefined): void {
    this.#left = left;
  }

  /** @throws SymbolonError: it can't be read, or is not a record. Told by an event, too. */
  async load(): Promise<LoginRecord | undefined> {
    this.#left = 'unknown';
    try {
      const text = await this.#store.load();
      const record = text === undefined ? undefined : parseRecord(text);
      if (text !== undefined && record === undefined) {
        throw new SymbolonError('DATA_LOSS', 'the store holds no record of a login: sign in again');
      }
      this.#left = record?.token_id;
      return record;
    } catch (error) {
      throw this.#failed('the store can’t be read', error);
    }
  }

  /** Answers whether it could be written. */
  async save(record: LoginRecord): Promise<boolean> {
    try {
      await this.#store.save(JSON.stringify(record));
      this.#left = record.token_id;
      return true;
    } catch (error) {
      this.#failed('the store can’t be written', error);
      return false;
    }
  }

  /** Takes a login out of the store. `evenIfUnreadable`: also what may be one. What others signed in meanwhile stays. */
  async clear(record: LoginRecord, evenIfUnreadable?: 'even if unreadable'): Promise<void> {
    let isOurs = evenIfUnreadable !== undefined;
    try {
      const stored = await this.load();
      isOurs = stored !== undefined && isSameLogin(stored, record);
    } catch {}
    if (isOurs) {
      await this.#clear();
    }
  }

  /** Takes out what the store has and this client would go on with, and answers it. A login of another client stays. */
  async takeOut(clientId: string): Promise<LoginRecord | undefined> {
    const stored = await this.load().catch(() => undefined);
    const isOurs = stored !== undefined && (stored.client_id === clientId || stored.refresh_token === undefined);
    // What can't be read may be one.
    if (isOurs || this.#left === 'unknown') {
      await this.#clear();
    }
    return isOurs ? stored : undefined;
  }

  async #clear(): Promise<void> {
    try {
      await this.#store.clear();
      this.#left = undefined;
    } catch (error) {
      this.#failed('the store can’t be cleared', error);
    }
  }

  /** The lock could not be had, or what else a store throws. */
  #failed(doing: string, thrown: unknown): SymbolonError {
    const error = ownError(doing, thrown);
    this.#events.tell({ type: 'store_failed', error });
    return error;
  }

  lockFailed(error: unknown): SymbolonError {
    return this.#failed('the store can’t be locked', error);
  }
}

/** Whether another process has the lock. */
function isOfAnother(error: unknown): boolean {
  return error instanceof SymbolonError && error.code === 'UNAVAILABLE';
}
