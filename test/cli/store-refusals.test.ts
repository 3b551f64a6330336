/** What `symbolon store backup|restore` refuse, in one line each, and that nothing is left behind. */
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeWhole } from '../../src/files/whole.ts';
import { CAN_MOUNT, fill, readOnlyDisk, smallDisk } from '../process/disk.ts';
import { runProgram } from '../process/program.ts';
import { ServerProcess } from '../process/server-process.ts';
import { Workspace } from './workspace.ts';

const MIB = 1_048_576;

let workspace: Workspace;
let root: string;
/** A sound backup of a store with one tenant. */
let backup: string;

beforeAll(async () => {
  workspace = new Workspace();
  root = dirname(workspace.path);
  backup = join(root, 'sound.db');
  await workspace.text(['init']);
  await workspace.text(['tenant', 'create', 'acme']);
  await workspace.text(['user', 'create', '--tenant', 'acme', '--login-name', 'ann']);
  await workspace.text(['store', 'backup', '--to', backup]);
});
afterAll(() => workspace[Symbol.dispose]());

/** A copy of the backup to which something was done. */
function altered(name: string, ...statements: string[]): string {
  const file = join(root, name);
  copyFileSync(backup, file);
  const database = new Database(file);
  for (const statement of statements) {
    database.exec(statement);
  }
  database.close();
  return file;
}

const INVALID_ROW = ['PRAGMA ignore_check_constraints = ON', "UPDATE subject SET kind = 'robot'"];
const DANGLING = ['PRAGMA foreign_keys = OFF', 'DELETE FROM subject'];
const NEWER = ['PRAGMA user_version = 99'];

function storeFilesIn(directory: string): string[] {
  return readdirSync(directory).filter((name) => name.startsWith('symbolon.db'));
}

describe('a store that is said to be elsewhere', () => {
  it.each([
    ['backup', '--to', 'x.db'],
    ['restore', '--from', 'x.db'],
  ])('is not what `store %s` works on', async (...args) => {
    const env = { SYMBOLON_STORE: 'postgres://symbolon:hunter2@db/x' };
    const { code, stderr } = await runProgram(['store', ...args], { env });
    expect(code).toBe(2);
    expect(stderr).toBe(
      'error: --store (or SYMBOLON_STORE) says PostgreSQL, and this is for SQLite. ' +
        'Back up PostgreSQL by its own means (docs/operations.md), or say --store sqlite\n',
    );
  });
});

