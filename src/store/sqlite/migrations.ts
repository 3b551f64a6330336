/** Bringing a file to this version's schema; `PRAGMA user_version` tells how many steps it has seen. */
import type { Database } from 'better-sqlite3';
import { STEPS } from './schema.ts';

/** `PRAGMA application_id` of our files: "Symb". */
export const APPLICATION_ID = 0x53796d62;

/** Refuses a file of another program or of a newer version; answers the version of its schema. Changes nothing. */
export function requireOurs(database: Database, path: string, steps: readonly string[] = STEPS): number {
  const applicationId = database.pragma('application_id', { simple: true });
  const tables = database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get();
  if (applicationId !== APPLICATION_ID && tables !== 0) {
    throw new Error(`${path} is not a Symbolon database`);
  }
  const version = Number(database.pragma('user_version', { simple: true }));
  if (version > steps.length) {
    throw new Error(`${path} has schema ${version}; this version of Symbolon knows ${steps.length}. Run a newer one`);
  }
  return version;
}

/** Brings a file to the newest schema, all steps in one transaction; one that has it is only read. */
export function migrate(database: Database, path: string, steps: readonly string[] = STEPS): void {
  if (requireOurs(database, path, steps) === steps.length) {
    return;
  }
  database
    .transaction(() => {
      const version = requireOurs(database, path, steps);
      for (const step of steps.slice(version)) {
        database.exec(step);
      }
      database.pragma(`application_id = ${APPLICATION_ID}`);
      database.pragma(`user_version = ${steps.length}`);
    })
    .immediate();
}
