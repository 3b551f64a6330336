/** A copy that ends on its way goes on there, and nobody may come between. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyStore } from '../../../src/store/copy/copy.ts';
import { CopyBed, countsOf, NAMES, rowsOf, type SqlitePlace } from './bed.ts';
import { copyUntil, copyUnverified, during, SMALL } from './interrupting.ts';

let bed: CopyBed;
let rows: ReturnType<typeof rowsOf>;

beforeAll(async () => {
  bed = await CopyBed.open();
  rows = rowsOf(bed.full);
});
afterAll(() => bed[Symbol.asyncDispose]());

describe('a copy that is interrupted', () => {
  it.each(['postgres', 'sqlite'])('after each batch goes on there, into %s', async (kind) => {
    const other = await bed.newDatabase();
    await copyStore(bed.full, other);
    const [from, to] = kind === 'postgres' ? [bed.full, await bed.newDatabase()] : [other, bed.newDirectory()];
    const batches = Object.values(rows).reduce((sum, { length }) => sum + Math.ceil(length / SMALL.batchRows), 0);
    const steps: string[] = [];
    for (let attempt = 1; attempt <= batches; attempt++) {
      await copyUntil(from, to, (table, count) => steps.push(`${table} ${count}`) > 0);
      await expect(bed.openStore(to)).rejects.toThrow('it is an unfinished copy of another store');
    }
    expect(new Set(steps).size).toBe(batches);
    expect(await copyStore(from, to, SMALL)).toEqual({ resumed: true, wasFinished: false, rows: countsOf(rows) });
    const last = kind === 'postgres' ? bed.newDirectory() : (to as SqlitePlace);
    if (kind === 'postgres') {
      await copyStore(to, last);
    }
    expect(rowsOf(last)).toEqual(rows);
  });

  it.each(['postgres', 'sqlite'])('after its last batch is verified when it goes on, into %s', async (kind) => {
    const other = await bed.newDatabase();
    await copyStore(bed.full, other);
    const [from, to] = kind === 'postgres' ? [bed.full, await bed.newDatabase()] : [other, bed.newDirectory()];
    await copyUnverified(from, to);
    await expect(bed.openStore(to)).rejects.toThrow('it is an unfinished copy');
    expect(await copyStore(from, to)).toEqual({ resumed: true, wasFinished: false, rows: countsOf(rows) });
    await (await bed.openStore(to)).close();
  });

  it('is no store to copy from', async () => {
    for (const to of [await bed.newDatabase(), bed.newDirectory()] as const) {
      await copyUntil(bed.full, to, (table) => table === 'family');
      await expect(copyStore(to, bed.newDirectory())).rejects.toThrow('it is an unfinished copy of another store');
      await expect(copyStore(to, await bed.newDatabase())).rejects.toThrow('it is an unfinished copy of another store');
    }
  });

  it('is no store to copy another into', async () => {
    const another = bed.newDirectory();
    await copyStore(bed.full, another);
    for (const to of [await bed.newDatabase(), bed.newDirectory()]) {
      await copyUntil(bed.full, to, (table) => table === 'family');
      await expect(copyStore(another, to)).rejects.toThrow('is an unfinished copy of another store than the one');
    }
  });

  it('lets no heartbeat through in PostgreSQL, so that a node that was there before serves nothing', async () => {
    const to = await bed.newEmptyStore();
    await copyUntil(bed.full, to, (table) => table === 'family');
    const beat = `INSERT INTO heartbeat VALUES ('old', 1, clock_timestamp())`;
    await expect(bed.alter(to, beat)).rejects.toThrow('the store is an unfinished copy');
    await copyStore(bed.full, to);
    await bed.alter(to, beat);
  });
});

describe('a copy keeps others away:', () => {
  it('servers and writers from a SQLite source', async () => {
    const { lockDirectory } = await import('../../../src/store/sqlite/directory.ts');
    await during(bed.full, await bed.newDatabase(), async () => {
      expect(() => lockDirectory(bed.full.directory)).toThrow('is in use');
      const writer = new Database(join(bed.full.directory, 'symbolon.db'), { timeout: 0 });
      expect(() => writer.exec('UPDATE probe SET probe_time = 1')).toThrow('database is locked');
      writer.close();
    });
  });

  it('writers and heartbeats from a PostgreSQL source', async () => {
    const from = await bed.newDatabase();
    await copyStore(bed.full, from);
    await during(from, bed.newDirectory(), async () => {
      for (const name of [...NAMES, 'heartbeat']) {
        const locked = bed.alter(from, `SET lock_timeout = 1`, `DELETE FROM ${name} WHERE false`);
        await expect(locked, name).rejects.toThrow('lock timeout');
      }
    });
  });

  it('another copy into the same target', async () => {
    const second = bed.newDirectory();
    await copyStore(bed.full, second);
    for (const to of [await bed.newDatabase(), bed.newDirectory()]) {
      await during(bed.full, to, () => expect(copyStore(second, to)).rejects.toThrow(/another copy into|is in use/));
    }
  });
});
