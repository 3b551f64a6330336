/** `symbolon store`. */
import { Command } from 'commander';
import { backupCommand, restoreCommand } from './backup.ts';
import { copyCommand } from './copy.ts';
import { rewoundCommand } from './rewound.ts';

export function storeCommand(): Command {
  return new Command('store')
    .description('the store as a whole')
    .addCommand(backupCommand())
    .addCommand(restoreCommand())
    .addCommand(copyCommand())
    .addCommand(rewoundCommand());
}
