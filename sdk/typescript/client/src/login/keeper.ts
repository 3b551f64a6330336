/** Who is signed in: in memory, and in the store. */
import type { Events, SignedOutReason } from './events.ts';
import { type Held, heldByWall } from './held.ts';
import type { Platform } from './port.ts';
import { isSameLogin, type LoginRecord } from './record.ts';
import { Shelf } from './shelf.ts';
import type { LoginStore } from './store.ts';

/** What the store has, beside what is held: the same or nothing that is known, a newer token of the login, nothing, or another login. */
export type Found = 'same' | 'newer' | 'gone' | 'other';

export interface Look {
  readonly found: Found;
  readonly stored: LoginRecord | undefined;
}

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

export class Keeper {
  readonly shelf: Shelf;
  readonly #events: Events;
  readonly #platform: Platform;
  #held: Held | undefined;
  #hadLogin = false;
  /** Counts who was signed in: what began before must not come after. */
  #generation = 0;
  /** What is held could not be written. */
  #isUnsaved = false;
  #saveAgainAt = 0;
  #saveWait = FIRST_WAIT_MS;

  constructor(store: LoginStore, events: Events, platform: Platform) {
    this.shelf = new Shelf(store, events);
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

  async save(record: LoginRecord): Promise<void> {
    if (await this.shelf.save(record)) {
      this.#isUnsaved = false;
      this.#saveWait = FIRST_WAIT_MS;
    } else {
      this.#saveLater();
    }
  }

  #saveLater(): void {
    this.#isUnsaved = true;
    this.#saveAgainAt = this.now().monotonic + this.#saveWait;
    this.#saveWait = Math.min(this.#saveWait * 2, LONGEST_WAIT_MS);
  }

  /** Who signed in while another process had the lock: it is written over what that leaves, beside calls. */
  notSaved(): void {
    this.shelf.leave('unknown');
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
    await this.shelf.locked(save).catch((error: unknown) => {
      this.#saveAgainAt = this.now().monotonic + LONGEST_WAIT_MS;
      this.shelf.lockFailed(error);
    });
  }

  /** What the store has. Nothing is known of it where it can't be read: then the Login goes on in memory. */
  async look(held: Held): Promise<Look> {
    return this.requiredLook(held).catch(() => ({ found: 'same', stored: undefined }));
  }

  /** @throws SymbolonError: it can't be read */
  async requiredLook(held: Held | undefined): Promise<Look> {
    const before = this.shelf.left;
    const stored = await this.shelf.load();
    const isAsLeft = before === 'unknown' || before === stored?.token_id;
    const isUnsaved = this.#isUnsaved && isAsLeft;
    if (held !== undefined && (stored?.token_id === held.record.token_id || isUnsaved)) {
      return { found: 'same', stored };
    }
    // What could not be written is older than this, also when it is seen once more.
    this.shelf.leave(before);
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

  /** The server knows nothing of the refresh token. Answers what is held now. */
  cannotRefresh(): Held | undefined {
    this.#held &&= { ...this.#held, refreshToken: undefined };
    return this.#held;
  }

  /** The server says that the access token is dead: a call waits for the next one. */
  accessEnded(deadAs: SignedOutReason): void {
    this.#held &&= { ...this.#held, deadAs, accessEnds: Number.NEGATIVE_INFINITY };
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
}
