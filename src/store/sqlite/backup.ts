/** Copying the store of a data directory into one file, beside a server or without one. */

import { existsSync, statSync } from 'node:fs';
import type { Instant } from '../../core/model.ts';
import { reasonOf } from '../../core/reason.ts';
import { requireTrusted } from '../../files/trust.ts';
import { writeWhole } from '../../files/whole.ts';
import { BUSY_TIMEOUT_MS } from './connection.ts';
import { DirectoryError, databasePath, requireDatabase } from './directory.ts';
import { COMPANIONS, type Contents, contentsOf, requireSound, requireStore, withDatabase } from './whole-file.ts';

export interface Backup extends Contents {
  /** All that was answered before this moment is in the file. */
  readonly moment: Instant;
  readonly bytes: number;
}

export interface BackupProgress {
  /** Is told which file grows now, and about how many bytes it will have. This thread is busy until `onCheck`. */
  readonly onBegin?: (draft: string, bytes: number) => void;
  /** The file is whole, and is checked now. */
  readonly onCheck?: () => void;
}

/** Makes the file `to`, which is whole and checked, or throws with a message for the operator and makes nothing. */
export async function backUp(
  directory: string,
  to: string,
  clock: () => Instant,
  { onBegin, onCheck }: BackupProgress = {},
): Promise<Backup> {
  requireDatabase(directory);
  if (existsSync(to)) {
    throw new DirectoryError(`${to} is there already, and a backup replaces no file. Name another with --to`);
  }
  requireTrusted(to, { what: 'the backup' });
  const source = databasePath(directory);
  try {
    const moment = clock();
    const write = (draft: string) => {
      onBegin?.(draft, statSync(source).size);
      copySnapshot(source, draft);
      onCheck?.();
      return inspect(draft, source);
    };
    const contents = await writeWhole(to, write, COMPANIONS);
    return { ...contents, moment, bytes: statSync(to).size };
  } catch (error) {
    throw new DirectoryError(
      `can't back up ${directory} to ${to}: ${reasonOf(error)}. Nothing was made; put that right, or name another file with --to`,
    );
  }
}

/**
 * VACUUM INTO reads one snapshot in one read transaction, which no write waits for. The backup API, which goes step by step, begins
 * anew whenever another connection writes (sqlite.org/backup.html), so beside a busy server it need not end; in one step it would,
 * but copies what was deleted as well, and a header that asks for a WAL (sqlite.org/lang_vacuum.html).
 *
 * The connection could write, and does not: one that can only read would leave a WAL behind where no server runs.
 */
function copySnapshot(source: string, draft: string): void {
  withDatabase(source, { timeout: BUSY_TIMEOUT_MS }, (database) => {
    requireStore(database, source);
    database.prepare('VACUUM INTO ?').run(draft);
  });
}

function inspect(draft: string, source: string): Contents {
  // Not `readonly`: SQLite's integrity_check looks at no CHECK constraint then.
  return withDatabase(draft, {}, (database) => {
    requireSound(database, source);
    return contentsOf(database, source);
  });
}
