/** A file whose schema somebody changed is refused at every door, with the difference named, and nothing of what it holds is run. */
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyStore } from '../../../src/store/copy/copy.ts';
import { backUp } from '../../../src/store/sqlite/backup.ts';
import { openWriter } from '../../../src/store/sqlite/connection.ts';
import { openStore } from '../../../src/store/sqlite/directory.ts';
import { migrate } from '../../../src/store/sqlite/migrations.ts';
import { restore } from '../../../src/store/sqlite/restore.ts';
import { STEPS } from '../../../src/store/sqlite/schema.ts';
import { temporaryDirectory } from '../../support.ts';

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;

beforeEach(() => {
  directory = temporaryDirectory();
  path = join(directory.path, 'symbolon.db');
  alter((database) => migrate(database, path));
});

afterEach(() => directory.remove());

function alter(work: (database: Database.Database) => void): void {
  const database = new Database(path);
  database.unsafeMode(true);
  work(database);
  database.close();
}

/** Rewrites the text of a part of the schema, as a debugger of SQLite or a hex editor would. */
function rewrite(name: string, from: string, to: string): (database: Database.Database) => void {
  return (database) => {
    database.pragma('writable_schema = ON');
    const { changes } = database
      .prepare('UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE name = ? AND instr(sql, ?)')
      .run(from, to, name, from);
    expect(changes).toBe(1);
    database.pragma('writable_schema = OFF');
  };
}

const KEEPING = { keepTokens: true, clock: Date.now };
const run = (sql: string) => (database: Database.Database) => void database.exec(sql);

/** What was done to the file, and what is said of it. */
type Change = readonly [string, (database: Database.Database) => void, string];
const CHANGES: readonly [Change, ...Change[]] = [
  [
    'a trigger',
    run(`CREATE TRIGGER promote AFTER INSERT ON client BEGIN UPDATE client SET roles = 'operator'; END`),
    'has the trigger promote of client, which is not Symbolon’s',
  ],
  ['a view', run('CREATE VIEW everybody AS SELECT * FROM subject'), 'has the view everybody, which is not Symbolon’s'],
  ['a table', run('CREATE TABLE notes (text TEXT)'), 'has the table notes, which is not Symbolon’s'],
  ['a virtual table', run('CREATE VIRTUAL TABLE words USING fts5 (word)'), 'has the table words'],
  [
    'an index by an expression',
    run('CREATE INDEX lower_names ON subject (lower(login_name))'),
    'has the index lower_names of subject, which is not Symbolon’s',
  ],
  ['a unique index', run('CREATE UNIQUE INDEX one ON family (subject_id)'), 'has the index one of family'],
  ['statistics', run('INSERT INTO probe VALUES (1, 1) ON CONFLICT DO NOTHING; ANALYZE'), 'has the table sqlite_stat1'],
  ['an index less', run('DROP INDEX family_by_expiry'), 'lacks the index family_by_expiry of family'],
  ['a table less', run('DROP TABLE totp'), 'lacks the table totp'],
  [
    'a column',
    run('ALTER TABLE tenant ADD COLUMN note TEXT'),
    'has another table tenant than Symbolon’s: “accent_color TEXT NOT NULL',
  ],
  [
    'a generated column',
    run('ALTER TABLE tenant ADD COLUMN late INTEGER GENERATED ALWAYS AS (revision + 1) VIRTUAL'),
    'has another table tenant',
  ],
  [
    'a default',
    rewrite('client', 'roles TEXT NOT NULL', "roles TEXT NOT NULL DEFAULT 'admin'"),
    "has another table client than Symbolon’s: “roles TEXT NOT NULL DEFAULT 'admin'” instead of “roles TEXT NOT NULL”",
  ],
  ['another CHECK', rewrite('subject', "('user', 'device')", "('user', 'device ')"), 'has another table subject'],
  ['a reference less', rewrite('handle', 'REFERENCES subject ON DELETE CASCADE', ''), 'has another table handle'],
  [
    'another collation',
    rewrite('client', 'client_id TEXT', 'client_id TEXT COLLATE NOCASE'),
    'has another table client',
  ],
  ['a table that is not strict', rewrite('tag_key', 'STRICT,', ''), 'has another table tag_key'],
  [
    'a partial index',
    rewrite('family_by_expiry', '(expire_time)', '(expire_time) WHERE kind = 1'),
    'has another index',
  ],
  [
    'a comment that hides a clause',
    rewrite('tenant', 'disabled INTEGER NOT NULL,', "disabled INTEGER NOT NULL /*, */ DEFAULT '--', "),
    'has another table tenant',
  ],
  ['no step seen', (database) => database.pragma('user_version = 0'), 'has the table '],
  ['a step less than none', (database) => database.pragma('user_version = -1'), 'has schema -1'],
  ['another program’s mark', (database) => database.pragma('application_id = 7'), 'is not a Symbolon database'],
];

