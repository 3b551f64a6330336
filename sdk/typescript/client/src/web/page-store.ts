/** A login that a page comes back with. */
import { SymbolonError } from '../errors/symbolon-error.ts';
import type { LoginStore } from '../login/store.ts';

/** `localStorage`, `sessionStorage`, or what is like them. */
export interface PageStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** What is used of the Web Locks API. Pages over plain http have none. */
interface Locks {
  request<T>(name: string, options: { signal: AbortSignal }, run: () => Promise<T>): Promise<T>;
}

const PATIENCE_MS = 20_000;

/**
 * Keeps a login in the storage of a page. **Every script of the page's origin can read it there**, also one that was smuggled in, and take the
 * login with it. Use it where a visitor must stay signed in, with a strict Content-Security-Policy; else leave the login in memory.
 */
export class PageStore implements LoginStore {
  readonly #storage: PageStorage;
  readonly #key: string;

  constructor(storage: PageStorage, key = 'symbolon-login') {
    this.#storage = storage;
    this.#key = key;
  }

  async load(): Promise<string | undefined> {
    return this.#storage.getItem(this.#key) ?? undefined;
  }

  async save(text: string): Promise<void> {
    try {
      this.#storage.setItem(this.#key, text);
    } catch (error) {
      const name = error instanceof Error ? error.name : 'unknown';
      throw new SymbolonError('UNAVAILABLE', `the browser lets nothing be kept for ${this.#key} (${name})`);
    }
  }

  async clear(): Promise<void> {
    this.#storage.removeItem(this.#key);
  }

  /**
   * Between the tabs of an origin. Where the browser has no locks, as on pages of plain http, two tabs may refresh at once. Both get the same token
   * then, unless the first has used it by the time that the second asks: that is taken for theft, and the login is revoked.
   */
  async lock<T>(run: () => Promise<T>): Promise<T> {
    const { navigator } = globalThis as { navigator?: { locks?: Locks } };
    if (navigator?.locks === undefined) {
      return run();
    }
    const signal = AbortSignal.timeout(PATIENCE_MS);
    let isHeld = false;
    const inside = () => {
      isHeld = true;
      return run();
    };
    try {
      return await navigator.locks.request(`symbolon ${this.#key}`, { signal }, inside);
    } catch (error) {
      if (!isHeld && signal.aborted) {
        throw new SymbolonError('UNAVAILABLE', 'another tab holds the lock of the login');
      }
      throw error;
    }
  }
}
