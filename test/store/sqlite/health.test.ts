/** What the store says of itself: when it can't be written or read, and when its WAL has grown. */
import { expect, it } from 'vitest';
import { checkpointFault, type Fault, faultOf } from '../../../src/store/sqlite/faults.ts';
import { LARGE_WAL_BYTES, WalSize } from '../../../src/store/sqlite/wal-size.ts';
import { WriteHealth } from '../../../src/store/sqlite/write-health.ts';

const sqliteError = (code: string): Error => Object.assign(new Error('disk I/O error'), { code });
const COMMIT = faultOf(sqliteError('SQLITE_IOERR_WRITE'));
const CHECKPOINT = checkpointFault(sqliteError('SQLITE_IOERR_FSYNC'));

function healthOf() {
  const told: [boolean, Fault | undefined][] = [];
  return { told, health: new WriteHealth((isWritable, fault) => told.push([isWritable, fault])) };
}

it('tells once that something began to fail, and once that all is well again', () => {
  const { told, health } = healthOf();
  for (const fault of [undefined, COMMIT, COMMIT, undefined, undefined]) {
    health.report('commit', fault);
  }
  expect(told).toEqual([
    [false, COMMIT],
    [true, undefined],
  ]);
});

it('is not well while either of commits and checkpoints fails', () => {
  const { told, health } = healthOf();
  health.report('checkpoint', CHECKPOINT);
  health.report('commit', undefined);
  health.report('commit', COMMIT);
  health.report('checkpoint', undefined);
  health.report('commit', undefined);
  expect(told).toEqual([
    [false, CHECKPOINT],
    [false, COMMIT],
    [false, undefined],
    [true, undefined],
  ]);
});

it('ends the process for a sync that failed in a commit, and not for one in a checkpoint, which is tried again', () => {
  expect(faultOf(sqliteError('SQLITE_IOERR_FSYNC')).isFatal).toBe(true);
  expect(faultOf(sqliteError('SQLITE_IOERR_DIR_FSYNC')).isFatal).toBe(true);
  expect(CHECKPOINT).toMatchObject({ isFatal: false, code: 'store_unavailable' });
});

it('tells of a WAL that has grown, again when it has doubled, and anew when it was small in between', () => {
  const told: string[] = [];
  const size = new WalSize((notice) => told.push(notice));
  const MIB = 1024 * 1024;
  for (const mib of [64, 256, 300, 400, 599, 601, 1000, 64, 300]) {
    size.look(mib * MIB);
  }
  expect(LARGE_WAL_BYTES).toBe(256 * MIB);
  expect(told.map((notice) => notice.slice(0, 20))).toEqual([
    'the WAL has 300 MiB.',
    'the WAL has 601 MiB.',
    'the WAL has 300 MiB.',
  ]);
});
