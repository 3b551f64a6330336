/** Where an attacker found it wanting: what is not certain must not be taken for certain, and must not stay in the way. */
import { describe, expect, it } from 'vitest';
import { storeLocation } from '../../../src/config/store.ts';
import { LEASE_MS } from '../../../src/store/postgres/lease.ts';
import { PostgresStore } from '../../../src/store/postgres/store.ts';
import { Line } from '../../line.ts';
import { PostgresServer } from '../../postgres.ts';
import {
  aFamilyId,
  answerOf,
  begin,
  issueOf,
  make,
  makeAcme,
  readingOf,
  revokeFamily,
  TENANT,
  tenantOf,
} from './acme.ts';
import { BRIEF_LEASE, IMPATIENT, PATIENT, postgresOptions } from './options.ts';
import { answered, Rig, until, untilLeaseLost } from './rig.ts';

const AN_HOUR = 3_600_000;
const SOON = 400;

const POOLED = `application_name = 'symbolon' AND query NOT LIKE '%heartbeat%'`;

async function waitsForReplica(rig: Rig): Promise<boolean> {
  return (
    (await rig.sql(`SELECT FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND query NOT LIKE '%heartbeat%'`))
      .length > 0
  );
}

async function lineTo(rig: Rig): Promise<{ line: Line; url: string }> {
  const line = rig.owns(await Line.start(rig.server.port));
  return { line, url: rig.url.replace(`:${rig.server.port}/`, `:${line.port}/`) };
}

async function beginInAcme(store: PostgresStore) {
  await makeAcme(store);
  return begin(store);
}

describe('a commit whose wait for the replica was cancelled', () => {
  it('is no answer, though the server answers', async () => {
    await using rig = await Rig.start();
    const store = await rig.open();
    await makeAcme(store);
    const { familyId } = await begin(store);
    await rig.loseReplica();
    const revoking = store.execute(revokeFamily(familyId)).catch((error: unknown) => error);
    await until('the commit to wait', () => waitsForReplica(rig));
    await rig.sql(`SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND ${POOLED}`);

    expect(await revoking).toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('the outcome is unknown'),
    });
  });

  it('renews no lease', async () => {
    await using rig = await Rig.start();
    const store = await rig.open(BRIEF_LEASE);
    await rig.loseReplica();
    await untilLeaseLost(store);
    let cancelled = 0;
    await until('heartbeats to be cancelled', async () => {
      const rows = await rig.sql(`SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'`);
      cancelled += rows.length;
      expect(store.isWritable()).toBe(false);
      return cancelled >= 3;
    });
  });
});

describe('a heartbeat that nobody acknowledged', () => {
  it('makes no replica look fresh', async () => {
    await using rig = await Rig.start();
    const { familyId } = await rig.prepare(beginInAcme);
    const standby = rig.owns(await rig.server.startStandby());
    const store = await rig.open({ ...BRIEF_LEASE, replica: { url: standby.urlOf(rig.database) } });
    const read = (maxStalenessMs: number) =>
      store.readFamily(TENANT, familyId, { maxStalenessMs, atLeastRevision: 0, deadline: Date.now() + 30 });
    await rig.loseReplica();
    await untilLeaseLost(store);
    await expect(read(SOON)).rejects.toMatchObject({ code: 'store_unavailable' });

    // The old primary commits another beat by itself, and the replica that still follows it replays that.
    const before = await beatOn(rig, standby);
    await until('another beat on the replica', async () => {
      await rig.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'`);
      return (await beatOn(rig, standby)) > before;
    });
    await expect(read(SOON)).rejects.toMatchObject({ code: 'store_unavailable' });
    // It is asked, and believed by those who allow it.
    expect(await answered(() => read(AN_HOUR))).toBeDefined();
  });
});

async function beatOn(rig: Rig, server: PostgresServer): Promise<number> {
  return Number((await rig.sql<{ beat: string }>('SELECT max(beat) AS beat FROM heartbeat', server))[0]?.beat);
}

