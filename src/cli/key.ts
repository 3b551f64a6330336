/** `symbolon key`: the key that the servers of a store share. */
import { Command } from 'commander';
import { option } from '../config/flags.ts';
import { type StoreOptions, standardKeyFile } from '../config/store.ts';
import { fingerprintOf } from '../core/keys.ts';
import { makeKey } from '../server/key-file.ts';
import { jsonOption, type OutputOptions, printResult } from './output.ts';
import { onStore, withStore } from './workspace.ts';

interface ReplaceOptions extends OutputOptions, StoreOptions {
  readonly keyFile?: string;
}

export function keyCommand(): Command {
  const replace = new Command('replace')
    .description(
      'take the key of the key file in place of one that is lost; a file that is not there is made. Second factors that were sealed ' +
        'under the lost one have to be removed and enrolled anew, and codes that were sent are void',
    )
    .addOption(option('--key-file <file>', 'file that holds the key (default: symbolon.key in the data directory)'))
    .addOption(jsonOption())
    .action(replaceKey);
  return new Command('key').description('the key that the servers of a store share').addCommand(onStore(replace));
}

async function replaceKey(options: ReplaceOptions): Promise<void> {
  const path = options.keyFile ?? standardKeyFile(options.dataDir);
  await withStore(options, (store) => store.bindKey(fingerprintOf(makeKey(path)), { replace: true }));
  printResult(options, { key_file: path }, 'Restart every server of the store with this key.');
}
