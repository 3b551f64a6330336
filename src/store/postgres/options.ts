/** How a node reaches its PostgreSQL. */
import type { ConnectionOptions } from 'node:tls';
import type { Instant } from '../../core/model.ts';

export interface ReplicaAddress {
  readonly url: string;
  /** Absent: plain text. */
  readonly tls?: ConnectionOptions;
}

/** What may fail while the rest works. */
export type StorePart = 'reads' | 'writes' | 'heartbeat' | 'replica';

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`; leads to the primary, whichever server that is. */
  readonly url: string;
  /** A standby that answers those who put up with a bounded staleness. */
  readonly replica?: ReplicaAddress;
  /** Absent: plain text. */
  readonly tls?: ConnectionOptions;
  /** Connections that write at the same time; a few more read. */
  readonly poolSize: number;
  /** Connections that read at the same time; READ_POOL_SIZE unless told otherwise. */
  readonly readPoolSize?: number;
  /** After which the server gives up a statement: what waits for a lock, but not a commit that waits for its replica. */
  readonly statementTimeoutMs: number;
  /** After which this node gives up waiting for the server, whatever the server does; the outcome is unknown then. */
  readonly answerTimeoutMs: number;
  /** For how long a heartbeat is believed: LEASE_MS of lease.ts. All nodes of a store must believe equally long. */
  readonly leaseMs?: number;
  /** That all threads of a process have in common; absent: one of its own. Random, and known to the servers of the store alone. */
  readonly processId?: string;
  /** Whether it is one more thread of the process, whose main thread speaks for all of them to other servers. */
  readonly isThread?: boolean;
  /** Whether it is a command of the operator, at which nobody watches. */
  readonly isCommand?: boolean;
  readonly clock: () => Instant;
  /** Is told what goes to the log and to no caller. */
  readonly onFault?: (detail: string, of: StorePart) => void;
  /** Is told what an operator should know. */
  readonly onNotice?: (notice: string) => void;
  /** Is told that a part did something again, after it failed. */
  readonly onSuccess?: (of: StorePart) => void;
}

export const DEFAULT_POOL_SIZE = 10;
/** Both end before a call's own deadline (5 s), so that the caller learns what happened and not only that time is up. */
export const DEFAULT_STATEMENT_TIMEOUT_MS = 3_000;
export const DEFAULT_ANSWER_TIMEOUT_MS = 4_000;
/** For reading, beside the pool that writes: reads wait for no write. */
export const READ_POOL_SIZE = 4;
