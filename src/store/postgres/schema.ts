/**
 * The schema, one step per version; the table `schema_version` tells how many a database has seen. A step that was released never
 * changes, and never takes away what the version before it uses: nodes of that version serve on while a newer one migrates.
 * Identifiers compare by their bytes (COLLATE "C"), as in SQLite.
 */
import { STEP_1 } from './schema-1.ts';
import { STEP_2 } from './schema-2.ts';

export const STEPS: readonly string[] = [STEP_1, STEP_2];
