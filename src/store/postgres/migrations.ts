/** Bringing a database to this version's schema: once, whatever number of nodes start together. */
import type { ClientBase } from 'pg';
import { LOCK_SPACE, MIGRATION_LOCK } from './advisory-locks.ts';
import { STEPS } from './schema.ts';

/** A statement of a migration that waits for a lock makes everyone behind it wait too, so it gives up and tries again. */
const LOCK_TIMEOUT_MS = 2_000;
/** lock_not_available, and deadlock_detected: others hold what we wait for, and wait for what we hold. */
const BLOCKED = new Set<unknown>(['55P03', '40P01']);
const LOCK_ATTEMPTS = 30;

/** Thrown with a message for the operator. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}

/** Migrates in one transaction under an advisory lock. A database that has the newest schema is only read. */
export async function migrate(client: ClientBase, steps: readonly string[] = STEPS): Promise<void> {
  if ((await versionOf(client, steps)) === steps.length) {
    return;
  }
  for (let attempt = 1; ; attempt++) {
    try {
      await migrateOnce(client, steps);
      return;
    } catch (error) {
      await client.query('ROLLBACK');
      if (!BLOCKED.has(codeOf(error)) || attempt === LOCK_ATTEMPTS) {
        throw error;
      }
    }
  }
}

async function migrateOnce(client: ClientBase, steps: readonly string[]): Promise<void> {
  await client.query('BEGIN');
  await client.query('SET LOCAL statement_timeout = 0');
  await client.query('SELECT pg_advisory_xact_lock($1, $2)', [LOCK_SPACE, MIGRATION_LOCK]);
  // After the wait: another node may have migrated meanwhile.
  const version = await versionOf(client, steps);
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

/** Refuses a database of a newer version, and one with tables of another program under our names. */
async function versionOf(client: ClientBase, steps: readonly string[]): Promise<number> {
  // From the catalogue itself: to_regclass answers from a cache, which does not know what was committed while we waited.
  const { rows } = await client.query<{ relname: string }>(
    `SELECT relname FROM pg_class
      WHERE relname IN ('schema_version', 'tenant') AND relnamespace = ANY (current_schemas(false)::regnamespace[])`,
  );
  const tables = rows.map(({ relname }) => relname);
  if (!tables.includes('schema_version')) {
    if (tables.includes('tenant')) {
      throw new SchemaError(
        'the database has a table tenant that is not Symbolon’s. Give Symbolon a database of its own',
      );
    }
    return 0;
  }
  const found = await client.query<{ version: number }>('SELECT version FROM schema_version');
  const version = Number(found.rows[0]?.version ?? 0);
  if (version > steps.length) {
    throw new SchemaError(
      `the database has schema ${version}; this version of Symbolon knows ${steps.length}. Run a newer one`,
    );
  }
  return version;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