describe.each(CHANGES)('a file with %s', (_, change, message) => {
  it('is refused before anything is changed, and is restored nowhere', async () => {
    alter(change);
    const before = readFileSync(path);
    expect(() => openWriter(path)).toThrow(message);
    expect(readFileSync(path)).toEqual(before);
    const backup = join(directory.path, 'backup');
    copyFileSync(path, backup);
    const into = join(directory.path, 'restored');
    await expect(restore(into, backup, KEEPING)).rejects.toThrow(message);
    expect(existsSync(join(into, 'symbolon.db'))).toBe(false);
  });
});

it('is refused by the server, by backup, and by both ends of a copy', async () => {
  const [, change, message] = CHANGES[0];
  alter(change);
  const other = temporaryDirectory();
  const here = { kind: 'sqlite', directory: directory.path } as const;
  const there = { kind: 'sqlite', directory: other.path } as const;
  const opened = openStore(directory.path, { clock: Date.now }).then((store) => store.close());
  await expect(opened).rejects.toThrow(message);
  await expect(backUp(directory.path, join(other.path, 'backup'), Date.now)).rejects.toThrow(message);
  expect(existsSync(join(other.path, 'backup'))).toBe(false);
  const source = await openStore(other.path, { clock: Date.now });
  await source.close();
  await expect(copyStore(here, there)).rejects.toThrow(message);
  await expect(copyStore(there, here)).rejects.toThrow(message);
  other.remove();
});

it('refuses a file whose texts are UTF-16', async () => {
  const other = join(directory.path, 'other');
  const database = new Database(other);
  database.pragma(`encoding = 'UTF-16le'`);
  migrateUnseen(database);
  database.close();
  const message = 'has the encoding UTF-16le instead of UTF-8';
  await expect(restore(join(directory.path, 'restored'), other, KEEPING)).rejects.toThrow(message);
});

/** As `migrate` would, if it looked at nothing. */
function migrateUnseen(database: Database.Database): void {
  database.exec(STEPS.join(';'));
  database.pragma(`application_id = ${0x53796d62}`);
  database.pragma(`user_version = ${STEPS.length}`);
}

it('does not run what a changed file would compute', async () => {
  // An index by it would be computed by every check of the file.
  alter(run(`CREATE INDEX costly ON probe (length(hex(zeroblob(500000000))))`.replace('probe', 'login_failures')));
  const backup = join(directory.path, 'backup');
  copyFileSync(path, backup);
  await expect(restore(join(directory.path, 'restored'), backup, KEEPING)).rejects.toThrow('has the index costly');
});

it('takes a file whose schema has other comments and spaces, for it is the same', async () => {
  alter(rewrite('probe', 'probe_time INTEGER', '/* when */ probe_time\n\t INTEGER -- ms\n'));
  const store = await openStore(directory.path, { clock: Date.now });
  await store.close();
});
