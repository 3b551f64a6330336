/** `symbolon key`: the key that the servers of a store share. */
import { Command } from 'commander';
import { option } from '../config/flags.ts';
import { yesOption } from './terminal/confirm.ts';
import { jsonOption } from './terminal/output.ts';
import { onStore } from './workspace.ts';

export function keyCommand(): Command {
  const replace = new Command('replace')
    .description(
      'take the key of the key file in place of the one that the store knows; a file that is not there is made. Without --previous, ' +
        'second factors have to be removed and enrolled anew. Codes that were sent are void',
    )
    .addOption(option('--key-file <file>', 'file that holds the key (default: symbolon.key in the data directory)'))
    .option(
      '--previous <file>',
      'the key that is replaced, where it is not lost: second factors stay but for their recovery codes, and old refresh tokens are known as before',
    )
    .option('--leaked', 'the key that is replaced was in other hands: what was made with it proves nothing any more')
    .addOption(yesOption())
    .addOption(jsonOption())
    .action(async (options) => {
      const { replaceKey } = await import('./replacing-key.ts');
      return replaceKey(options);
    });
  return new Command('key').description('the key that the servers of a store share').addCommand(onStore(replace));
}