describe('a replica', () => {
  it('that has not heard of the tenant is not asked again and again', async () => {
    await using rig = await Rig.start();
    await (await rig.open()).close();
    const standby = rig.owns(await rig.server.startStandby());
    const store = await rig.open({ replica: { url: standby.urlOf(rig.database) } });
    await rig.sql('SELECT pg_wal_replay_pause()', standby);
    await make(store, tenantOf('new'));
    const reading = await store.readFamily('new', aFamilyId(), { maxStalenessMs: AN_HOUR, atLeastRevision: 0 });
    expect(reading.clientVersion).toBeGreaterThan(0);
  });

  it('that hangs is left alone, and said so', async () => {
    await using rig = await Rig.start();
    const { familyId } = await rig.prepare(beginInAcme);
    const standby = rig.owns(await rig.server.startStandby());
    const line = rig.owns(await Line.start(standby.port));
    const url = standby.urlOf(rig.database).replace(`:${standby.port}/`, `:${line.port}/`);
    const faults: string[] = [];
    const store = await rig.open({ replica: { url }, onFault: (detail) => faults.push(detail) });
    line.freeze();
    const bounds = { maxStalenessMs: AN_HOUR, atLeastRevision: 0 };
    await Promise.all(Array.from({ length: 50 }, () => store.readFamily(TENANT, familyId, bounds)));
    expect(faults).toContainEqual(expect.stringContaining('the replica gave no answer'));
  });

  it('on another machine is spoken to in secret, wherever the primary is', () => {
    const common = { dataDir: '', storePoolSize: 1, storeStatementTimeout: 1, storeAnswerTimeout: 2 };
    const told = { ...common, store: 'postgres://127.0.0.1/x', storeReplica: 'postgres://db2.example.com/x' };
    expect(storeLocation(told)).toMatchObject({ replica: { tls: {} } });
    expect(storeLocation(told)).not.toHaveProperty('tls');
  });
});

describe('a connection', () => {
  it('whose purge failed is not given to the next', async () => {
    await using rig = await Rig.start();
    const store = await rig.open({ poolSize: 1 });
    await makeAcme(store);
    const other = await rig.server.connect(rig.database);
    await other.query('BEGIN');
    await other.query('LOCK TABLE family IN SHARE MODE');
    const purging = store.purgeExpired(10).catch((error: unknown) => error);
    // As the server's own timeout would end it.
    await until('the purge to be cancelled', async () => {
      const waiting = `SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND ${POOLED}`;
      return (await rig.sql(waiting)).length > 0;
    });
    expect(await purging).toMatchObject({ code: 'store_unavailable' });
    await other.query('COMMIT');
    await other.end();
    for (let i = 0; i < 5; i++) {
      answerOf(await store.execute(issueOf()));
    }
  });

  it('that falls silent when it is asked what it is costs no place in the pool', async () => {
    await using rig = await Rig.start();
    const { line, url } = await lineTo(rig);
    await rig.prepare(makeAcme);
    const store = await rig.open({ ...IMPATIENT, ...BRIEF_LEASE, url, poolSize: 2 });
    line.freezeAt('pg_control_system');
    await rig.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${POOLED}`);
    await until('the lease to be lost', async () => {
      await Promise.allSettled(Array.from({ length: 6 }, () => store.execute(issueOf())));
      return !store.isWritable();
    });
    line.thaw();
    answerOf(await answered(() => store.execute(issueOf())));
    await store.close();
  });

  it('to a server that falls silent ends the start with a message', async () => {
    await using rig = await Rig.start();
    const { line, url } = await lineTo(rig);
    line.freezeAt('pg_control_system');
    const opening = PostgresStore.open({ ...postgresOptions(url), ...PATIENT, ...IMPATIENT });
    await expect(opening).rejects.toThrow('no answer within 3000 ms');
  });

  it('to another database cluster vouches for nothing', async () => {
    await using rig = await Rig.start();
    const { line, url } = await lineTo(rig);
    await rig.prepare(makeAcme);
    const store = await rig.open({ ...BRIEF_LEASE, url });
    const stranger = rig.owns(await PostgresServer.startApart());
    const client = await stranger.connect();
    await client.query(`CREATE DATABASE ${rig.database}`);
    await client.end();
    await (await rig.open({ url: stranger.urlOf(rig.database) })).close();
    line.leadTo(stranger.port);
    await rig.server.kill();
    await untilLeaseLost(store);
    await expect(store.execute(issueOf())).rejects.toMatchObject({ code: 'store_unavailable' });
    await new Promise((resolve) => setTimeout(resolve, LEASE_MS));
    expect(store.isReadable()).toBe(false);
  });

  it('goes on waiting for the replica when the server’s default changes', async () => {
    await using rig = await Rig.start();
    await rig.prepare(makeAcme);
    const store = await rig.open(IMPATIENT);
    await rig.setting('synchronous_commit', 'local');
    await rig.loseReplica();
    await expect(store.execute(issueOf())).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('the outcome is unknown'),
    });
  });
});

describe('the heartbeat', () => {
  it('leaves an old primary that still acknowledges when the node has seen a newer one', async () => {
    await using rig = await Rig.start();
    await rig.prepare(makeAcme);
    const standby = rig.owns(await rig.server.startStandby());
    const { line, url } = await lineTo(rig);
    const store = await rig.open({ ...IMPATIENT, ...BRIEF_LEASE, url });
    await until(
      'the standby to have the tenant',
      async () => (await rig.sql('SELECT FROM tenant', standby)).length === 1,
    );
    line.leadTo(standby.port);
    await rig.sql('SELECT pg_promote()', standby);
    await until('the promotion', async () => {
      const [row] = await rig.sql<{ follows: boolean }>('SELECT pg_is_in_recovery() AS follows', standby);
      return row?.follows === false;
    });
    await rig.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${POOLED}`);

    await until('a write on the new primary', async () => {
      await store.execute(issueOf()).catch(() => undefined);
      return (await rig.sql('SELECT FROM family', standby)).length > 0;
    });
    // Its heartbeats are there now, and not where they were.
    await until('beats there', async () => (await beatOn(rig, standby)) > (await beatOn(rig, rig.server)));
    expect(await answered(() => readingOf(store, aFamilyId()))).toBeUndefined();
  });
});