describe('store backup', () => {
  it('replaces no file, and leaves it as it is', async () => {
    const target = join(root, 'precious.txt');
    writeFileSync(target, 'precious');
    expect(await workspace.refusal(['store', 'backup', '--to', target])).toBe(
      `${target} is there already, and a backup replaces no file. Name another with --to`,
    );
    const store = join(workspace.path, 'symbolon.db');
    expect(await workspace.refusal(['store', 'backup', '--to', store])).toContain(`${store} is there already`);
    expect(readFileSync(target, 'utf8')).toBe('precious');
  });

  it('replaces no file that appears while it is written', async () => {
    const directory = join(root, 'race');
    mkdirSync(directory);
    const target = join(directory, 'backup.db');
    const written = writeWhole(target, (draft) => {
      expect(statSync(draft).mode & 0o777).toBe(0o600);
      writeFileSync(draft, 'late');
      writeFileSync(target, 'first');
    });
    await expect(written).rejects.toThrow('EEXIST');
    expect(readFileSync(target, 'utf8')).toBe('first');
    expect(readdirSync(directory)).toEqual(['backup.db']);
  });

  it('refuses a directory without a store, and makes none', async () => {
    using empty = new Workspace();
    const target = join(root, 'none.db');
    expect(await empty.refusal(['store', 'backup', '--to', target])).toBe(
      `there is no store in ${empty.path}. Make one with \`symbolon init\`, or name another directory with --data-dir`,
    );
    expect(() => statSync(empty.path)).toThrow('ENOENT');
    expect(() => statSync(target)).toThrow('ENOENT');
  });

  it('refuses a target in a directory that is not there', async () => {
    const target = join(root, 'nowhere', 'backup.db');
    expect(await workspace.refusal(['store', 'backup', '--to', target])).toBe(
      `can't back up ${workspace.path} to ${target}: ENOENT. Nothing was made; put that right, or name another file with --to`,
    );
  });

  it.each([
    ['a store that is damaged', INVALID_ROW, 'is damaged: CHECK constraint failed in subject'],
    ['a store with a dangling reference', DANGLING, 'is damaged: a handle names a subject that is not there'],
    ['a store of a newer version', NEWER, /has schema 99; this version of Symbolon knows \d+\. Run a newer one/],
    ['a file of another program', ['PRAGMA application_id = 1'], 'is not a Symbolon database'],
    ['an empty store', undefined, 'is empty'],
  ])('refuses %s, and leaves nothing behind', async (title, statements, message) => {
    using other = new Workspace();
    mkdirSync(other.path);
    const store = join(other.path, 'symbolon.db');
    if (statements === undefined) {
      writeFileSync(store, '');
    } else {
      copyFileSync(altered(`${title}.db`, ...statements), store);
    }
    const target = join(dirname(other.path), 'backup.db');
    expect(await other.refusal(['store', 'backup', '--to', target])).toMatch(message);
    expect(readdirSync(dirname(other.path))).toEqual(['data']);
  });

  it.skipIf(!CAN_MOUNT)('leaves nothing behind on a full disk, and works when there is room', async () => {
    using disk = smallDisk(join(root, 'full'), MIB);
    const target = join(disk.path, 'backup.db');
    {
      using _filler = fill(disk);
      expect(await workspace.refusal(['store', 'backup', '--to', target])).toMatch(
        /^can't back up .*: (database or disk is full \(SQLITE_FULL\)|ENOSPC)\. Nothing was made/,
      );
      expect(readdirSync(disk.path)).toEqual(['filler']);
    }
    await workspace.text(['store', 'backup', '--to', target]);
    expect(readdirSync(disk.path)).toEqual(['backup.db']);
  });

  it.skipIf(!CAN_MOUNT)('refuses a directory that can’t be written', async () => {
    using disk = readOnlyDisk(join(root, 'read-only'));
    const target = join(disk.path, 'backup.db');
    expect(await workspace.refusal(['store', 'backup', '--to', target])).toMatch(/: EROFS\. Nothing was made/);
  });
});

