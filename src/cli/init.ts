import { Command } from 'commander';
import { dataDirOption } from '../config.ts';
import { databasePath, openStore, prepareDirectory } from '../store/sqlite/directory.ts';
import { jsonOption, type OutputOptions, printResult } from './output.ts';

/** `symbolon init`: makes the data directory and an empty store, or brings an older one to this version's schema. */
export function initCommand(): Command {
  return new Command('init')
    .description('make the data directory with an empty store; one that is there stays as it is')
    .addOption(dataDirOption())
    .addOption(jsonOption())
    .action(async (options: OutputOptions & { dataDir: string }) => {
      prepareDirectory(options.dataDir);
      const store = await openStore(options.dataDir, { clock: Date.now });
      await store.close();
      printResult(
        options,
        { store: databasePath(options.dataDir) },
        'Next: symbolon tenant create <id>, symbolon client create, symbolon serve',
      );
    });
}
