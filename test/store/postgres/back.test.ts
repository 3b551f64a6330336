/** The log says once when PostgreSQL is away and once when it is back, also where only writes fail. */
import { expect, it } from 'vitest';
import { StoreWatch } from '../../../src/server/serving/store-watch.ts';
import { openStore } from '../../../src/store/open.ts';
import type { PostgresOptions } from '../../../src/store/postgres/options.ts';
import { eventually, LogTape } from '../../http/support.ts';
import { begin, makeAcme, readingOf } from './acme.ts';
import { PATIENT, postgresOptions } from './options.ts';
import { Rig, until } from './rig.ts';

async function openWatched(rig: Rig, options: Partial<PostgresOptions> = {}) {
  const tape = new LogTape();
  const watch = new StoreWatch({ log: tape.log, now: () => performance.now() });
  const store = await openStore(
    { kind: 'postgres', ...postgresOptions(rig.url), ...PATIENT, ...options },
    {
      clock: Date.now,
      onFault: (fault) => watch.failed(fault),
      onSuccess: (part) => watch.succeeded(part),
    },
  );
  rig.owns({ [Symbol.asyncDispose]: () => store.close() });
  watch.watch(store);
  const told = (msg: string) => tape.lines.filter((line) => line.msg === msg);
  return { store, told };
}

it('a server that went and came', async () => {
  await using rig = await Rig.start();
  // Longer than a busy machine stands still: each loss is told, and one alone is counted here.
  const { store, told } = await openWatched(rig, { leaseMs: 5_000 });
  await makeAcme(store);
  await rig.server.kill();
  // The lease is over by the clock before its timer says so.
  await eventually(() => told('the store is not well').length).toBe(1);
  await eventually(() => told('the store failed').length).toBeGreaterThan(0);
  expect(told('the store is back')).toHaveLength(0);
  await rig.server.run();
  await eventually(() => told('the store is back').length).toBe(1);
  expect(told('the store is back')).toMatchObject([{ what: 'reads and writes', awayMs: expect.any(Number) }]);
  const { familyId } = await begin(store);
  await readingOf(store, familyId);
  expect(told('the store is back')).toHaveLength(1);
});

it('writes that fail while heartbeats and reads do not', async () => {
  await using rig = await Rig.start();
  const { store, told } = await openWatched(rig);
  await makeAcme(store);
  const { familyId } = await begin(store);
  const locker = await rig.server.connect(rig.database);
  await locker.query('BEGIN; LOCK TABLE family IN SHARE MODE');
  const failing = begin(store).catch((error: unknown) => error);
  // As the server's own timeout would end it.
  await until('the write to be cancelled', async () => {
    const waiting = await rig.sql(
      `SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = 'symbolon'`,
    );
    return waiting.length > 0;
  });
  expect(await failing).toMatchObject({ code: 'store_unavailable' });
  await readingOf(store, familyId);
  expect(told('the store failed')).toMatchObject([{ what: 'writes', detail: expect.stringContaining('57014') }]);
  expect(told('the store is back')).toHaveLength(0);
  await locker.query('ROLLBACK');
  await locker.end();
  await begin(store);
  expect(told('the store is back')).toMatchObject([{ what: 'writes', readable: true, writable: true }]);
  expect(store.isWritable()).toBe(true);
});
