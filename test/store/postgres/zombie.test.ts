/**
 * A primary that was replaced and does not know it. It goes on answering reads, for ever; the nodes that ask it must not. No Patroni
 * is needed to see it: a synchronous standby is promoted, and the old primary is left as it is.
 */
import { expect, it } from 'vitest';
import { LEASE_MS } from '../../../src/store/postgres/lease.ts';
import { PostgresStore } from '../../../src/store/postgres/store.ts';
import { Line } from '../../line.ts';
import { APP, answerOf, begin, issueOf, makeAcme, readingOf, readTenant, revokeFamily, TENANT } from './acme.ts';
import { postgresOptions } from './options.ts';
import { Rig, until } from './rig.ts';

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

it('never says active on the old primary after a Revoke was answered on the new one', async () => {
  const { rig, standby } = await startPair();
  await using _rig = rig;
  const old = await rig.open();
  await makeAcme(old);
  const { familyId } = await begin(old);
  expect(await readingOf(old, familyId)).toBeDefined();

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
  const renewed = await PostgresStore.open(postgresOptions(standby.urlOf(rig.database)));
  rig.owns({ [Symbol.asyncDispose]: () => renewed.close() });
  answerOf(await renewed.execute(revokeFamily(familyId)));
  const answered = performance.now();
  await until('the old lease to be over', () => performance.now() > answered + 2 * LEASE_MS);
  isAsking = false;
  await asking;

  // The control: the old primary still says that the token lives, so it is the lease that kept the nodes from repeating it.
  expect(await rig.sql(`SELECT pg_is_in_recovery() AS follows, revoked_revision FROM family`)).toEqual([
    { follows: false, revoked_revision: null },
  ]);
  expect(begun.some(({ at, isActive }) => isActive && at > promoted)).toBe(true);
  expect(begun.filter(({ at, isActive }) => isActive && at > answered)).toEqual([]);
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
  await makeAcme(await rig.open());
  await rig.sql('SELECT pg_promote()', standby);
  await until('the promotion', async () => {
    const [row] = await rig.sql<{ follows: boolean }>('SELECT pg_is_in_recovery() AS follows', standby);
    return row?.follows === false;
  });

  const seen = performance.now();
  const store = await PostgresStore.open(postgresOptions(standby.urlOf(rig.database)));
  rig.owns({ [Symbol.asyncDispose]: () => store.close() });
  answerOf(await store.execute(issueOf()));
  expect(performance.now() - seen).toBeGreaterThanOrEqual(LEASE_MS);

  const next = performance.now();
  answerOf(await store.execute(issueOf()));
  expect(performance.now() - next).toBeLessThan(LEASE_MS);
});

it('leaves its connections to the old primary when new ones lead to the new one', async () => {
  const { rig, standby } = await startPair();
  await using _rig = rig;
  const line = rig.owns(await Line.start(rig.server.port));
  const url = rig.url.replace(`:${rig.server.port}/`, `:${line.port}/`);
  const store = await rig.open({ url, statementTimeoutMs: 300, answerTimeoutMs: 900 });
  await makeAcme(store);
  const { familyId } = await begin(store);
  // Every connection of its pools is used once.
  await Promise.all(Array.from({ length: 40 }, () => Promise.all([store.execute(issueOf()), store.readClient(APP)])));
  const before = await store.readClient(APP);

  line.leadTo(standby.port);
  await rig.sql('SELECT pg_promote()', standby);
  await until('the old lease to be lost', () => !store.isWritable());
  await until('a lease on the new primary', () => store.isWritable());
  answerOf(await store.execute(revokeFamily(familyId)));
  const readings = await Promise.all(
    Array.from({ length: 40 }, async () => {
      const [reading, client] = await Promise.all([readingOf(store, familyId), store.readClient(APP)]);
      return { revoked: reading?.family.revokedRevision, clientVersion: client?.clientVersion };
    }),
  );
  await Promise.all(Array.from({ length: 40 }, () => store.execute(issueOf())));

  expect(new Set(readings.map(({ revoked }) => revoked))).toEqual(new Set([1]));
  // What was known of callers is asked anew: the new primary may not have got the last change of theirs.
  expect(readings[0]?.clientVersion).toBeGreaterThan(before?.clientVersion ?? 0);
});

it('refuses to open a standby', async () => {
  const { rig, standby } = await startPair();
  await using _rig = rig;
  await (await rig.open()).close();
  await expect(PostgresStore.open(postgresOptions(standby.urlOf(rig.database)))).rejects.toThrow(
    'the address leads to a standby, which can’t be written',
  );
});
