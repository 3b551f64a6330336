/**
 * What ext4 makes of a checkpoint whose sync failed: it never marks the new blocks of the database file as written, however often they
 * are written again by way of the page cache. The image alone is what a power loss leaves.
 */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { SqliteStore } from '../../src/store/sqlite/store.ts';
import { checkpoint, distrust, takeOver } from '../../src/store/sqlite/wal.ts';
import { CAN_FAIL_EXT4, type Disk, failingDisk, fill, reserveForItself, smallDisk } from '../process/disk.ts';
import { eventually } from '../process/program.ts';
import { subjectOf, TENANT, tenantOf } from '../store/fixtures.ts';
import { make, TestClock, temporaryDirectory } from '../support.ts';

const HOST_BYTES = 80 * 1_048_576;
const ROWS = 2_000;
const ROW_BYTES = 4_000;
const SUBJECTS = 300;
const LONG_NAME = 'x'.repeat(250);
const SKIPPED = CAN_FAIL_EXT4 ? '' : ' (skipped: needs root, mount, loop devices and mkfs.ext4)';

interface Afflicted {
  /** Of the database. */
  readonly path: string;
  readonly host: Disk;
  /** Takes the power away, as far as what is read afterwards. */
  readonly losePower: () => void;
}

/** Has a store written on a disk that may be full, and answers the database that a power loss left. */
async function afterPowerLoss(act: (disk: Afflicted) => void | Promise<void>, look: (left: Database.Database) => void) {
  const directory = temporaryDirectory();
  try {
    using host = smallDisk(join(directory.path, 'host'), HOST_BYTES);
    const image = join(host.path, 'image');
    const copy = join(directory.path, 'after');
    reserveForItself(image, join(directory.path, 'disk'));
    {
      using disk = failingDisk(image, join(directory.path, 'disk'));
      const losePower = () => copyFileSync(image, copy);
      await act({ path: join(disk.path, 'symbolon.db'), host, losePower });
    }
    using after = failingDisk(copy, join(directory.path, 'disk-after'));
    const left = new Database(join(after.path, 'symbolon.db'));
    try {
      expect(left.pragma('integrity_check', { simple: true })).toBe('ok');
      look(left);
    } finally {
      left.close();
    }
  } finally {
    directory.remove();
  }
}

function opened(path: string): Database.Database {
  const database = new Database(path);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('wal_autocheckpoint = 0');
  return database;
}

it.skipIf(!CAN_FAIL_EXT4).each([
  [
    'the next process takes over',
    (path: string) => {
      const next = opened(path);
      takeOver(next);
      next.close();
    },
  ],
  [
    'the same connection goes on',
    (_path: string, database: Database.Database) => {
      distrust(database);
      checkpoint(database);
    },
  ],
])(`after a checkpoint whose sync failed %s, and a power loss leaves the file whole${SKIPPED}`, async (_, goOn) => {
  await afterPowerLoss(
    ({ path, host, losePower }) => {
      const database = opened(path);
      try {
        database.exec('CREATE TABLE row (id INTEGER PRIMARY KEY, body BLOB)');
        const insert = database.prepare('INSERT INTO row (body) VALUES (?)');
        database.transaction(() => {
          for (let count = 0; count < ROWS; count++) {
            insert.run(Buffer.alloc(ROW_BYTES, count));
          }
        })();
        {
          using _full = fill(host);
          expect(() => checkpoint(database)).toThrow(expect.objectContaining({ code: 'SQLITE_IOERR_FSYNC' }));
        }
        goOn(path, database);
        // The WAL begins anew with it, so that the pages are nowhere but in the database file.
        insert.run(Buffer.alloc(ROW_BYTES));
        losePower();
      } finally {
        database.close();
      }
    },
    (left) => expect(left.prepare('SELECT count(*) FROM row').pluck().get()).toBe(ROWS + 1),
  );
});

it.skipIf(!CAN_FAIL_EXT4)(
  `a store whose checkpoint failed goes on, and loses nothing by a power loss after that${SKIPPED}`,
  async () => {
    let made = 0;
    await afterPowerLoss(
      async ({ path, host, losePower }) => {
        const store = await SqliteStore.open({ path, clock: () => new TestClock().now });
        const makeSubjects = async (count: number) => {
          const ids = Array.from({ length: count }, () => `user-${made++}`);
          await Promise.all(ids.map((subjectId) => make(store, subjectOf({ subjectId, displayName: LONG_NAME }))));
        };
        const failures = () => store.figures().sqlite?.checkpointFailures ?? 0;
        try {
          await make(store, tenantOf(TENANT));
          await eventually('a checkpoint to fail', async () => {
            await makeSubjects(SUBJECTS);
            using _full = fill(host);
            // Where the last one was just before, there is nothing left to move, and the WAL says so.
            const until = performance.now() + 2_500;
            await eventually('one or the other', () => failures() > 0 || performance.now() > until);
            return failures() > 0;
          });
          await eventually('the store to be well again', () => store.isWritable());
          await makeSubjects(1);
          losePower();
        } finally {
          await store.close();
        }
      },
      (left) => expect(left.prepare('SELECT count(*) FROM subject').pluck().get()).toBe(made),
    );
  },
  120_000,
);
