import { Command } from 'commander';
import { type StoreOptions, storeLocation } from '../config/store.ts';
import { jsonOption, type OutputOptions, printResult } from './terminal/output.ts';
import { onStore } from './workspace.ts';

/** `symbolon init`: makes the data directory and an empty store, or brings an older one to this version's schema. */
export function initCommand(): Command {
  const command = new Command('init')
    .description(
      'make an empty store, or bring an older one to this version’s schema; one that is there stays as it is',
    )
    .addOption(jsonOption())
    .action(async (options: OutputOptions & StoreOptions) => {
      const location = storeLocation(options);
      const { becomeOwnerOf } = await import('./api/directory.ts');
      const { describeLocation, openStore } = await import('../store/open.ts');
      const { databasePath, prepareDirectory } = await import('../store/sqlite/directory.ts');
      if (location.kind === 'sqlite') {
        becomeOwnerOf(location.directory);
        prepareDirectory(location.directory);
      }
      const store = await openStore(location, { clock: Date.now, isCommand: true });
      await store.close();
      printResult(
        options,
        { store: location.kind === 'sqlite' ? databasePath(location.directory) : describeLocation(location) },
        'Next: symbolon tenant create <id>, symbolon client create, symbolon serve',
      );
    });
  return onStore(command);
}
