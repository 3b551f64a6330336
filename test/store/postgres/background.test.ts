/** What nodes share beside their calls: the schema and the purge. */
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { TABLES } from '../../../src/core/tables/index.ts';
import { Purging } from '../../../src/server/purging.ts';
import { LOCK_SPACE, PURGE_LOCK } from '../../../src/store/postgres/advisory-locks.ts';
import { migrate } from '../../../src/store/postgres/migrations.ts';
import { STEPS } from '../../../src/store/postgres/schema.ts';
import type { PostgresStore } from '../../../src/store/postgres/store.ts';
import { TestClock } from '../../support.ts';
import { answerOf, begin, issueOf, makeAcme, readingOf, refreshOf, revokeFamily } from './acme.ts';
import { IMPATIENT } from './options.ts';
import { Rig, until } from './rig.ts';

const YEAR = 365 * 24 * 3_600_000;

/** A step such as the next version might have: it adds, and takes nothing away. */
const NEXT_STEP = TABLES.map(({ name }) => `ALTER TABLE ${name} ADD COLUMN added TEXT NOT NULL DEFAULT 'new';`).join(
  '\n',
);

async function migrateTo(rig: Rig, steps: readonly string[]): Promise<void> {
  const client = await rig.server.connect(rig.database);
  try {
    await migrate(client, { steps });
  } finally {
    await client.end();
  }
}

describe('the schema', () => {
  it('is made once by nodes that start together', async () => {
    await using rig = await Rig.start();
    const stores = await Promise.all(Array.from({ length: 5 }, () => rig.open()));
    await makeAcme(stores[0] as PostgresStore);
    expect(await rig.sql('SELECT version FROM schema_version')).toEqual([{ version: STEPS.length }]);
  });

  it('moves on while nodes of this version serve, and they go on', async () => {
    await using rig = await Rig.start();
    const store = await rig.open();
    await makeAcme(store);
    const issued = await begin(store);
    const { familyId } = issued;

    await Promise.all([
      migrateTo(rig, [...STEPS, NEXT_STEP]),
      ...Array.from({ length: 30 }, async () => answerOf(await store.execute(issueOf()))),
    ]);

    answerOf(await store.execute(refreshOf(issued)));
    answerOf(await store.execute(revokeFamily(familyId)));
    answerOf(await store.execute(issueOf()));
    expect((await readingOf(store, familyId))?.family.revokedRevision).toBe(1);
  });

  it('of a newer version is refused', async () => {
    await using rig = await Rig.start();
    await migrateTo(rig, [...STEPS, NEXT_STEP]);
    await expect(rig.open()).rejects.toThrow(
      `the database has schema ${STEPS.length + 1}; this version of Symbolon knows ${STEPS.length}. Run a newer one`,
    );
  });

  it('of another program is refused and left alone', async () => {
    await using rig = await Rig.start();
    await rig.sql('CREATE TABLE tenant (flat INTEGER)');
    await expect(rig.open()).rejects.toThrow('Give Symbolon a database of its own');
    expect(await rig.sql(`SELECT FROM pg_tables WHERE schemaname = 'public'`)).toHaveLength(1);
  });

  it('is all or nothing', async () => {
    await using rig = await Rig.start();
    await expect(migrateTo(rig, [...STEPS, 'CREATE TABLE half (a INTEGER); SELECT 1 / 0;'])).rejects.toThrow(
      'division',
    );
    expect(await rig.sql(`SELECT FROM pg_tables WHERE schemaname = 'public'`)).toEqual([]);
    await rig.open();
  });

  it('waits for a lock in short turns, so that nobody waits long behind it', async () => {
    await using rig = await Rig.start();
    const store = await rig.open();
    await makeAcme(store);
    const other = await rig.server.connect(rig.database);
    await other.query('BEGIN');
    await other.query('LOCK TABLE family IN ACCESS SHARE MODE');
    const migrating = migrateTo(rig, [...STEPS, NEXT_STEP]);
    await until('the migration to wait', async () => {
      const rows = await rig.sql(
        `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%ALTER%'`,
      );
      return rows.length === 1;
    });
    // Behind it, for a turn, which is shorter than what a call waits at most.
    answerOf(await store.execute(issueOf()));
    await other.query('COMMIT');
    await other.end();
    await migrating;
    answerOf(await store.execute(issueOf()));
  });
});

