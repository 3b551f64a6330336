/** Opening a store, whichever engine it has. */
import type { Instant } from '../core/model.ts';
import type { Store } from '../core/services/store.ts';
import { placeOf } from './postgres/open.ts';
import type { PostgresOptions } from './postgres/options.ts';
import { openStore as openDirectory } from './sqlite/directory.ts';
import type { Fault } from './sqlite/faults.ts';

/** Where a store is. */
export type StoreLocation =
  | { readonly kind: 'sqlite'; readonly directory: string }
  | ({ readonly kind: 'postgres' } & Omit<PostgresOptions, 'clock' | 'onFault'>);

export interface OpenOptions {
  readonly clock: () => Instant;
  /** Is told what the log shall know and no caller. `isFatal`: the process must not go on. */
  readonly onFault?: (fault: Fault) => void;
  /** Is told what an operator should know. */
  readonly onNotice?: (notice: string) => void;
  /** Whether the caller holds the lock of the data directory, as a server does. */
  readonly hasLock?: boolean;
}

/** Opens it, creating or migrating what is there. Rejects with a message for the operator. */
export async function openStore(location: StoreLocation, openOptions: OpenOptions): Promise<Store> {
  const { clock, onFault } = openOptions;
  if (location.kind === 'sqlite') {
    return openDirectory(location.directory, openOptions);
  }
  // Not before: who uses SQLite need not load it.
  const { PostgresStore } = await import('./postgres/store.ts');
  const { kind: _, ...options } = location;
  const tell = (detail: string) =>
    onFault?.({ code: 'store_unavailable', message: 'The store failed', detail, isFatal: false });
  return PostgresStore.open({ ...options, clock, onFault: oncePerSecond(tell, clock) });
}

/** While a database is away every call fails alike, and the log needs to be told only now and then. */
function oncePerSecond(tell: (detail: string) => void, clock: () => Instant): (detail: string) => void {
  let second = 0;
  let told = new Set<string>();
  return (detail) => {
    const now = Math.floor(clock() / 1_000);
    told = now === second ? told : new Set();
    second = now;
    if (!told.has(detail)) {
      told.add(detail);
      tell(detail);
    }
  };
}

/** For people; without secrets. */
export function describeLocation(location: StoreLocation): string {
  return location.kind === 'sqlite' ? location.directory : `postgres://${placeOf(location.url)}`;
}
