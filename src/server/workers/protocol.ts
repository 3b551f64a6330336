/** What the main thread and the workers say to each other. Every new thing that is of the process and not of a worker has a line here. */
import type { MessagePort } from 'node:worker_threads';
import type { BoundsMemory } from '../../calls/bounds.ts';
import type { TlsFiles } from '../../calls/tls.ts';
import type { ServeConfig } from '../../config/serve.ts';
import type { Waited } from '../../core/call-notes.ts';
import type { Instant } from '../../core/model.ts';
import type { BudgetName, Spent } from '../../core/services/address-budget.ts';
import type { Count } from '../../core/services/verifiers.ts';
import type { Metric, Point } from '../../telemetry/metric.ts';

/** What a worker asks or tells the main thread. */
export interface MainHandlers {
  /** Whole lines. */
  log(lines: string): void;
  beginGuess(guess: Guess): void;
  endGuess(guess: Guess): void;
  waitForGuess(guess: Guess): boolean | Promise<boolean>;
  spend(spent: { readonly budget: BudgetName; readonly key: string; readonly most: number }): Spent | Promise<Spent>;
  enterRead(read: { readonly key: string; readonly max: number }): boolean | Promise<boolean>;
  leaveRead(key: string): void;
  /** `hash`: the worker's own number of it. Answered when it is its turn. */
  beginHash(hash: number): Promise<void>;
  endHash(hash: number): void;
  /** Nobody waits for them any more. */
  abandonHashes(hashes: readonly number[]): void;
  requireHashRoom(nothing: undefined): void | Promise<void>;
  /** As `Verifiers` has it, for the watchers of all workers. */
  awaitRevision(awaited: Awaited & { readonly deadline: Instant | undefined }): Promise<Waited>;
  /** What came of what it was asked to follow. */
  followed(followed: { readonly id: number; readonly count: Count }): void;
}

/** What the main thread asks or tells a worker. */
export interface WorkerHandlers {
  start(data: StartData): Promise<Addresses>;
  /** On SQLite: the first, or one in the place of one that ended. */
  useWriter(port: MessagePort): void;
  /** Answered when new connections are shown it. */
  useCertificate(served: ServedCertificate): void;
  /** Answered when health says so. */
  setServing(serving: boolean): void;
  /** Tells of its own watchers, until `unfollow`. */
  follow(followed: Awaited & { readonly id: number }): void;
  unfollow(id: number): void;
  readMetrics(nothing: undefined): readonly Reading[];
  /** Answered when all calls have ended, or were cut off. */
  drain(graceMs: number): Promise<void>;
  /** Answered when the store is closed. */
  stop(nothing: undefined): Promise<void>;
}

/** `mark`: the worker's own number of it. */
export interface Guess {
  readonly key: string;
  readonly mark: number;
}

/** A revision that is awaited of those who watch a tenant. */
export interface Awaited {
  readonly tenantId: string;
  readonly revision: number;
}

/** What a thread is begun with; it loads its sources before it is told to start. */
export interface ThreadData {
  readonly port: MessagePort;
  /** That all workers number their messages by. */
  readonly order: SharedArrayBuffer;
  readonly logLevel: string;
}

export interface Addresses {
  readonly grpcAddress: string;
  readonly httpAddress: string;
}

export interface ServedCertificate {
  readonly files: TlsFiles;
  readonly end: Instant;
}

export interface StartData extends Addresses {
  readonly config: Pick<ServeConfig, 'store' | 'reflection' | 'traces' | 'argon2' | 'issuers'>;
  readonly certificate: ServedCertificate | undefined;
  readonly isServing: boolean;
  /** What the servers of the store share. */
  readonly key: Uint8Array;
  /** Of passwords: Argon2Hasher. */
  readonly decoy: string;
  readonly startTime: Instant;
  readonly bounds: BoundsMemory;
  /** A cell for each worker, which grows for as long as its event loop turns. */
  readonly beats: SharedArrayBuffer;
}

/** A metric as a worker has it now. */
export interface Reading extends Omit<Metric, 'read'> {
  readonly points: readonly Point[];
}
