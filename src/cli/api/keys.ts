/**
 * The key that the servers of a store share, for commands that open the store themselves. Most need none; it is read when one is asked
 * for, and made only where a server would make it.
 */
import { timingSafeEqual } from 'node:crypto';
import { existsSync } from 'node:fs';
import { SymbolonError } from '../../core/errors.ts';
import { one } from '../../core/plan.ts';
import { KEY_BYTES, keysOf } from '../../core/services/keys.ts';
import type { Keys } from '../../core/services/services.ts';
import type { Store } from '../../core/services/store.ts';
import { SERVER_KEY } from '../../core/tables/keys.ts';
import { loadKey, readKey } from '../../server/key-file.ts';

type Random = (bytes: number) => Uint8Array;

/** Thrown where the store has no key yet and one is needed: then `make` it and begin anew. */
export class KeyMissing extends Error {}

/** Pages are of this process alone, and need no key of the servers. */
const PAGE_TOKEN = 'page token';

export class LazyKeys implements Keys {
  readonly #path: string;
  readonly #store: Store;
  readonly #random: Random;
  readonly #own: Keys;
  /** Of the key that the store was set up with; null: none yet. */
  readonly #bound: Uint8Array | null;
  #keys: Keys | undefined;

  private constructor(path: string, store: Store, random: Random, bound: Uint8Array | null) {
    this.#path = path;
    this.#store = store;
    this.#random = random;
    this.#bound = bound;
    this.#own = keysOf(random(KEY_BYTES), random);
  }

  static async of(path: string, store: Store, random: Random): Promise<LazyKeys> {
    const { bound } = await store.read({ bound: one(SERVER_KEY, { id: 1 }) });
    return new LazyKeys(path, store, random, bound?.fingerprint ?? null);
  }

  /** As a server does that is the first on a store. */
  async make(): Promise<void> {
    this.#keys = keysOf(await loadKey(this.#path, this.#store), this.#random);
  }

  get fingerprint(): Uint8Array {
    return this.#required().fingerprint;
  }

  digest(purpose: string, text: string): Uint8Array {
    return this.#required().digest(purpose, text);
  }

  seal(purpose: string, text: string): Uint8Array {
    return (purpose === PAGE_TOKEN ? this.#own : this.#required()).seal(purpose, text);
  }

  /** Where there is no key, as what can't be opened. */
  unseal(purpose: string, box: Uint8Array): string | undefined {
    return (purpose === PAGE_TOKEN ? this.#own : this.#found())?.unseal(purpose, box);
  }

  #required(): Keys {
    const found = this.#found();
    if (found !== undefined) {
      return found;
    }
    if (this.#bound === null) {
      throw new KeyMissing();
    }
    const what = existsSync(this.#path) ? 'holds another key than the store was set up with' : 'is not there';
    throw new SymbolonError(
      'precondition_failed',
      `This needs the key that the servers of the store share, and ${this.#path} ${what}. Name it with --key-file`,
    );
  }

  #found(): Keys | undefined {
    if (this.#keys === undefined && this.#bound !== null && existsSync(this.#path)) {
      const keys = keysOf(readKey(this.#path), this.#random);
      this.#keys = timingSafeEqual(keys.fingerprint, this.#bound) ? keys : undefined;
    }
    return this.#keys;
  }
}
