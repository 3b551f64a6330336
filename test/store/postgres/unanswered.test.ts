/** Servers that do not answer: a commit that waits for its replica, a line that is cut. The outcome is unknown, and repeating settles it. */
import { beforeEach, describe, expect, it } from 'vitest';
import { LEASE_MS } from '../../../src/store/postgres/lease.ts';
import { Line } from '../../line.ts';
import {
  aDigest,
  answerOf,
  begin,
  issueOf,
  make,
  makeAcme,
  readingOf,
  refreshOf,
  revokeFamily,
  TENANT,
} from './acme.ts';
import { Rig, until } from './rig.ts';

/** Longer than the statement's, shorter than a test's. */
const IMPATIENT = { statementTimeoutMs: 300, answerTimeoutMs: 900 };
const UNKNOWN = { code: 'store_unavailable', message: expect.stringContaining('the outcome is unknown') };

describe('a commit that waits for a replica which is not there', () => {
  let rig: Rig;

  beforeEach(async () => {
    rig = await Rig.start();
    return () => rig[Symbol.asyncDispose]();
  });

  async function stuckInReplication(): Promise<number> {
    const rows = await rig.sql(
      `SELECT FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND application_name = 'symbolon'`,
    );
    return rows.length;
  }

  it('ends as an unknown outcome, which the server’s own timeout does not do, and the repeat settles it', async () => {
    const store = await rig.open(IMPATIENT);
    await makeAcme(store);
    const { familyId } = await begin(store);
    await rig.loseReplica();

    await expect(store.execute(revokeFamily(familyId))).rejects.toMatchObject(UNKNOWN);

    expect(await stuckInReplication()).toBeGreaterThan(0);
    await until('the lease to be lost', () => !store.isWritable());
    expect(store.isReadable()).toBe(false);
    await expect(store.readFamily(TENANT, familyId)).rejects.toMatchObject({ code: 'store_unavailable' });
    // Not begun at all: it would only wait in the server like the first.
    const stuck = await stuckInReplication();
    await expect(store.execute(revokeFamily(familyId))).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(await stuckInReplication()).toBeLessThanOrEqual(stuck);

    await rig.setting('synchronous_standby_names', '');
    await until('the lease to be held', () => store.isWritable());
    answerOf(await store.execute(revokeFamily(familyId)));
    expect((await readingOf(store, familyId))?.family.revokedRevision).toBe(1);
  });

  // The first answer may have been seen by nobody but this server: a repeat that only reads it would vouch for it.
  it.each(['issue', 'refresh', 'revoke'] as const)('lets the repeat of an answered %s wait too', async (kind) => {
    const store = await rig.open(IMPATIENT);
    await makeAcme(store);
    const request = { requestDigest: aDigest(), fingerprint: aDigest(), box: aDigest() };
    const issue = issueOf({ request });
    await make(store, issue);
    const command = { issue, refresh: refreshOf(issue), revoke: revokeFamily(issue.familyId) }[kind];
    if (kind !== 'issue') {
      await make(store, command);
    }
    await rig.loseReplica();

    await expect(store.execute(command)).rejects.toMatchObject(UNKNOWN);

    await rig.setting('synchronous_standby_names', '');
    await until('the lease to be held', () => store.isWritable());
    const answer = answerOf(await store.execute(command));
    expect(kind === 'revoke' ? answer : 'repeated' in answer).toEqual(
      kind === 'revoke' ? { revision: 1, revoked: false } : true,
    );
  });

  it('fills the server with no more of them than there are connections', async () => {
    const store = await rig.open({ ...IMPATIENT, poolSize: 3 });
    await makeAcme(store);
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
  it('ends reads and writes within the time that they have, and both go on when it is mended', async () => {
    await using rig = await Rig.start();
    const line = rig.owns(await Line.start(rig.server.port));
    const url = rig.url.replace(`:${rig.server.port}/`, `:${line.port}/`);
    const store = await rig.open({ ...IMPATIENT, url });
    await makeAcme(store);
    const { familyId } = await begin(store);

    line.freeze();
    const results = await Promise.allSettled([store.execute(issueOf()), readingOf(store, familyId)]);

    expect(results).toMatchObject([
      { status: 'rejected', reason: { code: 'store_unavailable' } },
      { status: 'rejected', reason: { code: 'store_unavailable' } },
    ]);
    await until('the lease to be lost', () => !store.isWritable());

    line.thaw();
    await until('the lease to be held', () => store.isWritable());
    answerOf(await store.execute(issueOf()));
    expect(await readingOf(store, familyId)).toBeDefined();
  });
});
