/** What is compared when a database is opened: it finds every change, on every version of PostgreSQL alike. */
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '../../../src/store/postgres/migrations.ts';
import { STEPS } from '../../../src/store/postgres/schema.ts';
import { linesOf, SHAPES } from '../../../src/store/postgres/shape.ts';
import { installedPostgres, PostgresServer } from '../../postgres.ts';

let server: PostgresServer;

beforeAll(async () => {
  server = await PostgresServer.start();
});
afterAll(() => server[Symbol.asyncDispose]());

async function within<T>(on: PostgresServer, name: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await on.connect(name);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** What the steps up to a version leave, without a look at what they should. */
async function linesAfter(on: PostgresServer, version: number): Promise<string[]> {
  return within(on, await on.createDatabase(), async (client) => {
    for (const step of STEPS.slice(0, version)) {
      await client.query(step);
    }
    await client.query('CREATE TABLE schema_version (version INTEGER NOT NULL)');
    return linesOf(client);
  });
}

describe('what a step leaves', () => {
  it('is written down for each', () => expect(SHAPES).toHaveLength(STEPS.length));

  it.each(STEPS.map((_, i) => i + 1))('is what is written down, for step %i', async (version) => {
    const lines = await linesAfter(server, version);
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`../../../src/store/postgres/shape-${version}.txt`);
  });

  const older = installedPostgres(15);
  const title = 'is the same on PostgreSQL 15';
  it.skipIf(older === undefined)(older ? title : `${title} (skipped: it is not installed here)`, async () => {
    await using other = await PostgresServer.start(older);
    expect(await linesAfter(other, STEPS.length)).toEqual(SHAPES.at(-1));
  });
});

const FUNCTION = `CREATE FUNCTION promote() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.roles = ''operator''; RETURN NEW; END'`;

