/** `symbolon store backup|restore`. */
import { Command } from 'commander';
import { dataDirOption, requireSqlite, storeOption } from '../config/store.ts';
import type { Contents } from '../store/sqlite/whole-file.ts';
import { FileGrowth } from './terminal/file-growth.ts';
import { jsonOption, type OutputOptions, printResult, type Result } from './terminal/output.ts';
import { amountText, Progress } from './terminal/progress.ts';

interface BackupOptions extends OutputOptions {
  readonly dataDir: string;
  readonly store: string;
  readonly to: string;
}

interface RestoreOptions extends OutputOptions {
  readonly dataDir: string;
  readonly store: string;
  readonly from: string;
  readonly keepTokens?: boolean;
}

const INSTEAD = 'Back up PostgreSQL by its own means (docs/operations.md), or say --store sqlite';
const AS_BEFORE =
  'What was disabled or deleted, or got another password, secret or second factor, since the backup is as before again: ' +
  'do that anew.';
const CUT_OFF =
  'Every token in the backup is dead, because it does not know which were revoked after it. Everybody must log in anew.';
/** Without it second factors of a backup can’t be checked; beside it they could be read. */
const KEY_APART = 'It does not hold the key file (symbolon.key, or --key-file): keep a copy of that, in another place.';
const KEY_NEEDED =
  'Serve it with the same key file: copy symbolon.key into the data directory, or name it with --key-file.';
const KEPT = 'Tokens that were revoked since the backup live again, as do all others that it holds.';

export function backupCommand(): Command {
  return new Command('backup')
    .description('copy the store into one file, beside a running server or without one')
    .requiredOption('--to <file>', 'the file to write; it must not exist yet')
    .addOption(dataDirOption())
    .addOption(storeOption())
    .addOption(jsonOption())
    .action(async (options: BackupOptions) => {
      requireSqlite(options.store, INSTEAD);
      const { backUp } = await import('../store/sqlite/backup.ts');
      const growth = new FileGrowth('backing up');
      const { moment, bytes, ...contents } = await backUp(options.dataDir, options.to, Date.now, {
        onBegin: (draft, total) => growth.begin(draft, total),
        onCheck: () => growth.say('checking'),
      }).finally(() => growth.end());
      const result = { backup: options.to, moment: new Date(moment).toISOString(), bytes, ...fieldsOf(contents) };
      printResult(
        options,
        result,
        `It holds all that was answered before that moment. Keep it as secret as the store.\n${KEY_APART}`,
      );
    });
}

export function restoreCommand(): Command {
  return new Command('restore')
    .description('make the store of a data directory from a backup, and end all tokens in it')
    .requiredOption('--from <file>', 'the file that holds the backup')
    .option('--keep-tokens', 'end no tokens: those that were revoked after the backup live again')
    .addOption(dataDirOption())
    .addOption(storeOption())
    .addOption(jsonOption())
    .action(async (options: RestoreOptions) => {
      requireSqlite(options.store, INSTEAD);
      const keepTokens = options.keepTokens === true;
      const { restore } = await import('../store/sqlite/restore.ts');
      const progress = new Progress();
      const restored = await restore(options.dataDir, options.from, {
        keepTokens,
        clock: Date.now,
        onProgress: (done, total) => progress.tell(amountText('restoring', done, total, 'bytes')),
      }).finally(() => progress.end());
      printResult(
        options,
        {
          store: restored.path,
          ...fieldsOf(restored),
          tenants_cut_off: restored.tenantsCutOff,
          tokens_kept: keepTokens,
        },
        `${keepTokens ? KEPT : CUT_OFF}\n${AS_BEFORE}\n${KEY_NEEDED}`,
      );
    });
}

function fieldsOf({ schemaVersion, tenants, clients, subjects, families }: Contents): Result {
  return { schema_version: schemaVersion, tenants, clients, subjects, families };
}
