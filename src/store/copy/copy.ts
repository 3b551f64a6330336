/**
 * Copying a whole store from one engine to another. Each batch of rows is one transaction in the target, together with how far it
 * leads, so a copy that was interrupted at any moment goes on where it was. What was copied is read again from both ends and
 * compared before the target may be served.
 */

import { explainForeign } from '../../core/client-ids.ts';
import { reasonOf } from '../../core/reason.ts';
import { type AnyTable, anyTable } from '../../core/table.ts';
import { CLIENT } from '../../core/tables/clients.ts';
import { TABLES } from '../../core/tables/index.ts';
import { TENANT } from '../../core/tables/tenants.ts';
import { CopyError, describePlace, FullTarget, type Place, type Progress, type Source, type Target } from './end.ts';
import { openPostgresSource } from './postgres-source.ts';
import { openPostgresTarget } from './postgres-target.ts';
import { keyOf, type Row } from './rows.ts';
import { openSqliteSource } from './sqlite-source.ts';
import { openSqliteTarget } from './sqlite-target.ts';
import { batches, type OnRows, verify } from './verify.ts';

/** Large enough that neither a commit nor a round trip counts, and a few MB at most. */
const BATCH_ROWS = 2_000;

export interface CopyOptions {
  readonly batchRows?: number;
  /** Is told after each batch how many rows of a table are there, of how many, and waited for. */
  readonly onProgress?: (table: string, rows: number, total: number) => void | Promise<void>;
  /** Is told once, before both ends are read again. */
  readonly onVerify?: () => void;
  /** Is told after each batch that was read again. */
  readonly onVerified?: OnRows;
}

export interface Copied {
  /** Whether it went on with a copy that was begun before. */
  readonly resumed: boolean;
  /** Whether that one had been finished, and was only verified again. */
  readonly wasFinished: boolean;
  /** The rows of each table, counted in the copy. */
  readonly rows: Readonly<Record<string, number>>;
}

/** Fills an empty store with all that another holds, or throws a message for the operator; then the target can't be served. */
export async function copyStore(from: Place, to: Place, options: CopyOptions = {}): Promise<Copied> {
  const batchRows = options.batchRows ?? BATCH_ROWS;
  const source = await (from.kind === 'sqlite' ? openSqliteSource(from) : openPostgresSource(from));
  try {
    const { identity } = source;
    const target = await (to.kind === 'sqlite' ? openSqliteTarget(to, identity) : openPostgresTarget(to, identity));
    try {
      return await copy(source, target, batchRows, options);
    } finally {
      await target.close();
    }
  } catch (error) {
    throw error instanceof CopyError ? error : explained(error, from, to);
  } finally {
    await source.close();
  }
}

async function copy(source: Source, target: Target, batchRows: number, options: CopyOptions): Promise<Copied> {
  await requireOwnIds(source, batchRows);
  let progress: ReadonlyMap<string, Progress>;
  try {
    progress = await target.begin(source.identity);
  } catch (error) {
    if (error instanceof FullTarget) {
      return requireFinished(source, target, error, batchRows, options);
    }
    throw error;
  }
  const resumed = [...progress.values()].some(({ rows }) => rows > 0);
  for (const table of TABLES) {
    const { lastKey, rows } = progress.get(table.name) ?? { lastKey: null, rows: 0 };
    let count = rows;
    const total = options.onProgress === undefined ? 0 : await source.count(table);
    for await (const batch of batches(source, table, lastKey, batchRows)) {
      count += batch.length;
      await write(target, table, batch, count);
      await options.onProgress?.(table.name, count, total);
    }
  }
  options.onVerify?.();
  const counts = await verify(source, target, batchRows, options.onVerified);
  await target.finish();
  return { resumed, wasFinished: false, rows: counts };
}

/** Who was stopped after the last step, or lost its answer, runs the command again: what is the same everywhere is that copy. */
async function requireFinished(
  source: Source,
  target: Target,
  full: FullTarget,
  batchRows: number,
  { onVerify, onVerified }: CopyOptions,
): Promise<Copied> {
  onVerify?.();
  try {
    return { resumed: true, wasFinished: true, rows: await verify(source, target, batchRows, onVerified) };
  } catch (error) {
    throw error instanceof CopyError ? full : error;
  }
}

async function requireOwnIds(source: Source, batchRows: number): Promise<void> {
  const tenants = anyTable(TENANT);
  const ids = new Set<unknown>();
  for await (const rows of batches(source, tenants, null, batchRows)) {
    for (const row of rows) {
      ids.add(keyOf(tenants, row)[0]);
    }
  }
  for await (const rows of batches(source, anyTable(CLIENT), null, batchRows)) {
    for (const row of rows) {
      const wrong = explainForeign(CLIENT.fromRow(row), (id) => ids.has(id));
      if (wrong !== undefined) {
        throw new Error(wrong);
      }
    }
  }
}

async function write(target: Target, table: AnyTable, batch: readonly Row[], rows: number): Promise<void> {
  const last = batch.at(-1);
  try {
    await target.write(table, batch, { lastKey: last === undefined ? null : keyOf(table, last), rows });
  } catch (error) {
    throw new Error(`table ${table.name}: ${reasonOf(error)}`, { cause: error });
  }
}

function explained(error: unknown, from: Place, to: Place): CopyError {
  const what = `the copy of ${describePlace(from)} to ${describePlace(to)} failed`;
  // What was copied before refers to nothing now, or what comes now refers to what was not there then.
  return isDangling(error)
    ? new CopyError(`${what}, for the source was changed since it was begun. Empty the target and copy anew`, {
        cause: error,
      })
    : new CopyError(`${what}: ${reasonOf(error)}. Put that right and run it again: it goes on where it was`, {
        cause: error,
      });
}

/** Of PostgreSQL: foreign_key_violation, whatever the language of its messages. */
function isDangling(error: unknown): boolean {
  const cause = error instanceof Error ? (error.cause ?? error) : undefined;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return code === '23503' || code === 'SQLITE_CONSTRAINT_FOREIGNKEY';
}
