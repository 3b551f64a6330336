/** `symbolon store copy`. */
import { Command, type Option } from 'commander';
import { option } from '../config/flags.ts';
import { placeNamed, type TlsOptions, tlsOptions } from '../config/store.ts';
import { copyStore } from '../store/copy/copy.ts';
import { describePlace } from '../store/copy/end.ts';
import { jsonOption, type OutputOptions, printResult } from './output.ts';

interface CopyOptions extends OutputOptions, TlsOptions {
  readonly from: string;
  readonly to: string;
}

const PROGRESS_INTERVAL_MS = 2_000;

export function copyCommand(): Command {
  const command = new Command('copy')
    .description('copy a whole store into an empty one, from SQLite to PostgreSQL or back; servers of both are stopped')
    .addOption(placeOption('from', 'the store to copy, which stays as it is'))
    .addOption(placeOption('to', 'an empty store, or one that this copy was begun in'))
    .addOption(jsonOption())
    .action(async (options: CopyOptions) => {
      const from = placeNamed('--from', options.from, options);
      const to = placeNamed('--to', options.to, options);
      const { resumed, wasFinished, rows } = await copyStore(from, to, {
        onProgress: tellNowAndThen(),
        onVerify: tellVerifying,
      });
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

function tellNowAndThen(): (table: string, rows: number) => void {
  let told = Date.now();
  return (table, rows) => {
    if (Date.now() - told >= PROGRESS_INTERVAL_MS) {
      told = Date.now();
      process.stderr.write(`copying ${table}: ${rows} rows\n`);
    }
  };
}

function tellVerifying(): void {
  process.stderr.write('verifying\n');
}
