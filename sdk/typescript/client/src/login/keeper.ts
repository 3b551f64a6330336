/** Who is signed in: in memory, and in the store as far as that can be had. */
import { ownError, SymbolonError } from '../errors/symbolon-error.ts';
import type { Events, SignedOutReason } from './events.ts';
import { type Held, heldByWall } from './held.ts';
import type { Platform } from './port.ts';
import { isSameLogin, type LoginRecord, parseRecord } from './record.ts';
import type { LoginStore } from './store.ts';
import { Turns } from './turns.ts';

/** What the store has, beside what is held: the same or nothing that is known, a newer token of the login, nothing, or another login. */
export type Found = 'same' | 'newer' | 'gone' | 'other';

export interface Look {
  readonly found: Found;
  readonly stored: LoginRecord | undefined;
}

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

export class Keeper {
  readonly #store: LoginStore;
  readonly #events: Events;
  readonly #platform: Platform;
  readonly #turns = new Turns();
  #held: Held | undefined;
  #hadLogin = false;
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

  /** Whether somebody was signed in here, ever. */
  get hadLogin(): boolean {
    return this.#hadLogin;
  }

  get generation(): number {
    return this.#generation;
  }

  /** The clocks of this moment. */
  now() {
    return this.#platform.now();
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
      this.#saveLater();
      this.#failed('the store can’t be written', error);
    }
  }

  #saveLater(): void {
    this.#isUnsaved = true;
    this.#saveAgainAt = this.now().monotonic + this.#saveWait;
    this.#saveWait = Math.min(this.#saveWait * 2, LONGEST_WAIT_MS);
  }

  /** Who signed in while another process had the lock: it is written over what that leaves, beside calls. */
  notSaved(): void {
    this.#left = 'unknown';
    this.#saveLater();
  }

  get isUnsaved(): boolean {
    return this.#isUnsaved;
  }

  /** Beside a call, what could not be written is written, where nobody else has written meanwhile. */
  saveBeside(): void {
    if (this.#isUnsaved && this.now().monotonic >= this.#saveAgainAt) {
      this.#saveAgainAt = Number.POSITIVE_INFINITY;
      void this.saveUnsaved();
    }
  }

  async saveUnsaved(): Promise<void> {
    const { generation } = this;
    const save = async () => {
      const held = this.#held;
      const isThis = held !== undefined && this.#generation === generation && this.#isUnsaved;
      if (isThis && (await this.look(held)).found === 'same') {
        await this.save(held.record);
      }
    };
    await this.locked(save).catch((error: unknown) => {
      this.#saveAgainAt = this.now().monotonic + LONGEST_WAIT_MS;
      this.lockFailed(error);
    });
  }

  /** What the store has. Nothing is known of it where it can't be read: then the Login goes on in memory. */
  async look(held: Held): Promise<Look> {
    return this.requiredLook(held).catch(() => ({ found: 'same', stored: undefined }));
  }

  /** @throws SymbolonError: it can't be read */
  async requiredLook(held: Held | undefined): Promise<Look> {
    const before = this.#left;
    const stored = await this.load();
    const isAsLeft = before === 'unknown' || before === stored?.token_id;
    const isUnsaved = this.#isUnsaved && isAsLeft;
    if (held !== undefined && (stored?.token_id === held.record.token_id || isUnsaved)) {
      return { found: 'same', stored };
    }
    if (stored === undefined) {
      return { found: 'gone', stored };
    }
    return { found: held !== undefined && isSameLogin(stored, held.record) ? 'newer' : 'other', stored };
  }

  /** Acts on what another process did. Answers whether the login is still this one. Within the lock, or where nothing is written after it. */
  follow({ found, stored }: Look): boolean {
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
    this.#hadLogin = true;
    this.#generation += 1;
    this.#events.tell({ type: 'signed_in' });
  }

  /** What the store has goes on here. */
  resumed(record: LoginRecord): void {
    this.#isUnsaved = false;
    this.signedIn(heldByWall(record, this.now()));
  }

  renewed(held: Held): void {
    this.#held = held;
    this.#events.tell({ type: 'refreshed' });
  }

  /** The server knows nothing of the refresh token. */
  cannotRefresh(held: Held): void {
    this.#held = { ...held, refreshToken: undefined };
  }

  /** The server says that the access token is dead: a call waits for the next one. */
  accessEnded(held: Held): void {
    this.#held = { ...held, accessEnds: Number.NEGATIVE_INFINITY };
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
