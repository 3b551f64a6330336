import { closeSync, copyFileSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SqliteStore } from '../../../src/store/sqlite/store.ts';
import { TestClock, temporaryDirectory } from '../../support.ts';
import {
  ANN,
  APP,
  begin,
  clientOf,
  issueOf,
  make,
  makeAcme,
  readingOf,
  refreshOf,
  revokeFamily,
  subjectOf,
  TENANT,
  tenantOf,
} from '../postgres/acme.ts';

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;

beforeEach(() => {
  directory = temporaryDirectory();
  path = join(directory.path, 'symbolon.db');
});

afterEach(() => directory.remove());

function open(): Promise<SqliteStore> {
  return SqliteStore.open({ path, clock: new TestClock().read });
}

async function withStore(work: (store: SqliteStore) => Promise<unknown>): Promise<void> {
  const store = await open();
  try {
    await work(store);
  } finally {
    await store.close();
  }
}

describe('refuses to open', () => {
  it('a database of another program, and leaves it as it is', async () => {
    const foreign = new Database(path);
    foreign.exec('CREATE TABLE notes (text TEXT)');
    foreign.close();
    const before = readFileSync(path);

    await expect(open()).rejects.toThrow(`${path} is not a Symbolon database`);
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(statSync(`${path}-wal`, { throwIfNoEntry: false })).toBeUndefined();
  });

  it('a newer schema, and leaves it as it is', async () => {
    await withStore((store) => make(store, tenantOf(TENANT)));
    const newer = new Database(path);
    newer.pragma('user_version = 1000');
    newer.close();
    const before = readFileSync(path);

    await expect(open()).rejects.toThrow(/has schema 1000; this version of Symbolon knows \d+\. Run a newer one/);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('a file that is no database', async () => {
    writeFileSync(path, 'Dear diary, '.repeat(1_000));

    await expect(open()).rejects.toThrow('file is not a database');
  });

  it('a database that was cut off', async () => {
    await withStore((store) => make(store, tenantOf(TENANT)));
    writeFileSync(path, readFileSync(path).subarray(0, 6_000));

    await expect(open()).rejects.toThrow('malformed');
  });

  it('a path where no file can be', async () => {
    path = join(directory.path, 'nowhere', 'symbolon.db');

    await expect(open()).rejects.toThrow(/directory does not exist|unable to open/);
  });
});

it('answers with an error of the store, never with “inactive”, where a page of the file is damaged', async () => {
  let familyId = '';
  await withStore(async (store) => {
    await makeAcme(store);
    ({ familyId } = await begin(store));
  });
  overwritePagesOf('family');

  await withStore(async (store) => {
    for (const tenantId of [TENANT, null]) {
      await expect(store.readFamily(tenantId, familyId)).rejects.toMatchObject({ code: 'store_unavailable' });
    }
    await expect(store.execute(issueOf())).rejects.toMatchObject({ code: 'store_unavailable' });
  });
});

function overwritePagesOf(table: string): void {
  const database = new Database(path);
  const pageSize = Number(database.pragma('page_size', { simple: true }));
  const root = database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(table);
  database.close();
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(pageSize, 0xff), 0, pageSize, (Number(root) - 1) * pageSize);
  closeSync(file);
}

it('can be read by another program while it writes', async () => {
  await withStore(async (store) => {
    await makeAcme(store);
    const other = new Database(path, { readonly: true });
    const count = other.prepare('SELECT count(*) FROM family').pluck();
    const counts = [];
    for (let i = 0; i < 10; i++) {
      const writing = [issueOf(), issueOf()].map((command) => store.execute(command));
      count.get();
      await Promise.all(writing);
      counts.push(count.get());
    }
    other.close();

    expect(counts).toEqual(Array.from({ length: 10 }, (_, i) => 2 * (i + 1)));
  });
});

it('reads while another program holds the write lock, and writes when it lets go', async () => {
  await withStore(async (store) => {
    await makeAcme(store);
    const { familyId } = await begin(store);
    const other = new Database(path);
    other.exec('BEGIN IMMEDIATE');
    let isWritten = false;
    const writing = begin(store).then((command) => {
      isWritten = true;
      return command;
    });

    expect(await readingOf(store, familyId)).toBeDefined();
    expect(isWritten).toBe(false);
    other.exec('COMMIT');
    other.close();
    expect(await readingOf(store, (await writing).familyId)).toBeDefined();
  });
});

it('holds no read open between calls, so that the WAL can be emptied', async () => {
  await withStore(async (store) => {
    await makeAcme(store);
    await store.readClient(APP);
    const other = new Database(path);

    expect(other.pragma('wal_checkpoint(TRUNCATE)')).toEqual([{ busy: 0, log: 0, checkpointed: 0 }]);
    other.close();
  });
});

it('moves everything into one file when it closes', async () => {
  let familyId = '';
  await withStore(async (store) => {
    await makeAcme(store);
    ({ familyId } = await begin(store));
  });
  const copy = join(directory.path, 'copy.db');
  copyFileSync(path, copy);
  path = copy;

  await withStore(async (store) => expect(await readingOf(store, familyId)).toBeDefined());
});

it('writes one event into the revocation log through each door that ends tokens', async () => {
  await withStore(async (store) => {
    await makeAcme(store, { refreshRepeatWindowMs: 0 });
    const { subject, ...device } = subjectOf('th.1');
    await make(store, { ...device, subject: { ...subject, kind: 'device', vendorId: 'lamp' } });
    await make(store, clientOf('robot'));
    const [reused, revoked] = [await begin(store), await begin(store)];
    await make(store, refreshOf(reused));
    await store.execute(refreshOf(reused));
    await make(store, revokeFamily(revoked.familyId));
    await make(store, revokeFamily(revoked.familyId));
    const cutOff = { kind: 'cut_off', authority: 'server', tenantId: TENANT } as const;
    await make(store, { ...cutOff, target: { kind: 'user', id: ANN }, cause: 'revoked' });
    await make(store, { ...cutOff, target: { kind: 'device', id: 'th.1' }, cause: 'disabled' });
    await make(store, { ...cutOff, target: { kind: 'client', id: 'robot' }, cause: 'deleted' });
    await make(store, { ...cutOff, target: { kind: 'tenant', id: TENANT }, cause: 'revoked' });

    const other = new Database(path, { readonly: true });
    const log = other.prepare('SELECT tenant_id, revision, scope, key, cause FROM revocation ORDER BY revision');
    expect(log.raw().all()).toEqual([
      [TENANT, 1, 'family', reused.familyId, 'refresh_reuse'],
      [TENANT, 2, 'family', revoked.familyId, 'revoked'],
      [TENANT, 3, 'user', ANN, 'revoked'],
      [TENANT, 4, 'device', 'th.1', 'disabled'],
      [TENANT, 5, 'client', 'robot', 'deleted'],
      [TENANT, 6, 'tenant', TENANT, 'revoked'],
    ]);
    other.close();
  });
});
