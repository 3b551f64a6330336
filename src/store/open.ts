/** Opening a store, whichever engine it has. */
import { randomUUID } from 'node:crypto';
import type { Instant } from '../core/model.ts';
import type { Store } from '../core/services/store.ts';
import { type PostgresOptions, READ_POOL_SIZE, type StorePart } from './postgres/options.ts';
import { placeOf } from './postgres/place.ts';
import { databasePath, openStore as openDirectory } from './sqlite/directory.ts';
import type { Fault } from './sqlite/faults.ts';
import { SqliteStore } from './sqlite/store.ts';
import type { TakesPort } from './sqlite/writer-owner.ts';

/** Where a store is. */
export type StoreLocation =
  | { readonly kind: 'sqlite'; readonly directory: string }
  | ({ readonly kind: 'postgres' } & Omit<
      PostgresOptions,
      'clock' | 'isCommand' | 'onFault' | 'onNotice' | 'onSuccess'
    >);

export type { StorePart } from './postgres/options.ts';

/** A failure, and of what. */
export type StoreFault = Fault & { readonly of: StorePart };

export interface OpenOptions {
  readonly clock: () => Instant;
  /** Is told what the log shall know and no caller. `isFatal`: the process must not go on. */
  readonly onFault?: (fault: StoreFault) => void;
  /** Is told that a part which failed did something again. Whether all is well, health says. */
  readonly onSuccess?: (of: StorePart) => void;
  /** Is told what an operator should know. */
  readonly onNotice?: (notice: string) => void;
  /** Whether the caller holds the lock of the data directory, as a server does. */
  readonly hasLock?: boolean;
  /** Whether it is a command of the operator, which ends in a moment. */
  readonly isCommand?: boolean;
}

/** The same store as the threads of this process have it, which are one server. */
export function inThisProcess(location: StoreLocation): StoreLocation {
  return location.kind === 'sqlite' ? location : { ...location, processId: randomUUID() };
}

/** Opens it, creating or migrating what is there. Rejects with a message for the operator. */
export async function openStore(location: StoreLocation, openOptions: OpenOptions): Promise<Store> {
  const { clock, isCommand = false, onFault, onNotice, onSuccess } = openOptions;
  if (location.kind === 'sqlite') {
    // Its reads tell nothing but their own callers.
    const tell = (fault: Fault) => onFault?.({ ...fault, of: 'writes' });
    return openDirectory(location.directory, { ...openOptions, onFault: tell });
  }
  // Not before: who uses SQLite need not load it.
  const { PostgresStore } = await import('./postgres/store.ts');
  const { kind: _, ...options } = location;
  const tell = (detail: string, of: StorePart) =>
    onFault?.({ code: 'store_unavailable', message: 'The store failed', detail, isFatal: false, of });
  const told = { ...(onNotice && { onNotice }), ...(onSuccess && { onSuccess }) };
  return PostgresStore.open({ ...options, clock, isCommand, onFault: tell, ...told });
}

export interface ThreadOptions extends Pick<OpenOptions, 'clock' | 'onFault' | 'onNotice' | 'onSuccess'> {
  /** How many threads of this process serve calls. */
  readonly threads: number;
}

/** Opens, in one more thread, the store that the process has open. On SQLite `take` has to be called with what `admitThread` gives there. */
export async function openInThread(
  location: StoreLocation,
  { threads, ...options }: ThreadOptions,
): Promise<{ store: Store; take?: TakesPort }> {
  if (location.kind === 'sqlite') {
    return SqliteStore.beside({ path: databasePath(location.directory), clock: options.clock });
  }
  const poolSize = Math.max(1, Math.round(location.poolSize / threads));
  const readPoolSize = Math.max(1, Math.round(READ_POOL_SIZE / threads));
  return { store: await openStore({ ...location, poolSize, readPoolSize, isThread: true }, options) };
}

/** Gives another thread ports to the one writer: one now, and another whenever it was started again. Answers how to forget that thread. */
export function admitThread(store: Store, takes: TakesPort): () => void {
  return store instanceof SqliteStore ? store.admit(takes) : () => undefined;
}

/** For people; without secrets. */
export function describeLocation(location: StoreLocation): string {
  return location.kind === 'sqlite' ? location.directory : `postgres://${placeOf(location.url)}`;
}
