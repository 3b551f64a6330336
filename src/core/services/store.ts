/** The store's port. `src/store` has an engine for each database; `test/store/contract.ts` holds every engine to these promises. */

import type { Outcome } from '../changes.ts';
import type { AnswerOf, Command } from '../commands/index.ts';
import type { Instant } from '../model.ts';
import type { Reads, StateOf } from '../plan.ts';
import type { TokenReading } from '../rules/liveness.ts';
import type { List, Page, Where } from '../table.ts';
import type { Client, ClientSecret } from '../tables/clients.ts';
import type { Tenant, TenantBrand } from '../tables/tenants.ts';
import type { LogPosition, LogReading } from './revocation-log.ts';
import type { StoreFigures } from './store-figures.ts';
import type { OtherServers } from './verifiers.ts';

/** A client with whether its tenant is disabled, and with its secrets, read at one moment. */
export interface ClientReading {
  readonly client: Client;
  /** With what pages show of it, which no version tells of. */
  readonly tenant: Pick<Tenant, 'disabled' | 'revision'> & TenantBrand;
  /** Changes whenever the tenant's clients do, their secrets, or whether the tenant is disabled: `versionAt` of authority.ts. */
  readonly clientVersion: number;
  readonly secrets: readonly ClientSecret[];
}

/** What Introspect reads: the tenant's revision and, in the same moment, what decides about the token. */
export interface IntrospectionReading {
  /** Undefined when there is no such family in the tenant. */
  readonly reading: TokenReading | undefined;
  readonly revision: number;
  /** As in ClientReading: equal means that what was known of the tenant's clients still holds in this moment. -1: no such tenant. */
  readonly clientVersion: number;
}

/** What a caller puts up with for an answer from a replica. */
export interface ReadBounds {
  /** The answer knows everything that was answered this long ago. */
  readonly maxStalenessMs: number;
  /** And this revision of the tenant. */
  readonly atLeastRevision: number;
  /** When the caller stops waiting. */
  readonly deadline?: Instant;
}

export interface ExecuteOptions {
  /** A command that was not begun by then is not executed, and fails with `deadline_exceeded`. */
  readonly deadline?: Instant | undefined;
}

/**
 * Keeps the tables of src/core/tables.
 *
 * - **Atomic.** `execute` loads the rows that the command names, decides by the core's rules, and applies all changes or none. A
 *   refusal is an answer: the changes that come with it are applied.
 * - **Linearizable.** Commands that name a common row take effect one after the other, in one order that every reader sees.
 *   Of N concurrent refreshes with one token exactly one makes a generation.
 * - **Authorised.** Who was cut off before a command began changes nothing by it. A command that was under way then may take effect
 *   after, but what it makes is dead: its revision is older than the cutoff.
 * - **Durable.** Once `execute` has answered, a crash of the process or the machine at any moment loses nothing of it.
 * - **Fresh.** A read that begins after `execute` has answered sees its changes, on whichever node either happens. What can't
 *   be known to be fresh is not answered: the read fails with `store_unavailable`.
 * - **Honest.** When an outcome is not known to be committed, `execute` throws `store_unavailable` or `store_full`, never answers.
 *   The caller may repeat the command. Conflicts with other transactions are retried inside.
 * - Reads wait for no write, and hold nothing open between calls.
 */
export interface Store {
  execute<C extends Command>(command: C, options?: ExecuteOptions): Promise<Outcome<AnswerOf<C>>>;

  /**
   * Reads what decides about a family's tokens; one of another tenant is as unknown. A tenant of null: whichever it is, for callers that
   * are known by their token alone. With bounds, a store that has a replica may read that, when it is within them; a store that has
   * none ignores them.
   */
  readFamily(tenantId: string | null, familyId: string, bounds?: ReadBounds): Promise<IntrospectionReading>;

  /**
   * The same without waiting, where the engine has it in memory and knows that it is what `readFamily` would answer; undefined where it has
   * to be read.
   */
  findFamily?(tenantId: string | null, familyId: string): IntrospectionReading | undefined;

  /**
   * The same for many, in their order: all of one moment, and on a replica of one of its moments. `onTurn` is told when
   * this one is begun, and may throw.
   */
  readFamilies(
    tenantId: string | null,
    familyIds: readonly string[],
    bounds?: ReadBounds,
    onTurn?: () => void,
  ): Promise<readonly IntrospectionReading[]>;

  readClient(clientId: string): Promise<ClientReading | undefined>;

  /** Reads rows as a command does, without locks. Rows that come later in `reads` are never older than those before. */
  read<R extends Reads>(reads: R): Promise<StateOf<R>>;

  /** Rows of a list after the position, in ascending order, at most `limit`. */
  list<T>(list: List<T>, by: Where<T>, page: Page): Promise<readonly T[]>;

  /**
   * Reads what comes after each position in its tenant's revocation log, at most `limit` (1 or more) events of each, in one moment. Answers
   * in their order. A store that has several servers answers only what it knew to be fresh from the reading's beginning to its end.
   */
  readRevocations(positions: readonly LogPosition[], limit: number): Promise<readonly LogReading[]>;

  /**
   * Calls whenever logs of these tenants may have grown, before that is answered. Of an engine with several servers there is none: others'
   * changes would be missed, so the log has to be read again and again.
   */
  onRevocations?(listener: (tenantIds: readonly string[]) => void): void;

  /**
   * Deletes at most `limit` rows of each kind that meant nothing any more at `horizon`, or do not now; answers how many it deleted in all.
   * An engine whose writes wait for it deletes at most as many in all.
   */
  purgeExpired(limit: number, horizon?: Instant): Promise<number>;

  /** The time of a clock of the store's own, where it has one: a server whose clock is another's can tell by it. */
  readTime?(): Promise<Instant>;

  /** What an engine that serves tells about itself, now. */
  figures?(): StoreFigures;

  /** Servers of this store besides this node, where there can be several: those that wrote a heartbeat lately. */
  countOtherNodes?(): Promise<number>;

  /** The other servers of this store, and those that were lately. Absent where there can't be several. */
  readonly others?: OtherServers;

  /**
   * Resolves when all that was read until now may be answered as what holds everywhere. Absent where that is so at once. On a store of
   * several nodes, one that has lost the primary may believe an older reading for a moment.
   */
  untilAnswerable?(): Promise<void>;

  /** About how many families are kept, found in nobody's way; may take minutes. Live ones, and ended ones until they expire. */
  estimateFamilies?(): Promise<number>;

  /** Whether the last write or probe succeeded. */
  isWritable(): boolean;

  /** Whether reads are answered: a node that has lost its database answers none. */
  isReadable(): boolean;

  /** Is told whenever `isWritable` or `isReadable` changes. */
  onHealthChange(listener: () => void): void;

  /** Finishes what was begun, refuses what comes later, and lets go of the files or connections. */
  close(): Promise<void>;
}
