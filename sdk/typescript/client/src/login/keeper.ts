/** Who is signed in: in memory, and in the store as far as that can be had. */
import { ownError, SymbolonError } from '../errors/symbolon-error.ts';
import type { Events, SignedOutReason } from './events.ts';
import { type Held, heldByWall } from './held.ts';
import type { Platform } from './port.ts';
import { isSameLogin, type LoginRecord, parseRecord } from './record.ts';
import type { LoginStore } from './store.ts';

/** What the store has, beside what is held: the same or nothing that is known, a newer token of the login, nothing, or another login. */
export type Found = 'same' | 'newer' | 'gone' | 'other';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

export class Keeper {
  readonly #store: LoginStore;
  readonly #events: Events;
  readonly #platform: Platform;
  #held: Held | undefined;
  /** Counts who was signed in: what began before must not come after. */
  #generation = 0;
  /** Which token the store had when it was last seen. `unknown`: it could not be read. */
  #left: string | undefined = 'unknown';
  /** What is held could not be written. */
  #isUnsaved = false;
  #saveAgainAt = 0;
  #saveWait = FIRST_WAIT_MS;

  constructor(store: LoginStore, events: Events, platform: Platform) {
    this.#store = store;
    this.#events = events;
    this.#platform = platform;
  }

  get held(): Held | undefined {
    return this.#held;
  }

  get generation(): number {
    return this.#generation;
  }

  /** The clocks of this moment. */
  now() {
    return this.#platform.now();
  }

  /** Alone among the processes that share the store. Events wait for its end. */
  async locked<T>(run: () => Promise<T>): Promise<T> {
    let isHeld = false;
    const inside = () => {
      isHeld = true;
      this.#events.hold();
      return run();
    };
    try {
      return await (this.#store.lock?.(inside) ?? inside());
    } finally {
      if (isHeld) {
        this.#events.release();
      }
    }
  }

  /** @throws SymbolonError: it can't be read, or is no record. Told by an event, too. */
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

  async save(record: LoginRecord): Promise<void> {
    try {
      await this.#store.save(JSON.stringify(record));
      this.#left = record.token_id;
      this.#isUnsaved = false;
      this.#saveWait = FIRST_WAIT_MS;
    } catch (error) {
      this.#isUnsaved = true;
      this.#saveAgainAt = this.now().monotonic + this.#saveWait;
      this.#saveWait = Math.min(this.#saveWait * 2, LONGEST_WAIT_MS);
      this.#failed('the store can’t be written', error);
    }
  }

  /** Beside a call, what could not be written is written, where nobody else has written meanwhile. */
  saveBeside(): void {
    const { generation } = this;
    if (this.#isUnsaved && this.now().monotonic >= this.#saveAgainAt) {
      this.#saveAgainAt = Number.POSITIVE_INFINITY;
      this.locked(async () => {
        const held = this.#held;
        if (held !== undefined && this.#generation === generation && (await this.look(held)).found === 'same') {
          await this.save(held.record);
        }
      }).catch((error: unknown) => {
        this.#saveAgainAt = this.now().monotonic + LONGEST_WAIT_MS;
        this.#failed('the store can’t be locked', error);
      });
    }
  }

  /** What the store has. Nothing is known of it where it can't be read: then the Login goes on in memory. */
  async look({ record }: Held): Promise<{ readonly found: Found; readonly stored: LoginRecord | undefined }> {
    const before = this.#left;
    let stored: LoginRecord | undefined;
    try {
      stored = await this.load();
    } catch {
      return { found: 'same', stored };
    }
    const isAsLeft = before === 'unknown' || before === stored?.token_id;
    if (stored?.token_id === record.token_id || (this.#isUnsaved && isAsLeft)) {
      return { found: 'same', stored };
    }
    if (stored === undefined) {
      return { found: 'gone', stored };
    }
    return { found: isSameLogin(stored, record) ? 'newer' : 'other', stored };
  }

  /** Acts on what another process did. Answers whether the login is still this one. Within the lock, or where nothing is written after it. */
  follow({ found, stored }: Awaited<ReturnType<Keeper['look']>>): boolean {
    if (found === 'newer' && stored !== undefined) {
      this.#isUnsaved = false;
      this.renewed(heldByWall(stored, this.now()));
    } else if (found === 'gone') {
      this.ended('signed_out');
    } else if (found === 'other') {
      this.ended('replaced');
    }
    return this.#held !== undefined;
  }

  /** Somebody signed in. */
  signedIn(held: Held): void {
    this.#held = held;
    this.#generation += 1;
    this.#events.tell({ type: 'signed_in' });
  }

  renewed(held: Held): void {
    this.#held = held;
    this.#events.tell({ type: 'refreshed' });
  }

  /** The server knows nothing of the refresh token. */
  cannotRefresh(held: Held): void {
    this.#held = { ...held, refreshToken: undefined };
  }

  ended(reason: SignedOutReason): void {
    // Also where nobody is signed in yet: a sign-in may be under way.
    this.#generation += 1;
    if (this.#held !== undefined) {
      this.#held = undefined;
      this.#isUnsaved = false;
      this.#events.tell({ type: 'signed_out', reason });
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
      try {
        await this.#store.clear();
        this.#left = undefined;
      } catch (error) {
        this.#failed('the store can’t be cleared', error);
      }
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