describe('store restore', () => {
  it('closes to others what they could read', async () => {
    using other = new Workspace();
    const open = join(root, 'open.db');
    copyFileSync(backup, open);
    chmodSync(open, 0o644);
    await other.text(['store', 'restore', '--from', open]);
    expect(statSync(join(other.path, 'symbolon.db')).mode & 0o777).toBe(0o600);
    expect(storeFilesIn(other.path)).toEqual(['symbolon.db']);
    // Restored means usable.
    expect(await other.refusal(['tenant', 'create', 'acme'])).toBe('The id acme is taken');
  });

  it('takes the file of a server that was stopped, which is in WAL mode', async () => {
    using other = new Workspace();
    expect(await other.json(['store', 'restore', '--from', join(workspace.path, 'symbolon.db')])).toMatchObject({
      tenants: 1,
      tenants_cut_off: 1,
    });
    expect(storeFilesIn(other.path)).toEqual(['symbolon.db']);
    const restored = new Database(join(other.path, 'symbolon.db'));
    expect(restored.pragma('journal_mode', { simple: true })).toBe('delete');
    restored.close();
  });

  it('refuses a directory that a server holds', async () => {
    using other = new Workspace();
    await using server = await ServerProcess.start({ dataDir: other.path });
    expect(await other.refusal(['store', 'restore', '--from', backup])).toBe(
      `the data directory ${other.path} is in use by another symbolon server (process ${server.pid}). ` +
        'Stop that one, or name another directory with --data-dir: SQLite serves one server',
    );
  });

  it.each(['symbolon.db', 'symbolon.db-wal', 'symbolon.db-journal'])(
    'refuses a directory in which there is a %s, and leaves it as it is',
    async (name) => {
      using other = new Workspace();
      mkdirSync(other.path);
      const found = join(other.path, name);
      writeFileSync(found, 'precious');
      expect(await other.refusal(['store', 'restore', '--from', backup])).toBe(
        `${found} is there already, and a restored store replaces none. Move symbolon.db away, with symbolon.db-wal and ` +
          'symbolon.db-shm if they are there, or name another directory with --data-dir',
      );
      expect(storeFilesIn(other.path)).toEqual([name]);
      expect(readFileSync(found, 'utf8')).toBe('precious');
    },
  );

  it('refuses a file that is not there, before it makes the directory', async () => {
    using other = new Workspace();
    for (const from of [join(root, 'nothing.db'), root]) {
      expect(await other.refusal(['store', 'restore', '--from', from])).toBe(
        `there is no backup ${from}. Name one with --from`,
      );
    }
    expect(() => statSync(other.path)).toThrow('ENOENT');
  });

  it('refuses a store whose last writes are in a WAL beside it', async () => {
    using other = new Workspace();
    await using server = await ServerProcess.startDemo({ dataDir: other.path });
    using target = new Workspace();
    const from = join(server.dataDir, 'symbolon.db');
    expect(await target.refusal(['store', 'restore', '--from', from])).toBe(
      `${from} is no backup but a store that is in use, or was left by a server that died: ${from}-wal is beside it and may hold ` +
        'its last writes. Make a backup of its directory with `symbolon store backup` and restore that',
    );
  });

  const cases: [string, (name: string) => string, string | RegExp][] = [
    ['a text', (name) => written(name, 'not a database'.repeat(100)), 'file is not a database (SQLITE_NOTADB)'],
    ['an empty file', (name) => written(name, ''), 'is empty'],
    ['half a backup', (name) => halved(name), /is damaged|malformed|disk image|SQLITE_CORRUPT/],
    ['a file of another program', (name) => altered(name, 'PRAGMA application_id = 1'), 'is not a Symbolon database'],
    ['a newer schema', (name) => altered(name, ...NEWER), /has schema 99; this version of Symbolon knows \d+\./],
    ['an invalid row', (name) => altered(name, ...INVALID_ROW), 'is damaged: CHECK constraint failed in subject'],
    ['a dangling reference', (name) => altered(name, ...DANGLING), 'is damaged: a handle names a subject that is'],
  ];

  function written(name: string, content: string): string {
    const file = join(root, name);
    writeFileSync(file, content);
    return file;
  }

  function halved(name: string): string {
    const file = altered(name);
    truncateSync(file, statSync(file).size / 2);
    return file;
  }

  it.each(cases)('refuses %s, and leaves nothing behind', async (title, make, message) => {
    using other = new Workspace();
    const from = make(`restore ${title}.db`);
    const line = await other.refusal(['store', 'restore', '--from', from]);
    expect(line).toMatch(message);
    expect(line).toContain(`can't restore ${from} into ${other.path}: `);
    expect(storeFilesIn(other.path)).toEqual([]);
  });

  it.skipIf(!CAN_MOUNT)('leaves nothing behind on a full disk', async () => {
    using other = new Workspace();
    using disk = smallDisk(other.path, MIB);
    // The lock needs a little room too; what is left after it is too little for the store.
    writeFileSync(join(disk.path, 'filler'), Buffer.alloc(MIB - 64 * 1_024));
    expect(await other.refusal(['store', 'restore', '--from', backup])).toMatch(/ENOSPC|SQLITE_FULL/);
    expect(storeFilesIn(disk.path)).toEqual([]);
  });
});