/** What was done to the database, and what is said of it. */
const CHANGES: readonly (readonly [string, string])[] = [
  [
    `${FUNCTION}; CREATE TRIGGER promote BEFORE INSERT ON client FOR EACH ROW EXECUTE FUNCTION promote()`,
    'it has the trigger promote of client, which is not Symbolon’s',
  ],
  ['CREATE RULE quiet AS ON DELETE TO revocation DO INSTEAD NOTHING', 'it has the rule quiet of revocation'],
  ['CREATE POLICY few ON family USING (false)', 'it has the policy few of family'],
  [
    'ALTER TABLE family ENABLE ROW LEVEL SECURITY',
    'it has the table family with row security instead of the table family',
  ],
  ['ALTER TABLE totp RENAME TO kept; CREATE VIEW totp AS SELECT * FROM kept', 'totp'],
  [
    `ALTER TABLE client ALTER roles SET DEFAULT 'admin'`,
    `it has the column client.roles text not null default 'admin'::text instead of the column client.roles text not null`,
  ],
  ['ALTER TABLE client ALTER roles DROP NOT NULL', 'it has the column client.roles text instead of'],
  ['ALTER TABLE tenant ADD COLUMN note TEXT', 'it has the column tenant.note text, which is not Symbolon’s'],
  ['ALTER TABLE totp DROP COLUMN last_step', 'it lacks the column totp.last_step bigint not null'],
  ['ALTER TABLE totp ADD COLUMN late BIGINT GENERATED ALWAYS AS (last_step + 1) STORED', 'it has the column totp.late'],
  ['ALTER TABLE tenant ALTER revision TYPE INTEGER', 'it has the column tenant.revision integer not null instead of'],
  ['ALTER TABLE message ALTER attempts TYPE NUMERIC(3, 1)', 'it has the column message.attempts numeric(3,1) not null'],
  [
    'CREATE DOMAIN word AS TEXT; ALTER TABLE client ALTER roles TYPE word',
    'it has the column client.roles word of anot',
  ],
  ['ALTER TABLE client ALTER roles TYPE TEXT COLLATE "C"', 'it has the column client.roles text collate pg_catalog.C'],
  [
    'ALTER TABLE audit ALTER action TYPE TEXT COLLATE "und-x-icu"',
    'it has the column audit.action text collate pg_cat',
  ],
  ['CREATE UNIQUE INDEX once ON family (subject_id)', 'it has the index once of family (subject_id) unique, which is'],
  ['CREATE INDEX costly ON subject (upper(login_name))', 'it has the index costly of subject (upper(login_name))'],
  ['DROP INDEX family_by_expiry', 'it lacks the index family_by_expiry of family (expire_time)'],
  [
    'DROP INDEX family_by_expiry; CREATE INDEX family_by_expiry ON family (expire_time) WHERE kind = 1',
    'it has the index family_by_expiry of family (expire_time) where (kind = 1) instead of',
  ],
  ['DROP INDEX family_by_expiry; CREATE INDEX family_by_expiry ON family (expire_time DESC)', 'of another order'],
  ['ALTER TABLE handle DROP CONSTRAINT handle_subject_id_fkey', 'it lacks the constraint of handle: FOREIGN KEY'],
  [`ALTER TABLE client ADD CHECK (display_name <> 'bad')`, 'it has the constraint of client: CHECK ((display_name <>'],
  [
    'ALTER TABLE server_key DROP CONSTRAINT server_key_id_check',
    'it lacks the constraint of server_key: CHECK ((id = 1))',
  ],
  ['ALTER TABLE code DROP CONSTRAINT code_pkey', 'it lacks the constraint of code: PRIMARY KEY'],
  ['CREATE TABLE other (id TEXT REFERENCES tenant)', 'it has the constraint of another table, other: FOREIGN KEY'],
  ['ALTER TABLE handle DISABLE TRIGGER ALL', 'it has the switched off check of a reference of handle'],
  ['CREATE TABLE heir () INHERITS (family)', 'it has the inheritance of heir from family'],
  ['ALTER TABLE heartbeat SET UNLOGGED', 'it has the table heartbeat of persistence u instead of the table heartbeat'],
  ['DROP TABLE totp', 'it lacks the '],
  [
    `CREATE FUNCTION greatest_of(a BIGINT) RETURNS BIGINT LANGUAGE sql AS 'SELECT a';
     CREATE FUNCTION lower(a BIGINT) RETURNS TEXT LANGUAGE sql AS 'SELECT a::text'`,
    'it has the function lower(bigint), which is not',
  ],
  [
    `CREATE FUNCTION yes(a BYTEA, b TEXT) RETURNS BOOLEAN LANGUAGE sql AS 'SELECT true';
     CREATE OPERATOR = (leftarg = bytea, rightarg = text, function = yes)`,
    'it has the operator =(bytea,text)',
  ],
  ['CREATE CAST (BIGINT AS TEXT) WITH INOUT AS IMPLICIT', 'it has the cast from bigint to text'],
  ['UPDATE schema_version SET version = 0', 'its table schema_version does not have one row'],
  ['DELETE FROM schema_version', 'its table schema_version does not have one row'],
  ['DROP TABLE schema_version', 'which is not Symbolon’s'],
];

/** What makes no difference to what we write or read. */
const ALLOWED = [
  'CREATE TABLE other (id TEXT); CREATE VIEW people AS SELECT subject_id FROM subject',
  'ALTER TABLE family SET (fillfactor = 100, autovacuum_enabled = off)',
  'CREATE STATISTICS more ON tenant_id, subject_id FROM family; ANALYZE',
  'ALTER TABLE family ALTER scopes SET STORAGE EXTERNAL',
  `CREATE FUNCTION mine() RETURNS INT LANGUAGE sql AS 'SELECT 1'`,
];

describe('a database that somebody changed', () => {
  let database: string;

  beforeAll(async () => {
    database = await server.createDatabase();
    await within(server, database, (client) => migrate(client));
  });

  it.each(CHANGES)('by %s is refused', async (sql, message) => {
    await changed(sql, (client) => expect(migrate(client)).rejects.toThrow(message));
  });

  it.each(ALLOWED)('by %s is taken', (sql) => changed(sql, (client) => migrate(client)));

  it('is taken while an index is made anew beside its readers', async () => {
    await changed('REINDEX INDEX CONCURRENTLY family_by_expiry', (client) => migrate(client));
    // As an interrupted one leaves it.
    await changed(
      `CREATE INDEX family_by_expiry_ccnew ON family (expire_time);
       UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'family_by_expiry_ccnew'::regclass`,
      (client) => migrate(client),
    );
  });

  async function changed(sql: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
    await within(server, await server.createDatabase(database), async (client) => {
      await client.query(sql);
      await work(client);
    });
  }
});
