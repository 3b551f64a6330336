/** What roles, databases and the environment set is not what our sessions have, where our statements depend on it. */
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TENANTS } from '../../../src/core/tables/tenants.ts';
import { Cluster } from '../../../src/store/postgres/cluster.ts';
import { clientConfig } from '../../../src/store/postgres/connections.ts';
import { answerOf, begin, make, makeAcme, readingOf, refreshOf, tenantOf } from './acme.ts';
import { postgresOptions } from './options.ts';
import { Rig, until } from './rig.ts';

/** Each breaks something where it holds, and what a session of ours has instead. */
const SETTINGS = [
  ['statement_timeout', '1500', '3s'],
  ['idle_in_transaction_session_timeout', '1', '4s'],
  ['lock_timeout', '1', '0'],
  ['idle_session_timeout', '1000', '0'],
  ['transaction_timeout', '1500', '0'],
  ['default_transaction_isolation', 'serializable', 'read committed'],
  ['default_transaction_deferrable', 'on', 'off'],
  ['synchronous_commit', 'off', 'on'],
  ['synchronous_commit', 'local', 'on'],
  ['synchronous_commit', 'remote_write', 'on'],
  ['synchronous_commit', 'remote_apply', 'remote_apply'],
  ['client_encoding', 'LATIN1', 'UTF8'],
  ['client_min_messages', 'error', 'warning'],
  ['standard_conforming_strings', 'off', 'on'],
  ['array_nulls', 'off', 'on'],
  ['bytea_output', 'escape', 'hex'],
  ['TimeZone', 'Asia/Tokyo', 'UTC'],
  ['DateStyle', 'SQL, DMY', 'ISO, MDY'],
  ['row_security', 'on', 'off'],
  ['quote_all_identifiers', 'on', 'off'],
  ['enable_seqscan', 'on', 'off'],
  ['jit', 'on', 'off'],
] as const;

async function alter(rig: Rig, name: string, value: string): Promise<void> {
  await rig.sql(`ALTER DATABASE ${rig.database} SET ${name} = '${value}'`);
}

async function lead(rig: Rig, path: string): Promise<void> {
  await rig.sql(`ALTER DATABASE ${rig.database} SET search_path = ${path}`);
}

async function session(rig: Rig): Promise<pg.Client> {
  const client = new pg.Client(clientConfig(postgresOptions(rig.url)));
  await client.connect();
  await new Cluster().askPrimary(client, postgresOptions(rig.url));
  return client;
}

describe('a session has what we depend on', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await Rig.start();
  });
  afterAll(() => rig[Symbol.asyncDispose]());
  afterEach(() => rig.sql(`ALTER DATABASE ${rig.database} RESET ALL`));

  it.each(SETTINGS)('%s, where the database says %s: %s', async (name, value, expected) => {
    await alter(rig, name, value);
    const client = await session(rig);
    const { rows } = await client.query('SELECT current_setting($1) AS value', [name]);
    expect(rows).toEqual([{ value: expected }]);
    await client.end();
  });

  it('where all of them are set otherwise, by database and role, and a store works', async () => {
    for (const [name, value] of SETTINGS.filter(([each]) => !/(statement|transaction)_timeout/.test(each))) {
      await alter(rig, name, value);
    }
    await rig.sql(`ALTER ROLE postgres SET bytea_output = 'escape'; ALTER ROLE postgres SET array_nulls = off`);
    const store = await rig.open();
    await makeAcme(store);
    const issued = await begin(store);
    answerOf(await store.execute(refreshOf(issued)));
    expect((await readingOf(store, issued.familyId))?.family.generation).toBe(1);
  });

  it('whatever the environment of the process adds', async () => {
    process.env.PGOPTIONS = '-c bytea_output=escape -c statement_timeout=500';
    try {
      const client = await session(rig);
      expect((await client.query('SHOW bytea_output')).rows).toEqual([{ bytea_output: 'hex' }]);
      await client.end();
    } finally {
      delete process.env.PGOPTIONS;
    }
  });
});

describe('a database is refused', () => {
  it.each([
    ['default_transaction_read_only', 'on', 'takes no writes, for default_transaction_read_only is on'],
    ['session_replication_role', 'replica', 'session_replication_role is replica, which turns references'],
  ])('where %s is %s', async (name, value, message) => {
    await using rig = await Rig.start();
    await alter(rig, name, value);
    await expect(rig.open()).rejects.toThrow(message);
  });

  it.each(['LATIN1', 'SQL_ASCII', 'EUC_JP'])('that keeps its texts in %s', async (encoding) => {
    await using rig = await Rig.start();
    await rig.sql(`CREATE DATABASE other TEMPLATE template0 ENCODING '${encoding}' LOCALE 'C'`);
    await expect(rig.open({ url: rig.server.urlOf('other') })).rejects.toThrow(
      `the database keeps its texts in ${encoding}, and Symbolon needs UTF8. Make another: createdb --encoding=UTF8`,
    );
  });
});

it('keeps and orders names by their bytes in a database with another collation', async () => {
  await using rig = await Rig.start();
  await rig.sql(
    `CREATE DATABASE other TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US-u-ks-level1' LOCALE 'C'`,
  );
  const store = await rig.open({ url: rig.server.urlOf('other') });
  const ids = ['É', 'b', '_', 'a', 'é', 'B'];
  for (const id of ids) {
    await make(store, { ...tenantOf(id), displayName: '山田' });
  }
  const tenants = await store.list(TENANTS, {}, { limit: 9 });
  expect(tenants.map(({ tenantId }) => tenantId)).toEqual(['B', '_', 'a', 'b', 'É', 'é']);
  expect(new Set(tenants.map(({ displayName }) => displayName))).toEqual(new Set(['山田']));
});

describe('the search path', () => {
  it('leads to one schema for good: what comes before it later is not looked into', async () => {
    await using rig = await Rig.start();
    const store = await rig.open();
    await makeAcme(store);
    await rig.sql(`CREATE SCHEMA postgres; CREATE TABLE postgres.heartbeat (node_id TEXT); CREATE TABLE postgres.family (a INT);
      CREATE FUNCTION postgres.clock_timestamp() RETURNS TIMESTAMPTZ LANGUAGE sql AS 'SELECT NULL::timestamptz'`);
    await lead(rig, 'postgres, pg_catalog, public');
    await rig.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'symbolon'`);
    const again = await rig.open();
    await until('the first node to be back', () => begin(store).then(Boolean, () => false));
    const issued = await begin(again);
    expect(await readingOf(again, issued.familyId)).toBeDefined();
    expect(await rig.sql('SELECT FROM public.family')).toHaveLength(2);
  });

  it('leads to a schema of the role’s own', async () => {
    await using rig = await Rig.start();
    await rig.sql('CREATE SCHEMA "its Own"');
    await lead(rig, '"its Own", public');
    await makeAcme(await rig.open());
    expect(await rig.sql('SELECT tenant_id FROM "its Own".tenant')).toEqual([{ tenant_id: 'acme' }]);
  });

  it('is refused where it leads to two stores, or to no schema', async () => {
    await using rig = await Rig.start();
    await (await rig.open()).close();
    await rig.sql('CREATE SCHEMA other; CREATE TABLE other.tenant (a INT)');
    await lead(rig, 'other, public');
    await expect(rig.open()).rejects.toThrow('leads to two stores, in the schemas other and public');
    await lead(rig, 'nowhere');
    await expect(rig.open()).rejects.toThrow('leads to no schema that the store could be in');
  });
});
