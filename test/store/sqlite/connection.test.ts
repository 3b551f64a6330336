import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openReader, openWriter } from '../../../src/store/sqlite/connection.ts';
import { LISTS } from '../../../src/store/sqlite/lists.ts';
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
  expect(() => writer.exec("INSERT INTO token VALUES ('text', 'tk_1', 'fm_1', 0, 0, 0, 0, 0)")).toThrow(
    'in BLOB column',
  );
});

it('holds no foreign row of a tenant that does not exist', () => {
  expect(() => writer.exec("INSERT INTO client VALUES ('c', 'nobody', 'c', 0, '', '', 0, 0, 0)")).toThrow(
    'FOREIGN KEY constraint failed',
  );
});

it('migrates a file once and leaves it alone afterwards', () => {
  const version = writer.pragma('user_version', { simple: true });
  writer.exec('UPDATE probe SET probe_time = 42');
  migrate(writer, path);

  expect(writer.pragma('user_version', { simple: true })).toBe(version);
  expect(writer.prepare('SELECT probe_time FROM probe').pluck().get()).toBe(42);
});

/** Each of these is run for every call or every minute; a scan would grow with the table. */
it.each([
  ['a token by its digest', 'SELECT 1 FROM token WHERE digest = ?'],
  ['a token by its id', 'SELECT 1 FROM token WHERE token_id = ?'],
  ['a subject by a name', 'SELECT 1 FROM handle WHERE tenant_id = ? AND kind = ? AND key = ?'],
  ['the secrets of a client', 'SELECT 1 FROM client_secret WHERE client_id = ?'],
  ['the names of a deleted subject', 'SELECT 1 FROM handle WHERE subject_id = ?'],
  ['expired tokens', 'SELECT digest FROM token WHERE keep_until <= ? LIMIT 500'],
  ['expired families', 'SELECT family_id FROM family WHERE expire_time <= ? LIMIT 500'],
  ['expired request ids', 'SELECT request_digest FROM issue_record WHERE expire_time <= ? LIMIT 500'],
  ['expired failed logins', 'SELECT tenant_id, key FROM login_failures WHERE expire_time <= ? LIMIT 500'],
  ['expired codes', 'SELECT subject_id, purpose FROM code WHERE keep_until <= ? LIMIT 500'],
  ['messages that are shown no more', 'SELECT message_id FROM message WHERE keep_until <= ? LIMIT 500'],
  ['expired challenges', 'SELECT digest FROM mfa_challenge WHERE expire_time <= ? LIMIT 500'],
  [
    'messages that are due',
    `SELECT sealed FROM message WHERE state = 'pending' AND next_attempt_time <= ? ORDER BY next_attempt_time, message_id LIMIT ?`,
  ],
  ['pending messages of a deleted subject', `SELECT 1 FROM message WHERE subject_id = ? AND state = 'pending'`],
  ['old revocations', 'SELECT tenant_id, revision FROM revocation WHERE event_time <= ? LIMIT 500'],
])('finds %s without a scan', (_, sql) => {
  const parameters = (sql.match(/\?/g) ?? []).map(() => null);
  const plan = writer.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters);

  expect(plan.map(({ detail }) => detail).filter((detail) => !detail.startsWith('SEARCH'))).toEqual([]);
});

/** What a page costs must not grow with what is before it, or with what others have. */
it.each<[keyof typeof LISTS, string]>([
  ['tenants', 'tenant_id>?'],
  ['clients', 'client_by_tenant (tenant_id=? AND client_id>?)'],
  ['subjects', 'subject_by_time (tenant_id=? AND kind=? AND (create_time,subject_id)>(?,?))'],
  ['families', 'family_by_subject (tenant_id=? AND subject_id=? AND (issue_time,family_id)>(?,?))'],
  ['messages', 'message_by_time (tenant_id=? AND (create_time,message_id)>(?,?))'],
  ['auditRecords', 'tenant_id=? AND sequence>?'],
])('lists %s from where the page begins', (list, bounds) => {
  const sql = LISTS[list];
  const parameters = (sql.match(/\?/g) ?? []).map(() => null);
  const plan = writer.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters);
  const steps = plan.map(({ detail }) => detail);

  expect(steps.find((step) => step.startsWith('SEARCH'))).toContain(bounds);
  if (list === 'families') {
    // The page itself is read through, and each family's two tokens are put in order.
    expect(steps).toContain('SEARCH t USING INDEX token_by_family (keep_until=? AND family_id=?) LEFT-JOIN');
    expect(steps.filter((step) => /SCAN|TEMP/.test(step))).toEqual(['SCAN f', expect.stringContaining('LAST TERM')]);
  } else {
    expect(steps).toHaveLength(1);
  }
});
