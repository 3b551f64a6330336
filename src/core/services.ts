/** What the operations are given: everything that is not a rule. */
import type { Instant } from './model.ts';
import type { Store } from './store.ts';

export interface PasswordHasher {
  /** argon2id in PHC form. */
  hash(password: string): Promise<string>;
  /**
   * Whether the password matches. With no hash it takes the same time and answers false, so that an unknown user costs what a
   * wrong password costs. Throws `overloaded` at once when too much is queued.
   */
  verify(hash: string | null, password: string): Promise<boolean>;
  /** Whether a hash is weaker than what `hash` now makes. */
  needsRehash(hash: string): boolean;
}

export interface Services {
  readonly store: Store;
  readonly passwords: PasswordHasher;
  readonly clock: () => Instant;
  /** Bytes from a cryptographically secure source. */
  readonly random: (bytes: number) => Uint8Array;
}
