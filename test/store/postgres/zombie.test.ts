/**
 * A primary that was replaced and does not know it. It goes on answering reads, for ever; the nodes that ask it must not. No Patroni
 * is needed to see it: a synchronous standby is promoted, and the old primary is left as it is.
 */
import { expect, it } from 'vitest';
import { PostgresStore } from '../../../src/store/postgres/store.ts';
import { Line } from '../../line.ts';
import { APP, answerOf, begin, issueOf, makeAcme, readingOf, readTenant, revokeFamily, TENANT } from './acme.ts';
import { IMPATIENT, PATIENT, postgresOptions } from './options.ts';
import { answered, Rig, until, untilLeaseLost } from './rig.ts';

/** As all nodes believe it here: long enough that a promotion ends within it on a busy machine. */
const LEASE = { leaseMs: 4_000 };
const WRITES = 10;

async function startPair(): Promise<{ rig: Rig; standby: Awaited<ReturnType<Rig['server']['startStandby']>> }> {
  const rig = await Rig.start();
  const standby = rig.owns(await rig.server.startStandby());
  await rig.setting('synchronous_standby_names', 'standby');
  await until('the standby to be synchronous', async () => {
    const rows = await rig.sql(`SELECT FROM pg_stat_replication WHERE sync_state = 'sync' AND state = 'streaming'`);
    return rows.length === 1;
  });
  return { rig, standby };
}

async function beginInAcme(store: PostgresStore) {
  await makeAcme(store);
  return begin(store);
}

it('never says active on the old primary after a Revoke was answered on the new one', async () => {
  const { rig, standby } = await startPair();
  await using _rig = rig;
  const { familyId } = await rig.prepare(beginInAcme);
  const old = await rig.open(LEASE);
  expect(await answered(() => readingOf(old, familyId))).toBeDefined();

  // Calls begin every moment, and each is kept with the time at which it began.
  const begun: { at: number; isActive: boolean }[] = [];
  let isAsking = true;
  const asking = (async () => {
    while (isAsking) {
      const at = performance.now();
      const reading = await readingOf(old, familyId).catch(() => undefined);
      begun.push({ at, isActive: reading !== undefined && reading.family.revokedRevision === null });
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  })();
  await until('some answers', () => begun.length > 20);

  await rig.sql('SELECT pg_promote()', standby);
  const promoted = performance.now();
  const renewed = await rig.open({ ...LEASE, url: standby.urlOf(rig.database) });
  answerOf(await answered(() => renewed.execute(revokeFamily(familyId))));
  const revoked = performance.now();
  await untilLeaseLost(old, LEASE);
  isAsking = false;
  await asking;

  // The control: the old primary still says that the token lives, so it is the lease that kept the nodes from repeating it.
  expect(await rig.sql(`SELECT pg_is_in_recovery() AS follows, revoked_revision FROM family`)).toEqual([
    { follows: false, revoked_revision: null },
  ]);
  expect(begun.some(({ at, isActive }) => isActive && at > promoted)).toBe(true);
  expect(begun.filter(({ at, isActive }) => isActive && at > revoked)).toEqual([]);
  expect(old.isWritable()).toBe(false);
  await expect(old.readFamily(TENANT, familyId)).rejects.toMatchObject({ code: 'store_unavailable' });
  await expect(readTenant(old)).rejects.toMatchObject({ code: 'store_unavailable' });
  // Not even a refusal may be told by what it says: a client would throw its refresh token away.
  const refused = issueOf({ proof: { by: 'password', passwordHash: 'another' } });
  await expect(old.execute(refused)).rejects.toMatchObject({ code: 'store_unavailable' });
});

it('answers the first write on a new timeline only when no node can hold a lease on the old one', async () => {
  const { rig, standby } = await startPair();
  await using _rig = rig;
  await rig.prepare(makeAcme);
  await rig.sql('SELECT pg_promote()', standby);
  await until('the promotion', async () => {
    const [row] = await rig.sql<{ follows: boolean }>('SELECT pg_is_in_recovery() AS follows', standby);
    return row?.follows === false;
  });

  const seen = performance.now();
  const store = await rig.open({ ...LEASE, url: standby.urlOf(rig.database) });
  answerOf(await answered(() => store.execute(issueOf())));
  expect(performance.now() - seen).toBeGreaterThanOrEqual(LEASE.leaseMs);

  // If each waited, they would take ten times as long as the first.
  const next = performance.now();
  for (let i = 0; i < WRITES; i++) {
    answerOf(await answered(() => store.execute(issueOf())));
  }
  expect(performance.now() - next).toBeLessThan(WRITES * LEASE.leaseMs);
});

it('leaves its connections to the old primary when new ones lead to the new one', async () => {
  const { rig, standby } = await startPair();
  await using _rig = rig;
  const line = rig.owns(await Line.start(rig.server.port));
  const url = rig.url.replace(`:${rig.server.port}/`, `:${line.port}/`);
  const { familyId } = await rig.prepare(beginInAcme);
  const store = await rig.open({ ...LEASE, ...IMPATIENT, url });
  const issue = () => answered(() => store.execute(issueOf()));
  const readClient = () => answered(() => store.readClient(APP));
  // Every connection of its pools is used once.
  await Promise.all(Array.from({ length: 40 }, () => Promise.all([issue(), readClient()])));
  const before = await readClient();

  line.leadTo(standby.port);
  await rig.sql('SELECT pg_promote()', standby);
  await untilLeaseLost(store, LEASE);
  const { revision } = answerOf(await answered(() => store.execute(revokeFamily(familyId))));
  const readings = await Promise.all(
    Array.from({ length: 40 }, async () => {
      const [reading, client] = await Promise.all([answered(() => readingOf(store, familyId)), readClient()]);
      return { revoked: reading?.family.revokedRevision, clientVersion: client?.clientVersion };
    }),
  );
  await Promise.all(Array.from({ length: 40 }, issue));

  expect(new Set(readings.map(({ revoked }) => revoked))).toEqual(new Set([revision]));
  // What was known of callers is asked anew: the new primary may not have got the last change of theirs.
  expect(readings[0]?.clientVersion).toBeGreaterThan(before?.clientVersion ?? 0);
});

it('refuses to open a standby', async () => {
  const { rig, standby } = await startPair();
  await using _rig = rig;
  await (await rig.open()).close();
  await expect(PostgresStore.open({ ...postgresOptions(standby.urlOf(rig.database)), ...PATIENT })).rejects.toThrow(
    'the address leads to a standby, which can’t be written',
  );
});