describe('an answer that comes late', () => {
  it('is not believed when the lease was lost meanwhile', async () => {
    await using rig = await Rig.start();
    const { line, url } = await lineTo(rig);
    const { familyId } = await rig.prepare(beginInAcme);
    const store = await rig.open({ ...BRIEF_LEASE, url });
    // One that the reading finds.
    await answered(() => readingOf(store, familyId));
    line.freeze();
    const frozen = performance.now();
    const reading = store.readFamily(TENANT, familyId).catch((error: unknown) => error);
    await untilLeaseLost(store);
    // The heartbeat that was on its way is given up, and the next has a connection that stays frozen: nothing renews the lease.
    await until('the heartbeat to be given up', () => performance.now() > frozen + 2 * LEASE_MS);
    line.thawFirst();
    expect(await reading).toMatchObject({ code: 'store_unavailable' });
    line.thaw();
    expect(await answered(() => readingOf(store, familyId))).toBeDefined();
  });
});

describe('a deadline', () => {
  it('that passes while a command waits for a connection leaves nothing behind', async () => {
    await using rig = await Rig.start();
    const store = await rig.open({ poolSize: 1 });
    await makeAcme(store);
    const { familyId } = await begin(store);
    const other = await rig.server.connect(rig.database);
    await other.query('BEGIN');
    await other.query('SELECT FROM tenant FOR UPDATE');
    const revoking = store.execute(revokeFamily(familyId));
    await until('the connection to be taken', async () => {
      return (await rig.sql(`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'`)).length === 1;
    });
    const late = issueOf();
    const issuing = store.execute(late, { deadline: Date.now() + 100 }).catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await other.query('COMMIT');
    await other.end();

    expect(await issuing).toMatchObject({ code: 'deadline_exceeded' });
    answerOf(await revoking);
    expect(await readingOf(store, late.familyId)).toBeUndefined();
  });
});
