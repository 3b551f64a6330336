import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openReader, openWriter } from '../../../src/store/sqlite/connection.ts';
import { migrate } from '../../../src/store/sqlite/migrations.ts';
import { temporaryDirectory } from '../../support.ts';

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;
let writer: ReturnType<typeof openWriter>;

beforeEach(() => {
  directory = temporaryDirectory();
  path = join(directory.path, 'symbolon.db');
  writer = openWriter(path);
  migrate(writer, path);
});

afterEach(() => {
  writer.close();
  directory.remove();
});

function pragmasOf(connection: ReturnType<typeof openWriter>, names: readonly string[]) {
  // Some are decided only when the file is first used.
  connection.prepare('SELECT count(*) FROM tenant').get();
  return Object.fromEntries(names.map((name) => [name, connection.pragma(name, { simple: true })]));
}

const WRITER = {
  journal_mode: 'wal',
  synchronous: 2,
  fullfsync: 1,
  checkpoint_fullfsync: 1,
  foreign_keys: 1,
  trusted_schema: 0,
  cell_size_check: 1,
  wal_autocheckpoint: 0,
  journal_size_limit: 64 * 1024 * 1024,
  busy_timeout: 5_000,
};

it('writes with the settings that lose no acknowledged row', () => {
  expect(pragmasOf(writer, Object.keys(WRITER))).toEqual(WRITER);
});

it('writes with them on a file that was there before', () => {
  writer.close();
  writer = openWriter(path);

  expect(pragmasOf(writer, Object.keys(WRITER))).toEqual(WRITER);
});

it('reads with a connection that can’t write', () => {
  const reader = openReader(path);
  const expected = { journal_mode: 'wal', synchronous: 2, trusted_schema: 0, cell_size_check: 1, query_only: 1 };

  expect(pragmasOf(reader, Object.keys(expected))).toEqual(expected);
  expect(() => reader.exec('UPDATE probe SET probe_time = 1')).toThrow('readonly');
  reader.close();
});

it('has strict tables only, and digests as blobs', () => {
  const tables = writer.prepare<[], { name: string; strict: number; schema: string }>('PRAGMA table_list').all();
  const ours = tables.filter(({ schema, name }) => schema === 'main' && !name.startsWith('sqlite_'));

  expect(ours.length).toBeGreaterThan(8);
  expect(ours.filter(({ strict }) => strict !== 1)).toEqual([]);
  expect(() => writer.exec("UPDATE probe SET probe_time = 'soon'")).toThrow(
    'cannot store TEXT value in INTEGER column',
  );
  expect(() => writer.exec("INSERT INTO kept_answer VALUES ('text', x'', x'', x'', 0)")).toThrow('in BLOB column');
});

it('holds no foreign row of a tenant that does not exist', () => {
  expect(() =>
    writer.exec("INSERT INTO client VALUES ('c', 'nobody', 'c', 0, '', '', 0, 0, 0, 0, '', '', '', '')"),
  ).toThrow('FOREIGN KEY constraint failed');
});

it('migrates a file once and leaves it alone afterwards', () => {
  const version = writer.pragma('user_version', { simple: true });
  writer.exec('UPDATE probe SET probe_time = 42');
  migrate(writer, path);

  expect(writer.pragma('user_version', { simple: true })).toBe(version);
  expect(writer.prepare('SELECT probe_time FROM probe').pluck().get()).toBe(42);
});
