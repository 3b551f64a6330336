/** What a copy does not begin with, and what it says then. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { one } from '../../../src/core/plan.ts';
import { TENANT as TENANT_TABLE } from '../../../src/core/tables/tenants.ts';
import { copyStore } from '../../../src/store/copy/copy.ts';
import type { Place } from '../../../src/store/copy/end.ts';
import { Cluster } from '../../../src/store/postgres/cluster.ts';
import { openDatabase } from '../../../src/store/postgres/open.ts';
import { eventually } from '../../process/program.ts';
import { TENANT } from '../fixtures.ts';
import { postgresOptions } from '../postgres/options.ts';
import { CopyBed, countsOf, NAMES, rowsOf } from './bed.ts';

let bed: CopyBed;
let rows: ReturnType<typeof rowsOf>;

beforeAll(async () => {
  bed = await CopyBed.open();
  rows = rowsOf(bed.full);
});
afterAll(() => bed[Symbol.asyncDispose]());

describe('a copy refuses', () => {
  it.each(NAMES)('a target with a row in %s', async (name) => {
    for (const to of [await bed.newDatabase(), bed.newDirectory()]) {
      await copyStore(bed.full, to);
      const others = [...NAMES].reverse().filter((other) => other !== name);
      const off = to.kind === 'sqlite' ? 'PRAGMA foreign_keys = OFF' : `SET session_replication_role = 'replica'`;
      await bed.alter(to, off, ...others.map((other) => `DELETE FROM ${other}`));
      await expect(copyStore(bed.full, to)).rejects.toThrow(`is not empty: its table ${name} has rows`);
    }
  });

  it('a source in which a client has the id of another tenant', async () => {
    const postgres = await bed.newDatabase();
    const sqlite = bed.newDirectory();
    for (const [from, to] of [
      [sqlite, await bed.newDatabase()],
      [postgres, bed.newDirectory()],
    ] as const) {
      await copyStore(bed.full, from);
      const rest = 'display_name, confidential, roles, scopes, disabled, cutoff, create_time';
      const ids = 'SELECT (SELECT max(tenant_id) FROM tenant), (SELECT min(tenant_id) FROM tenant)';
      await bed.alter(from, `INSERT INTO client (client_id, tenant_id, ${rest}) ${ids}, ${rest} FROM client LIMIT 1`);
      await expect(copyStore(from, to)).rejects.toThrow('has the id of another tenant');
    }
  });

  it('a source that is not there', async () => {
    const nowhere: Place = { kind: 'sqlite', directory: join(bed.full.directory, 'nowhere') };
    const target = bed.newDirectory();
    const empty = bed.newDirectory();
    writeFileSync(join(empty.directory, 'symbolon.db'), '');
    for (const from of [nowhere, bed.newDirectory(), empty, await bed.newDatabase()]) {
      await expect(copyStore(from, target)).rejects.toThrow('there is no store in');
    }
    const store = await bed.openSqlite(target);
    expect(await store.read({ tenant: one(TENANT_TABLE, { tenantId: TENANT }) })).toEqual({ tenant: undefined });
    await store.close();
  });

  it('databases that are not there, without their passwords', async () => {
    const url = new URL((await bed.newDatabase()).url);
    url.pathname = '/nothing';
    url.password = 'top-secret';
    const missing: Place = { kind: 'postgres', url: url.href };
    for (const [from, to] of [
      [missing, bed.newDirectory()],
      [bed.full, missing],
    ] as const) {
      const error = await copyStore(from, to).catch((reason: Error) => reason);
      expect(error).toMatchObject({ message: expect.stringContaining(`/nothing: database "nothing" does not exist`) });
      expect(String((error as Error).message)).not.toContain('top-secret');
    }
  });

  it('a store as both ends', async () => {
    const database = await bed.newDatabase();
    await copyStore(bed.full, database);
    const dotted: Place = {
      kind: 'sqlite',
      directory: join(bed.full.directory, '..', bed.full.directory.split('/').at(-1) ?? ''),
    };
    const named: Place = { kind: 'postgres', url: database.url.replace('127.0.0.1', 'localhost') };
    await expect(copyStore(bed.full, dotted)).rejects.toThrow('--from and --to both lead to sqlite:');
    await expect(copyStore(database, named)).rejects.toThrow('--from and --to both lead to postgres://localhost');
  });

  it('schemas of a newer version', async () => {
    const ends = [await bed.newEmptyStore(), bed.newDirectory()] as const;
    await (await bed.openSqlite(ends[1])).close();
    await bed.alter(ends[0], 'UPDATE schema_version SET version = 99');
    await bed.alter(ends[1], 'PRAGMA user_version = 99');
    for (const place of ends) {
      await expect(copyStore(place, bed.newDirectory())).rejects.toThrow('has schema 99; this version of Symbolon');
      await expect(copyStore(bed.full, place)).rejects.toThrow('has schema 99; this version of Symbolon');
    }
  });

  it('a source or target that a node serves', async () => {
    const served = await bed.newDatabase();
    const store = await bed.openPostgres(served);
    await expect(copyStore(served, bed.newDirectory())).rejects.toThrow('is being served: a node wrote its heartbeat');
    await expect(copyStore(bed.full, served)).rejects.toThrow('is being served: a node wrote its heartbeat');
    await store.close();
  });

  it.each(['source', 'target'])('a %s that a node begins to serve in the same moment', async (end) => {
    const database = await bed.newDatabase();
    await (end === 'source'
      ? copyStore(bed.full, database)
      : openDatabase(postgresOptions(database.url), new Cluster()));
    const [from, to] = end === 'source' ? [database, bed.newDirectory()] : [bed.full, database];
    await bed.withClient(database, async (client) => {
      await client.query(`BEGIN; INSERT INTO heartbeat VALUES ('new', 1, clock_timestamp())`);
      const refused = expect(copyStore(from, to)).rejects.toThrow('is being served: a node wrote its heartbeat');
      await eventually('the copy waiting for the heartbeats', async () => {
        const { rowCount } = await bed.withClient(database, (other) =>
          other.query('SELECT FROM pg_locks WHERE NOT granted'),
        );
        return (rowCount ?? 0) > 0;
      });
      await client.query('COMMIT');
      await refused;
    });
  });

  it('nobody whose nodes have just ended, and waits for that', async () => {
    const to = await bed.newDatabase();
    await (await bed.openPostgres(to)).close();
    expect((await copyStore(bed.full, to)).rows).toEqual(countsOf(rows));
  });

  it('a source that is being written', async () => {
    const from = await bed.newDatabase();
    await copyStore(bed.full, from);
    await bed.withClient(from, async (client) => {
      await client.query('BEGIN; DELETE FROM revocation');
      await expect(copyStore(from, bed.newDirectory())).rejects.toThrow('is being written. Stop who writes it');
    });
  });

  it('what PostgreSQL can’t hold, and names the table', async () => {
    const from = bed.newDirectory();
    await copyStore(bed.full, from);
    await bed.alter(from, `UPDATE client SET display_name = 'a' || char(0) WHERE client_id = 'app'`);
    await expect(copyStore(from, await bed.newDatabase())).rejects.toThrow(
      'failed: table client: invalid byte sequence',
    );
    await bed.alter(from, `UPDATE client SET display_name = 'a', disabled = 2 WHERE client_id = 'app'`);
    await expect(copyStore(from, await bed.newDatabase())).rejects.toThrow('client.disabled holds 2');
  });
});
