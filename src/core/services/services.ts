/** What the operations are given: everything that is not a rule. */

import { VISITS_MS } from '../commands/note-visit.ts';
import type { Digest, Instant } from '../model.ts';
import type { Password } from '../text/passwords.ts';
import { type AddressBudgets, addressBudgets } from './address-budget.ts';
import type { GuessTurns } from './guesses-in-flight.ts';
import { type InCommon, inCommon } from './in-common.ts';
import { KnownClients } from './known-clients.ts';
import { KnownResourceServers } from './known-resource-servers.ts';
import { KnownTokens } from './known-tokens.ts';
import { LongReads } from './long-reads.ts';
import type { Store } from './store.ts';
import { TagKeys } from './tag-keys.ts';
import { Turns } from './turns.ts';
import type { Verifiers } from './verifiers.ts';
import { Visits } from './visits.ts';
import { Waits } from './waits.ts';

/** Whether a caller has stopped waiting: its deadline has passed, or it is gone. */
export type IsAbandoned = () => boolean;

export interface PasswordHasher {
  /** argon2id in PHC form. Throws as `verify` does. `onBegin` is told when it leaves the queue. */
  hash(password: Password, isAbandoned?: IsAbandoned, onBegin?: () => void): Promise<string>;
  /**
   * Whether the password matches. With no hash it takes the same time and answers false, so that an unknown user costs what a
   * wrong password costs. Throws `overloaded` at once when too much is queued, and `deadline_exceeded` instead of hashing what nobody
   * waits for any more.
   */
  verify(hash: string | null, password: Password, isAbandoned?: IsAbandoned, onBegin?: () => void): Promise<boolean>;
  /** Throws `overloaded` when too much is queued. */
  requireRoom(): void | Promise<void>;
  /** Whether a hash is weaker than what `hash` now makes. */
  needsRehash(hash: string): boolean;
}

/** Keys that all servers of a store share, and that the store does not know: src/core/services/keys.ts. A purpose is a key of its own. */
export interface Keys {
  /** Tells the servers' key from another. */
  readonly fingerprint: Digest;
  /** A keyed digest of what is too short for a plain one. */
  digest(purpose: string, text: string): Digest;
  seal(purpose: string, text: string): Uint8Array;
  /** Undefined for what was not sealed here for this purpose, or was changed. */
  unseal(purpose: string, box: Uint8Array): string | undefined;
}

/** What a server knows of itself. */
export interface ServerFacts {
  readonly version: string;
  readonly startTime: Instant;
  /** Of the certificate that is served now; undefined: none. */
  readonly certificateEnd: () => Instant | undefined;
}

/** What a server is made of. */
export interface Parts {
  readonly store: Store;
  readonly passwords: PasswordHasher;
  readonly keys: Keys;
  readonly clock: () => Instant;
  /** Bytes from a cryptographically secure source. */
  readonly random: (bytes: number) => Uint8Array;
  readonly verifiers: Verifiers;
  /** Absent where no server runs: at the command line. */
  readonly server?: ServerFacts;
  /** What the threads of a process have in common. Absent: there is one. */
  readonly common?: InCommon;
  /** Of long work, in a thread that has to answer others meanwhile. Absent: there are none. */
  readonly turns?: Turns;
}

export interface Services extends Parts {
  readonly tagKeys: TagKeys;
  /** Clients as they were read last. */
  readonly knownClients: Pick<KnownClients, 'get' | 'read'>;
  /** Whom tokens are for. */
  readonly knownResourceServers: Pick<KnownResourceServers, 'get' | 'read'>;
  /** Access tokens that are genuine. */
  readonly knownTokens: KnownTokens;
  readonly guessesInFlight: GuessTurns;
  readonly addressBudgets: AddressBudgets;
  readonly longReads: LongReads;
  readonly turns: Turns;
  readonly waits: Waits;
  /** Under which address the tenant issues tokens (RFC 8414 section 2). Undefined: nobody told the server how clients reach it. */
  readonly issuerOf: (tenantId: string) => string | undefined;
  /** Families whose confirmation is on its way, so that only the first use sends one. */
  readonly confirming: Set<string>;
  /** Logins of the pages whose visit was told lately. */
  readonly visits: Visits;
}

export function servicesOf(parts: Parts): Services {
  const common = parts.common ?? inCommon(parts.clock);
  return {
    ...parts,
    tagKeys: new TagKeys(parts),
    knownClients: new KnownClients(parts.store, parts.clock),
    knownResourceServers: new KnownResourceServers(parts.store),
    knownTokens: new KnownTokens(),
    guessesInFlight: common.guesses,
    addressBudgets: addressBudgets(common.spend),
    longReads: new LongReads(common.longReads),
    turns: parts.turns ?? new Turns(() => Promise.resolve()),
    waits: new Waits(common.longReads),
    issuerOf: () => undefined,
    confirming: new Set(),
    visits: new Visits(parts.clock, VISITS_MS),
  };
}
