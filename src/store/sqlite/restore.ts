/** Making the store of a data directory from a backup. */

import { createReadStream, createWriteStream, existsSync, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Database } from 'better-sqlite3';
import { explainForeign } from '../../core/client-ids.ts';
import type { Instant } from '../../core/model.ts';
import { all, each } from '../../core/plan.ts';
import { reasonOf } from '../../core/reason.ts';
import { restoredTenant } from '../../core/rules/restored.ts';
import { CLIENT, type Client } from '../../core/tables/clients.ts';
import { TENANT, type Tenant } from '../../core/tables/tenants.ts';
import { requireTrusted } from '../../files/trust.ts';
import { writeWhole } from '../../files/whole.ts';
import { prepareApplier } from './apply.ts';
import { DirectoryError, databasePath, lockDirectory, prepareDirectory } from './directory.ts';
import { prepareLoader } from './load.ts';
import { migrate } from './migrations.ts';
import { COMPANIONS, type Contents, contentsOf, requireSound, requireStore, withDatabase } from './whole-file.ts';

export interface RestoreOptions {
  /** Ends no token, though some were revoked after the backup. */
  readonly keepTokens: boolean;
  readonly clock: () => Instant;
  /** Is told how many bytes are copied, of how many. */
  readonly onProgress?: (bytes: number, total: number) => void;
}

export interface Restored extends Contents {
  readonly path: string;
  readonly tenantsCutOff: number;
}

/** Makes the store of a directory that has none, or throws with a message for the operator and makes none. */
export async function restore(directory: string, from: string, options: RestoreOptions): Promise<Restored> {
  requireBackup(from);
  prepareDirectory(directory);
  const lock = lockDirectory(directory);
  try {
    requireVacant(directory);
    const path = databasePath(directory);
    const write = async (draft: string) => {
      // Node's copyFile would give the copy the mode of the backup, which others may be allowed to read.
      await pipeline(createReadStream(from), counting(statSync(from).size, options), createWriteStream(draft));
      return { path, ...settle(draft, from, options) };
    };
    return await writeWhole(path, write, COMPANIONS);
  } catch (error) {
    if (error instanceof DirectoryError) {
      throw error;
    }
    throw new DirectoryError(
      `can't restore ${from} into ${directory}: ${reasonOf(error)}. Nothing was made; put that right, or name another with --from`,
    );
  } finally {
    lock.release();
  }
}

function counting(total: number, { onProgress }: RestoreOptions) {
  return async function* (chunks: AsyncIterable<Buffer>) {
    let bytes = 0;
    for await (const chunk of chunks) {
      bytes += chunk.length;
      onProgress?.(bytes, total);
      yield chunk;
    }
  };
}

function requireBackup(from: string): void {
  if (statSync(from, { throwIfNoEntry: false })?.isFile() !== true) {
    throw new DirectoryError(`there is no backup ${from}. Name one with --from`);
  }
  requireTrusted(from, { what: 'the backup' });
  const beside = COMPANIONS.map((suffix) => `${from}${suffix}`).find((path) => existsSync(path));
  if (beside !== undefined) {
    throw new DirectoryError(
      `${from} is no backup but a store that is in use, or was left by a server that died: ${beside} is beside it and may hold its ` +
        'last writes. Make a backup of its directory with `symbolon store backup` and restore that',
    );
  }
}

/** A WAL that was left would be played into the restored file. */
function requireVacant(directory: string): void {
  const database = databasePath(directory);
  const found = ['', ...COMPANIONS].map((suffix) => `${database}${suffix}`).find((path) => existsSync(path));
  if (found !== undefined) {
    throw new DirectoryError(
      `${found} is there already, and a restored store replaces none. Move symbolon.db away, with symbolon.db-wal and ` +
        'symbolon.db-shm if they are there, or name another directory with --data-dir',
    );
  }
}

/** Checks the copy, brings it to this version's schema, makes revisions leap, and ends the tokens in it. */
function settle(draft: string, from: string, { keepTokens, clock }: RestoreOptions): Omit<Restored, 'path'> {
  return withDatabase(draft, {}, (database) => {
    requireStore(database, from);
    requireSound(database, from);
    // A file that was made by other means may be in WAL mode. What stayed in a WAL, the cutoff even, would be lost unnoticed.
    if (database.pragma('journal_mode = DELETE', { simple: true }) !== 'delete') {
      throw new Error('it can’t leave the WAL mode');
    }
    migrate(database, from);
    requireOwnIds(database);
    const tenants = settleTenants(database, clock(), keepTokens);
    return { ...contentsOf(database, from), tenantsCutOff: keepTokens ? 0 : tenants };
  });
}

function requireOwnIds(database: Database): void {
  const load = prepareLoader(database)(0);
  const { tenants } = load({ tenants: all(TENANT, {}) }) as { tenants: readonly Tenant[] };
  const ids = new Set(tenants.map(({ tenantId }) => tenantId));
  const named = each(
    CLIENT,
    [...ids].map((clientId) => ({ clientId })),
  );
  const { clients } = load({ clients: named }) as { clients: readonly Client[] };
  for (const client of clients) {
    const wrong = explainForeign(client, (id) => ids.has(id));
    if (wrong !== undefined) {
      throw new Error(wrong);
    }
  }
}

/** Answers the number of tenants. */
function settleTenants(database: Database, now: Instant, keepTokens: boolean): number {
  const apply = prepareApplier(database);
  const tenants = prepareLoader(database)(now)({ tenants: all(TENANT, {}) }).tenants as readonly Tenant[];
  database
    .transaction(() => {
      for (const change of tenants.flatMap((tenant) => restoredTenant(tenant, now, keepTokens))) {
        apply(change);
      }
    })
    .immediate();
  return tenants.length;
}
