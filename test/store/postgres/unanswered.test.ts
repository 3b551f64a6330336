/** Servers that do not answer: a commit that waits for its replica, a line that is cut. The outcome is unknown, and repeating settles it. */
import { beforeEach, describe, expect, it } from 'vitest';
import { LEASE_MS } from '../../../src/store/postgres/lease.ts';
import { PostgresStore } from '../../../src/store/postgres/store.ts';
import { Line } from '../../line.ts';
import {
  aDigest,
  answerOf,
  begin,
  issueOf,
  make,
  makeAcme,
  readingOf,
  readTenant,
  refreshOf,
  revokeFamily,
  TENANT,
} from './acme.ts';
import { BRIEF_LEASE, IMPATIENT, PATIENT, postgresOptions } from './options.ts';
import { answered, Rig, untilLeaseLost } from './rig.ts';

async function beginInAcme(store: PostgresStore): Promise<string> {
  await makeAcme(store);
  return (await begin(store)).familyId;
}

const UNKNOWN = { code: 'store_unavailable', message: expect.stringContaining('the outcome is unknown') };

describe('a commit that waits for a replica which is not there', () => {
  let rig: Rig;

  beforeEach(async () => {
    rig = await Rig.start();
    return () => rig[Symbol.asyncDispose]();
  });

  /** But for heartbeats. */
  async function stuckInReplication(): Promise<number> {
    const rows = await rig.sql(`SELECT FROM pg_stat_activity
      WHERE wait_event = 'SyncRep' AND application_name = 'symbolon' AND query NOT LIKE '%heartbeat%'`);
    return rows.length;
  }

  it('ends as an unknown outcome, which the server’s own timeout does not do, and the repeat settles it', async () => {
    const familyId = await rig.prepare(beginInAcme);
    const store = await rig.open(IMPATIENT);
    await rig.loseReplica();

    await expect(store.execute(revokeFamily(familyId))).rejects.toMatchObject(UNKNOWN);
    expect(await stuckInReplication()).toBeGreaterThan(0);

    await rig.setting('synchronous_standby_names', '');
    answerOf(await answered(() => store.execute(revokeFamily(familyId))));
    expect((await answered(() => readingOf(store, familyId)))?.family.revokedRevision).toBe(1);
  });

  it('costs the lease, without which nothing is read, and nothing begun that would wait in the server too', async () => {
    const familyId = await rig.prepare(beginInAcme);
    const store = await rig.open(BRIEF_LEASE);
    await rig.loseReplica();
    await untilLeaseLost(store);
    expect(store.isWritable()).toBe(false);
    await expect(store.readFamily(TENANT, familyId)).rejects.toMatchObject({ code: 'store_unavailable' });
    await expect(store.execute(revokeFamily(familyId))).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(await stuckInReplication()).toBe(0);

    await rig.setting('synchronous_standby_names', '');
    expect(answerOf(await answered(() => store.execute(revokeFamily(familyId)))).revision).toBe(1);
  });

  // The first answer may have been seen by nobody but this server: a repeat that only reads it would vouch for it.
  it.each(['issue', 'refresh', 'revoke'] as const)('lets the repeat of an answered %s wait too', async (kind) => {
    await rig.prepare(makeAcme);
    const request = { requestDigest: aDigest(), fingerprint: aDigest(), box: aDigest() };
    const issue = issueOf({ request });
    const command = { issue, refresh: refreshOf(issue), revoke: revokeFamily(issue.familyId) }[kind];
    await rig.prepare(async (first) => {
      await make(first, issue);
      if (kind !== 'issue') {
        await make(first, command);
      }
    });
    const store = await rig.open(IMPATIENT);
    await rig.loseReplica();

    await expect(store.execute(command)).rejects.toMatchObject(UNKNOWN);

    await rig.setting('synchronous_standby_names', '');
    const answer = answerOf(await answered(() => store.execute(command)));
    expect(kind === 'revoke' ? answer : 'repeated' in answer).toEqual(
      kind === 'revoke' ? { revision: 1, revoked: false } : true,
    );
  });

  it('fills the server with no more of them than there are connections', async () => {
    await rig.prepare(makeAcme);
    const store = await rig.open({ ...BRIEF_LEASE, statementTimeoutMs: 300, answerTimeoutMs: 900, poolSize: 3 });
    await rig.loseReplica();
    const end = performance.now() + 4 * LEASE_MS;
    while (performance.now() < end) {
      await Promise.allSettled(Array.from({ length: 10 }, () => store.execute(issueOf())));
    }
    const [row] = await rig.sql<{ count: string }>(
      `SELECT count(*) FROM pg_stat_activity WHERE application_name = 'symbolon'`,
    );
    // Those of the pool at the moment of the loss, those that read, and heartbeats.
    expect(Number(row?.count)).toBeLessThanOrEqual(2 * 3 + 4 + 4);
  });
});

describe('a line that is cut', () => {
  it('for longer than a lease while a node starts only delays it', async () => {
    await using rig = await Rig.start();
    const line = rig.owns(await Line.start(rig.server.port));
    const url = rig.url.replace(`:${rig.server.port}/`, `:${line.port}/`);
    line.freezeAt('INSERT INTO heartbeat');
    const opening = PostgresStore.open({ ...postgresOptions(url), ...PATIENT, ...BRIEF_LEASE });
    await new Promise((resolve) => setTimeout(resolve, 2 * LEASE_MS));
    line.thaw();
    const store = await opening;
    expect(await answered(() => readTenant(store))).toBeUndefined();
    await store.close();
  });

  it('ends reads and writes within the time that they have, and both go on when it is mended', async () => {
    await using rig = await Rig.start();
    const line = rig.owns(await Line.start(rig.server.port));
    const url = rig.url.replace(`:${rig.server.port}/`, `:${line.port}/`);
    const familyId = await rig.prepare(beginInAcme);
    const store = await rig.open({ ...IMPATIENT, ...BRIEF_LEASE, url });

    line.freeze();
    const results = await Promise.allSettled([store.execute(issueOf()), readingOf(store, familyId)]);

    expect(results).toMatchObject([
      { status: 'rejected', reason: { code: 'store_unavailable' } },
      { status: 'rejected', reason: { code: 'store_unavailable' } },
    ]);
    await untilLeaseLost(store);

    line.thaw();
    answerOf(await answered(() => store.execute(issueOf())));
    expect(await answered(() => readingOf(store, familyId))).toBeDefined();
  });
});