describe('the server', () => {
  it('with fsync off is refused', async () => {
    await using rig = await Rig.start();
    await rig.setting('fsync', 'off');
    await expect(rig.open()).rejects.toThrow('the server has fsync off');
  });

  it('that acknowledges early by default does not for us', async () => {
    await using rig = await Rig.start();
    await rig.setting('synchronous_commit', 'off');
    await rig.prepare(makeAcme);
    const store = await rig.open(IMPATIENT);
    await rig.loseReplica();
    // With commits that wait for nobody, this would be answered.
    await expect(store.execute(issueOf())).rejects.toMatchObject({ code: 'store_unavailable' });
  });
});

describe('the purge', () => {
  it('is done by one node at a time, and by another when that one dies', async () => {
    await using rig = await Rig.start();
    const clock = new TestClock();
    const store = await rig.open({ clock: clock.read });
    await makeAcme(store, { defaultTokenLifetimeMs: 1_000, refreshLifetimeMs: 1_000 });
    await begin(store);
    clock.advance(2_000);

    const other = await rig.server.connect(rig.database);
    await other.query('BEGIN');
    await other.query('SELECT pg_advisory_xact_lock($1, $2)', [LOCK_SPACE, PURGE_LOCK]);
    expect(await store.purgeExpired(100)).toBe(0);
    await rig.sql(`SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'`);
    await other.end().catch(() => undefined);
    // The lock is free once that process has ended.
    await until('the login to be purged', async () => (await store.purgeExpired(100)) === 1);
  });

  it('is nothing to a node whose clock is not the database’s, and the others go on', async () => {
    await using rig = await Rig.start();
    const ahead = () => Date.now() + YEAR;
    const [wrong, right] = [await rig.open({ clock: ahead }), await rig.open({ clock: Date.now })];
    expect(Math.abs((await right.readTime()) - Date.now())).toBeLessThan(60_000);
    await makeAcme(right, { defaultTokenLifetimeMs: 1_000, refreshLifetimeMs: 1_000 });
    await begin(right);
    const purgingOf = (store: PostgresStore, clock: () => number) =>
      new Purging({ store, log: pino({ level: 'silent' }), clock, monotonic: () => performance.now() });
    const [byWrong, byRight] = [purgingOf(wrong, ahead), purgingOf(right, Date.now)];
    expect(await byWrong.purge()).toBe(0);
    expect(await rig.sql('SELECT horizon FROM purge_horizon')).toEqual([]);
    await until('the login to be purged', async () => (await byRight.purge()) === 1);
    expect(await rig.sql('SELECT FROM family')).toEqual([]);
  });

  it('of two nodes at once deletes each row once', async () => {
    await using rig = await Rig.start();
    const clock = new TestClock();
    const stores = await Promise.all([rig.open({ clock: clock.read }), rig.open({ clock: clock.read })]);
    await makeAcme(stores[0], { defaultTokenLifetimeMs: 1_000, refreshLifetimeMs: 1_000 });
    await Promise.all(Array.from({ length: 40 }, () => begin(stores[0])));
    clock.advance(2_000);
    let purged = 0;
    while ((await rig.sql('SELECT FROM family LIMIT 1')).length > 0) {
      const counts = await Promise.all(stores.map((store) => store.purgeExpired(7)));
      purged += counts.reduce((sum, count) => sum + count, 0);
    }
    expect(purged).toBe(40);
  });
});
