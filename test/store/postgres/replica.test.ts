/** A standby that lags, asked by callers who put up with a bounded staleness. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PostgresStore } from '../../../src/store/postgres/store.ts';
import { Line } from '../../line.ts';
import type { PostgresServer } from '../../postgres.ts';
import { answerOf, begin, makeAcme, revokeFamily, TENANT } from './acme.ts';
import { Rig, until } from './rig.ts';

const AN_HOUR = 3_600_000;
const SOON = 400;

describe('a standby that lags', () => {
  let rig: Rig;
  let standby: PostgresServer;
  let line: Line;
  let store: PostgresStore;
  let familyId: string;

  beforeEach(async () => {
    rig = await Rig.start();
    await (await rig.open()).close();
    standby = rig.owns(await rig.server.startStandby());
    line = rig.owns(await Line.start(rig.server.port));
    const url = rig.url.replace(`:${rig.server.port}/`, `:${line.port}/`);
    const timeouts = { statementTimeoutMs: 300, answerTimeoutMs: 900 };
    store = await rig.open({ url, replica: { url: standby.urlOf(rig.database) }, ...timeouts });
    await makeAcme(store);
    const issued = await begin(store);
    familyId = issued.familyId;
    await until('the standby to have the token', async () => {
      const rows = await rig.sql('SELECT FROM family', standby);
      return rows.length === 1;
    });
    await rig.sql('SELECT pg_wal_replay_pause()', standby);
  });
  afterEach(() => rig[Symbol.asyncDispose]());

  async function revokedAt(maxStalenessMs: number, atLeastRevision = 0, deadline?: number) {
    const bounds = { maxStalenessMs, atLeastRevision, ...(deadline === undefined ? {} : { deadline }) };
    const { reading, revision } = await store.readFamily(TENANT, familyId, bounds);
    return { revoked: reading?.family.revokedRevision, revision };
  }

  it('is believed by those who allow it, which shows that it is asked', async () => {
    answerOf(await store.execute(revokeFamily(familyId)));
    expect(await revokedAt(AN_HOUR)).toEqual({ revoked: null, revision: 0 });
  });

  it('is not asked by those who allow nothing', async () => {
    answerOf(await store.execute(revokeFamily(familyId)));
    expect((await store.readFamily(TENANT, familyId)).revision).toBe(1);
  });

  it('is passed over when it has not reached the revision, for the primary has', async () => {
    const { revision } = answerOf(await store.execute(revokeFamily(familyId)));
    expect(await revokedAt(AN_HOUR, revision)).toEqual({ revoked: revision, revision });
  });

  it('is passed over once it is further behind than is allowed', async () => {
    answerOf(await store.execute(revokeFamily(familyId)));
    await until('the bound to be passed', async () => (await revokedAt(SOON)).revision === 1);
    expect(await revokedAt(SOON)).toEqual({ revoked: 1, revision: 1 });
    // It still is what it was for those who allow more.
    expect(await revokedAt(AN_HOUR)).toEqual({ revoked: null, revision: 0 });
  });

  it('is waited for when the primary is away, and answers when it has caught up', async () => {
    const { revision } = answerOf(await store.execute(revokeFamily(familyId)));
    line.freeze();
    await until('the lease to be lost', () => !store.isWritable());

    let isAnswered = false;
    const waiting = revokedAt(AN_HOUR, revision, Date.now() + 20_000).finally(() => {
      isAnswered = true;
    });
    await new Promise((resolve) => setTimeout(resolve, SOON));
    expect(isAnswered).toBe(false);
    await rig.sql('SELECT pg_wal_replay_resume()', standby);
    expect(await waiting).toEqual({ revoked: revision, revision });
  });

  it('ends the wait at the deadline with an error, and not with what it knows', async () => {
    const { revision } = answerOf(await store.execute(revokeFamily(familyId)));
    line.freeze();
    await until('the lease to be lost', () => !store.isWritable());

    await expect(revokedAt(AN_HOUR, revision, Date.now() + SOON)).rejects.toMatchObject({ code: 'store_unavailable' });
  });

  it('is done without when it is gone', async () => {
    await standby.kill();
    expect(await revokedAt(AN_HOUR)).toEqual({ revoked: null, revision: 0 });
    answerOf(await store.execute(revokeFamily(familyId)));
    expect(await revokedAt(AN_HOUR)).toEqual({ revoked: 1, revision: 1 });
  });
});
