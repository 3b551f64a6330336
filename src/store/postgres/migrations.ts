/** Bringing a database to this version's schema: once, whatever number of nodes start together. */
import type { ClientBase } from 'pg';
import { LOCK_SPACE, MIGRATION_LOCK } from './advisory-locks.ts';
import { SchemaError } from './faults.ts';
import { STEPS } from './schema.ts';
import { differenceOf, linesOf, SHAPES } from './shape.ts';

/** A statement of a migration that waits for a lock makes everyone behind it wait too, so it gives up and tries again. */
const LOCK_TIMEOUT_MS = 2_000;
/** lock_not_available, and deadlock_detected: others hold what we wait for, and wait for what we hold. */
const BLOCKED = new Set<unknown>(['55P03', '40P01']);
const LOCK_ATTEMPTS = 30;
const OWN_DATABASE = 'Give Symbolon a database of its own';

export interface MigrationOptions {
  readonly steps?: readonly string[];
  /** Lines of the shape that may be there besides: those of a copy that is not finished. */
  readonly allowed?: readonly string[];
}

/**
 * Migrates in one transaction under an advisory lock. A database that has the newest schema is only read. Refuses one whose tables are not
 * as their version left them, before and after.
 */
export async function migrate(client: ClientBase, options: MigrationOptions = {}): Promise<void> {
  const { steps = STEPS } = options;
  if ((await checkedVersionOf(client, options)) === steps.length) {
    return;
  }
  for (let attempt = 1; ; attempt++) {
    try {
      await migrateOnce(client, options);
      await checkedVersionOf(client, options);
      return;
    } catch (error) {
      await client.query('ROLLBACK');
      if (!BLOCKED.has(codeOf(error)) || attempt === LOCK_ATTEMPTS) {
        throw error;
      }
    }
  }
}

async function migrateOnce(client: ClientBase, options: MigrationOptions): Promise<void> {
  const { steps = STEPS } = options;
  await client.query('BEGIN');
  await client.query('SET LOCAL statement_timeout = 0');
  await client.query('SELECT pg_advisory_xact_lock($1, $2)', [LOCK_SPACE, MIGRATION_LOCK]);
  // After the wait: another node may have migrated meanwhile.
  const version = await checkedVersionOf(client, options);
  await client.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
  for (const step of steps.slice(version)) {
    await client.query(step);
  }
  if (version < steps.length) {
    await client.query('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)');
    await client.query('DELETE FROM schema_version');
    await client.query('INSERT INTO schema_version VALUES ($1)', [steps.length]);
  }
  await client.query('COMMIT');
}

/** The version of the schema, which the tables are found to have. Another node may migrate between both readings. */
async function checkedVersionOf(client: ClientBase, { steps = STEPS, allowed }: MigrationOptions): Promise<number> {
  for (let version = await versionOf(client, steps); ; ) {
    // Tests have steps of their own.
    const isKnown = version <= SHAPES.length;
    const difference = isKnown ? differenceOf(await linesOf(client), version, allowed) : undefined;
    const now = await versionOf(client, steps);
    if (now === version) {
      if (difference !== undefined) {
        throw new SchemaError(version === 0 ? `${difference}. ${OWN_DATABASE}` : difference);
      }
      return version;
    }
    version = now;
  }
}

/** Refuses a database of a newer version. */
async function versionOf(client: ClientBase, steps: readonly string[]): Promise<number> {
  // From the catalogue itself: to_regclass answers from a cache, which does not know what was committed while we waited.
  const { rowCount } = await client.query(
    `SELECT FROM pg_class WHERE relname = 'schema_version' AND relkind = 'r' AND relnamespace = quote_ident(current_schema())::regnamespace`,
  );
  if (rowCount === 0) {
    return 0;
  }
  const found = await client.query<{ version: number }>('SELECT version FROM schema_version');
  const version = Number(found.rows[0]?.version ?? 0);
  if (version > steps.length) {
    throw new SchemaError(
      `the database has schema ${version}; this version of Symbolon knows ${steps.length}. Run a newer one`,
    );
  }
  if (version < 1 || found.rows.length > 1) {
    throw new SchemaError('its table schema_version does not have one row with a version. Restore the database');
  }
  return version;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
