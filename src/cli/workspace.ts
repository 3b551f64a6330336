/** A store as a whole, for the commands that no call can do. */
import type { Command as CliCommand } from 'commander';
import { ConfigError } from '../config/flags.ts';
import { type StoreOptions, storeLocation, storeOptions } from '../config/store.ts';
import type { Store } from '../core/services/store.ts';

/** Adds the flags that tell where the store is. */
export function onStore(command: CliCommand): CliCommand {
  for (const option of storeOptions()) {
    command.addOption(option);
  }
  return command;
}

/** Runs `work` on the store that the flags name. A data directory must have one, and no server meanwhile; `why` says why. */
export async function withStore<T>(options: StoreOptions, why: string, work: (store: Store) => Promise<T>): Promise<T> {
  const location = storeLocation(options);
  const { enterDirectory } = await import('./api/directory.ts');
  const { openStore } = await import('../store/open.ts');
  const way = location.kind === 'sqlite' ? await enterDirectory(location.directory) : undefined;
  if (way?.by === 'socket') {
    throw new ConfigError(`a server has the data directory ${options.dataDir}. Stop it first: ${why}`);
  }
  try {
    const store = await openStore(location, { clock: Date.now, hasLock: way !== undefined, isCommand: true });
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  } finally {
    way?.release();
  }
}
