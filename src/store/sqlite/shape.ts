/**
 * Whether a file has the schema that Symbolon makes, and no more. A trigger, a default or an index of somebody else would live on in
 * the store and change what Symbolon writes.
 */
import Database from 'better-sqlite3';
import { PROGRESS_TABLE } from '../rows/unfinished.ts';

/** The table that marks a copy which is not finished. */
export const PROGRESS_SQL = `CREATE TABLE ${PROGRESS_TABLE} (
  name TEXT PRIMARY KEY, source TEXT NOT NULL, last_key TEXT, row_count INTEGER NOT NULL
) STRICT, WITHOUT ROWID`;

interface Part {
  readonly type: string;
  readonly name: string;
  readonly tbl_name: string;
  readonly sql: string | null;
}

/** What the header of a file keeps and other programs can set: a fresh file's. */
const SETTINGS = { encoding: 'UTF-8', auto_vacuum: 0 } as const;
const MEND = 'Somebody changed it past Symbolon. Restore a backup from before that, or undo the change';

/** Throws with the first difference to a fresh file that has seen `steps`. Runs nothing that the file's schema holds. */
export function requireShape(database: Database.Database, path: string, steps: readonly string[]): void {
  for (const [name, expected] of Object.entries(SETTINGS)) {
    const actual = database.pragma(name, { simple: true });
    if (actual !== expected) {
      throw new Error(
        `${path} has the ${name} ${String(actual)} instead of ${expected}. Only Symbolon may make its file`,
      );
    }
  }
  const difference = differenceOf(partsOf(database), freshParts(steps));
  if (difference !== undefined) {
    throw new Error(`${path} ${difference}. ${MEND}`);
  }
}

/** An unfinished copy has a table more. */
function differenceOf(actual: readonly Part[], fresh: ReadonlyMap<string, Part>): string | undefined {
  const found = new Set<string>();
  for (const part of actual) {
    const expected = fresh.get(nameOf(part));
    if (expected === undefined || found.has(nameOf(part))) {
      return `has the ${titleOf(part)}, which is not Symbolon’s`;
    }
    const [is, shall] = [clausesOf(part), clausesOf(expected)];
    const at = Array.from({ length: Math.max(is.length, shall.length) }, (_, i) => i).find((i) => is[i] !== shall[i]);
    if (at !== undefined || part.tbl_name !== expected.tbl_name) {
      return `has another ${titleOf(part)} than Symbolon’s: “${is[at ?? 0] ?? ''}” instead of “${shall[at ?? 0] ?? ''}”`;
    }
    found.add(nameOf(part));
  }
  const missing = [...fresh.values()].find((part) => part.name !== PROGRESS_TABLE && !found.has(nameOf(part)));
  return missing && `lacks the ${titleOf(missing)}`;
}

function freshParts(steps: readonly string[]): ReadonlyMap<string, Part> {
  const fresh = new Database(':memory:');
  try {
    for (const step of steps) {
      fresh.exec(step);
    }
    fresh.exec(PROGRESS_SQL);
    return new Map(partsOf(fresh).map((part) => [nameOf(part), part]));
  } finally {
    fresh.close();
  }
}

function partsOf(database: Database.Database): Part[] {
  return database.prepare<[], Part>('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name').all();
}

function nameOf({ type, name }: Part): string {
  return `${type} ${name}`;
}

function titleOf({ type, name, tbl_name }: Part): string {
  return plain(
    type === 'table' || type === 'view'
      ? nameOf({ type, name, tbl_name, sql: null })
      : `${type} ${name} of ${tbl_name}`,
  );
}

/** Its statement in parts, each with its comments and spaces made one. Quoted text stays as it is. */
function clausesOf({ sql }: Part): string[] {
  return (sql ?? '')
    .replaceAll(COMMENT_OR_SPACE, (match, quoted: string | undefined) => quoted ?? (match === '' ? '' : ' '))
    .split(',')
    .map((clause) => plain(clause.trim()));
}

const COMMENT_OR_SPACE = /('[^']*'|"[^"]*"|`[^`]*`|\[[^\]]*\])|(?:--[^\n]*|\/\*[\s\S]*?\*\/|\s)+/g;

/** On one line of a terminal. */
function plain(text: string): string {
  return text.replaceAll(/\p{C}/gu, '?').slice(0, 200);
}
