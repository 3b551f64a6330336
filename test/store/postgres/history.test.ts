/** A database that lost its end: revisions leap before anything is answered, so that nobody goes on in a log that is another now. */
import { expect, it } from 'vitest';
import { leapOf } from '../../../src/core/rules/leap.ts';
import { BEAT } from '../../../src/store/postgres/heartbeat-row.ts';
import { Line } from '../../line.ts';
import { answerOf, begin, makeAcme, readingOf, readTenant, revokeFamily, TENANT } from './acme.ts';
import { answered, Rig, until } from './rig.ts';

/** Long enough for a busy machine, and the first writes on a new timeline wait for it. */
const LEASE = { leaseMs: 4_000 };
const HOUR = 3_600_000;

async function logAfter(store: Awaited<ReturnType<Rig['open']>>, after: number) {
  const [reading] = await answered(() => store.readRevocations([{ tenantId: TENANT, after }], 10));
  return reading;
}

it('a standby is promoted that lacks what was acknowledged, and its revisions are not given again', async () => {
  await using rig = await Rig.start();
  const replication = rig.owns(await Line.start(rig.server.port));
  const standby = rig.owns(await rig.server.startStandby(replication.port));
  const line = rig.owns(await Line.start(rig.server.port));
  const notices: string[] = [];
  const url = `postgres://postgres@127.0.0.1:${line.port}/${rig.database}`;
  const store = await rig.open({ ...LEASE, url, onNotice: (notice) => notices.push(notice) });
  await makeAcme(store);
  const [lost, other] = [(await begin(store)).familyId, (await begin(store)).familyId];
  const before = await readTenant(store);
  await until('the standby to have it', async () => (await rig.sql('SELECT FROM family', standby)).length === 2);
  replication.freeze();
  const { revision } = answerOf(await answered(() => store.execute(revokeFamily(lost))));
  await rig.sql('SELECT pg_promote()', standby);
  await rig.server.kill();
  line.leadTo(standby.port);
  line.cut();

  // Who is answered first is answered after the leap: that node held no lease before it.
  const reading = await logAfter(store, revision);
  expect(reading).toMatchObject({ isLost: true, timeline: 2 });
  expect(reading?.revision).toBeGreaterThan(1_000_000_000);
  const again = answerOf(await answered(() => store.execute(revokeFamily(other))));
  expect(again.revision).toBe((reading?.revision ?? 0) + 1);
  expect((await logAfter(store, revision))?.isLost).toBe(true);
  // What was lost is lost: the token lives again, until somebody says that it shall not.
  expect((await answered(() => readingOf(store, lost)))?.family.revokedRevision).toBeNull();
  expect((await readTenant(store))?.clientVersion).toBeGreaterThan((before?.clientVersion ?? 0) + 999_999);
  expect(notices).toEqual([expect.stringContaining('the primary is on timeline 2, and it was 1 before')]);
});

it('a database of another cluster: once, however many nodes come', async () => {
  await using rig = await Rig.start();
  await rig.prepare(makeAcme);
  const first = await rig.open();
  expect((await readTenant(first))?.revision).toBeLessThan(1_000);
  await rig.sql(`UPDATE history SET system = 'another'`);
  const notices: string[] = [];
  const onNotice = (notice: string) => notices.push(notice);
  const [second] = await Promise.all([rig.open({ onNotice }), rig.open({ onNotice }), rig.open({ onNotice })]);
  const leapt = await readTenant(second);
  expect(notices).toEqual([expect.stringContaining('another cluster')]);
  await rig.open({ onNotice });
  expect(await readTenant(second)).toEqual(leapt);
});

it.each([
  ['which was acknowledged', 'UPDATE heartbeat SET beat = 1', 'it lacks what it had acknowledged'],
  ['of a server that was away for too long', 'DELETE FROM heartbeat', 'this server was away for a day or more'],
])('a database that lacks a heartbeat %s', async (_, loss, why) => {
  await using rig = await Rig.start();
  const notices: string[] = [];
  const store = await rig.open({ ...LEASE, onNotice: (notice) => notices.push(notice) });
  await makeAcme(store);
  const { revision } = (await answered(() => readTenant(store))) ?? { revision: -1 };
  // As a database comes back that was restored while nodes waited for it.
  await until('a heartbeat', async () => (await rig.sql('SELECT FROM heartbeat WHERE beat > 1')).length > 0);
  await rig.sql(`BEGIN; ${loss};
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'symbolon'; COMMIT`);
  await until('the leap', () => notices.length > 0);
  expect(notices[0]).toContain(why);
  expect((await logAfter(store, revision))?.isLost).toBe(true);
});

it('does not go back by a heartbeat that was held up on its way', async () => {
  await using rig = await Rig.start();
  await rig.prepare(makeAcme);
  const client = await rig.server.connect(rig.database);
  for (const beat of [7, 3]) {
    await client.query({ ...BEAT, values: ['a node', beat] });
  }
  await client.end();
  expect(await rig.sql(`SELECT beat::int FROM heartbeat WHERE node_id = 'a node'`)).toEqual([{ beat: 7 }]);
});

it('takes its time, longer than any other statement has, and others wait for it', async () => {
  await using rig = await Rig.start();
  const before = await rig.prepare(async (store) => {
    await makeAcme(store);
    return readTenant(store);
  });
  await rig.sql('UPDATE history SET timeline = 7');
  const other = await rig.server.connect(rig.database);
  await other.query('BEGIN');
  await other.query('SELECT FROM tenant FOR UPDATE');
  const notices: string[] = [];
  const brief = { statementTimeoutMs: 2_000, leaseMs: 1_000, onNotice: (notice: string) => notices.push(notice) };
  const opening = Promise.all([rig.open(brief), rig.open(brief)]);
  const waiting = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND clock_timestamp() - query_start > interval '3 seconds'`;
  await until('both to wait for long', async () => (await rig.sql(waiting)).length === 2);
  await other.query('COMMIT');
  await other.end();
  const [store] = await opening;
  expect((await answered(() => readTenant(store)))?.revision).toBeGreaterThan((before?.revision ?? 0) + 999_999_999);
  expect(notices).toHaveLength(1);
});

it('leaps as the core does', async () => {
  await using rig = await Rig.start();
  const store = await rig.open();
  await makeAcme(store);
  const cases = [
    // The clock is at the upper half of what it is rounded to in one time of two.
    ...Array.from({ length: 10 }, () => ({ revision: 7, client_version: 3 })),
    { revision: 1_000 * (Date.now() + HOUR), client_version: Math.floor((Date.now() + HOUR) / 10) },
  ];
  for (const { revision, client_version } of cases) {
    await rig.sql(`UPDATE tenant SET revision = ${revision}, client_version = ${client_version}`);
    const tenant = await readTenant(store);
    await rig.sql('UPDATE history SET timeline = 7');
    await rig.open();
    const leapt = await readTenant(store);
    // The database's clock was read a moment before, and has microseconds: it may be within this millisecond.
    const core = leapOf(tenant as NonNullable<typeof tenant>, Date.now() + 1);
    expect(leapt?.revision).toBeGreaterThan(core.revision - 1_000 * HOUR);
    expect(leapt?.revision).toBeLessThanOrEqual(core.revision);
    expect(leapt?.clientVersion).toBeGreaterThan(core.clientVersion - HOUR / 10);
    expect(leapt?.clientVersion).toBeLessThanOrEqual(core.clientVersion);
  }
});
