/** Bringing a file to this version's schema; `PRAGMA user_version` tells how many steps it has seen. */
import type { Database } from 'better-sqlite3';
import { PROGRESS_TABLE, UNFINISHED } from '../rows/unfinished.ts';
import { STEPS } from './schema.ts';
import { requireShape } from './shape.ts';

/** `PRAGMA application_id` of our files: "Symb". */
export const APPLICATION_ID = 0x53796d62;

interface OpeningOptions {
  readonly steps?: readonly string[];
  readonly mayBeUnfinished?: boolean;
}

/**
 * Refuses a file of another program, of a newer version, or with another schema than its version had, and a copy that was not finished;
 * answers the version of its schema. Changes nothing. Only a copy may open a copy that is not finished.
 */
export function requireOurs(
  database: Database,
  path: string,
  { steps = STEPS, mayBeUnfinished = false }: OpeningOptions = {},
): number {
  const applicationId = database.pragma('application_id', { simple: true });
  const isEmpty = database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0;
  if (applicationId !== APPLICATION_ID && !(isEmpty && applicationId === 0)) {
    throw new Error(`${path} is not a Symbolon database`);
  }
  const version = Number(database.pragma('user_version', { simple: true }));
  if (version > steps.length) {
    throw new Error(`${path} has schema ${version}; this version of Symbolon knows ${steps.length}. Run a newer one`);
  }
  if (version < 0) {
    throw new Error(`${path} has schema ${version}, which Symbolon never makes. Restore a backup`);
  }
  if (!mayBeUnfinished && isMarked(database)) {
    throw new Error(UNFINISHED);
  }
  requireShape(database, path, steps.slice(0, version));
  return version;
}

/** Whether it is a copy that was not finished. */
export function isMarked(database: Database): boolean {
  return database.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?').get(PROGRESS_TABLE) !== undefined;
}

/** Brings a file to the newest schema, all steps in one transaction; one that has it is only read. */
export function migrate(database: Database, path: string, options: OpeningOptions = {}): void {
  const { steps = STEPS } = options;
  if (requireOurs(database, path, options) === steps.length) {
    return;
  }
  database
    .transaction(() => {
      const version = requireOurs(database, path, options);
      for (const step of steps.slice(version)) {
        database.exec(step);
      }
      database.pragma(`application_id = ${APPLICATION_ID}`);
      database.pragma(`user_version = ${steps.length}`);
    })
    .immediate();
}
