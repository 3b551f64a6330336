/** What the writer thread and those who write say to each other. */
import type { MessagePort } from 'node:worker_threads';
import type { Fault } from './faults.ts';
import type { Write, WriteResult } from './writer.ts';

export interface WriterData {
  readonly path: string;
  readonly isTakenOver: boolean;
  /** Of changed rows: ChangeMarksWriter. */
  readonly marks: SharedArrayBuffer;
}

/** What any thread that writes may say. */
export type ToWriter = { readonly writes: readonly Write[] };

/** What the thread that started the writer may say besides. `member`: a port to one more thread that writes. */
export type OwnerToWriter = ToWriter | { readonly member: MessagePort } | { readonly close: true };

/** What every thread that writes is told. */
export type FromWriter =
  | { readonly results: readonly WriteResult[] }
  /** Where the writer marks what it changes; told first, to those who did not start it. */
  | { readonly marks: SharedArrayBuffer }
  /** The revocation logs of these tenants may have grown; told before anybody is answered. */
  | { readonly grown: readonly string[] }
  /** Whether the last write or probe succeeded, and the last checkpoint; sent when it changes. */
  | { readonly writable: boolean }
  /** What came of the last checkpoint. */
  | { readonly walBytes: number; readonly checkpointFailed: boolean };

/** What the one that started the writer is told besides. */
export type WriterToOwner =
  | FromWriter
  | { readonly ready: true }
  /** `code`: of the system call or of SQLite, where one failed. */
  | { readonly failed: string; readonly code: string | undefined }
  /** A group was committed, of so many writes. `seconds`: from the beginning of its transaction until it was on the disk. */
  | { readonly committed: number; readonly seconds: number }
  /** What began to fail, or must end the process. */
  | { readonly fault: Fault }
  /** Something that an operator should know. */
  | { readonly notice: string }
  | { readonly closed: true };
