/** `symbolon store copy`. */
import { Command, type Option } from 'commander';
import { option } from '../config/flags.ts';
import { placeNamed, type TlsOptions, tlsOptions } from '../config/store.ts';
import { jsonOption, type OutputOptions, printResult } from './terminal/output.ts';
import { amountText, Progress } from './terminal/progress.ts';

interface CopyOptions extends OutputOptions, TlsOptions {
  readonly from: string;
  readonly to: string;
}

export function copyCommand(): Command {
  const command = new Command('copy')
    .description('copy a whole store into an empty one, from SQLite to PostgreSQL or back; servers of both are stopped')
    .addOption(placeOption('from', 'the store to copy, which stays as it is'))
    .addOption(placeOption('to', 'an empty store, or one that this copy was begun in'))
    .addOption(jsonOption())
    .action(async (options: CopyOptions) => {
      const from = placeNamed('--from', options.from, options);
      const to = placeNamed('--to', options.to, options);
      const { copyStore } = await import('../store/copy/copy.ts');
      const { describePlace } = await import('../store/copy/end.ts');
      const progress = new Progress();
      const tell = (what: string) => (table: string, rows: number, total: number) =>
        progress.tell(amountText(`${what} ${table}`, rows, total, 'rows'));
      const { resumed, wasFinished, rows } = await copyStore(from, to, {
        onProgress: tell('copying'),
        onVerified: tell('verifying'),
      }).finally(() => progress.end());
      printResult(
        options,
        { from: describePlace(from), to: describePlace(to), resumed, verified: true, ...rows },
        `${wasFinished ? 'The copy is finished and verified; nothing was left to do.\n' : ''}Both hold the same now. Serve the copy, and never again the one that it was copied from.\n` +
          'Serve it with the same key file: copy symbolon.key into the data directory, or name it with --key-file.',
      );
    });
  for (const each of tlsOptions()) {
    command.addOption(each);
  }
  return command;
}

function placeOption(name: 'from' | 'to', description: string): Option {
  return option(
    `--${name} <store>`,
    `${description}: sqlite:<data directory> or postgres://user@host:port/database; a password is better said by SYMBOLON_${name.toUpperCase()}`,
  ).makeOptionMandatory();
}
