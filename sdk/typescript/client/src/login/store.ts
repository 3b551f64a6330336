/** Where a Login is kept. */
import { Turns } from './turns.ts';

/**
 * Keeps the text of one record, which is as good as a password. A keychain of the system is three functions, and no lock where no other process
 * uses it. What they throw is told by an event, and the Login goes on in memory.
 */
export interface LoginStore {
  /** The text that was saved last. Undefined: none, or it was cleared. */
  load(): Promise<string | undefined>;
  save(text: string): Promise<void>;
  clear(): Promise<void>;
  /** Runs it while no other process does, and answers what it answers. Fails with UNAVAILABLE where it can't have the lock. */
  lock?<T>(run: () => Promise<T>): Promise<T>;
}

/** Forgets with the process. The default. Logins that share one use it by turns. */
export class MemoryStore implements LoginStore {
  readonly #turns = new Turns();
  #text: string | undefined;

  async load(): Promise<string | undefined> {
    return this.#text;
  }

  async save(text: string): Promise<void> {
    this.#text = text;
  }

  async clear(): Promise<void> {
    this.#text = undefined;
  }

  lock<T>(run: () => Promise<T>): Promise<T> {
    return this.#turns.take(run);
  }
}
