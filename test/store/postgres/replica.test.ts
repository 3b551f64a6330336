/** A standby that lags, asked by callers who put up with a bounded staleness. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PostgresOptions } from '../../../src/store/postgres/options.ts';
import type { PostgresStore } from '../../../src/store/postgres/store.ts';
import { PATIENTLY } from '../../core/fixtures.ts';
import { Line } from '../../line.ts';
import type { PostgresServer } from '../../postgres.ts';
import { answerOf, begin, makeAcme, revokeFamily, TENANT } from './acme.ts';
import { BRIEF_LEASE, IMPATIENT } from './options.ts';
import { Rig, until, untilLeaseLost } from './rig.ts';

const AN_HOUR = 3_600_000;
const SOON = 400;

describe('a standby that lags', () => {
  let rig: Rig;
  let standby: PostgresServer;
  let line: Line;
  let open: (options?: Partial<PostgresOptions>) => Promise<PostgresStore>;
  let store: PostgresStore;
  let familyId: string;

  beforeEach(async () => {
    rig = await Rig.start();
    ({ familyId } = await rig.prepare(async (first) => {
      await makeAcme(first);
      return begin(first);
    }));
    standby = rig.owns(await rig.server.startStandby());
    line = rig.owns(await Line.start(rig.server.port));
    open = (options) => rig.open({ replica: { url: standby.urlOf(rig.database) }, ...options });
    store = await open();
    await until('the standby to have the token and a heartbeat', async () => {
      const [row] = await rig.sql(`SELECT FROM family, heartbeat`, standby);
      return row !== undefined;
    });
    await rig.sql('SELECT pg_wal_replay_pause()', standby);
  });
  afterEach(() => rig[Symbol.asyncDispose]());

  async function revokedAt(maxStalenessMs: number, atLeastRevision = 0, deadline?: number, of = store) {
    const bounds = { maxStalenessMs, atLeastRevision, ...(deadline === undefined ? {} : { deadline }) };
    const { reading, revision } = await of.readFamily(TENANT, familyId, bounds);
    return { revoked: reading?.family.revokedRevision, revision };
  }

  function openByLine(): Promise<PostgresStore> {
    return open({ ...BRIEF_LEASE, ...IMPATIENT, url: rig.url.replace(`:${rig.server.port}/`, `:${line.port}/`) });
  }

  /** On a busy machine it may be late, and then it is left alone for a moment and the primary asked. */
  async function standbyToBeBelieved(): Promise<void> {
    await expect.poll(() => revokedAt(AN_HOUR), PATIENTLY).toEqual({ revoked: null, revision: 0 });
  }

  it('is believed by those who allow it, which shows that it is asked', async () => {
    answerOf(await store.execute(revokeFamily(familyId)));
    await standbyToBeBelieved();
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
    await standbyToBeBelieved();
  });

  it('is waited for when the primary is away, and answers when it has caught up', async () => {
    const brief = await openByLine();
    const { revision } = answerOf(await store.execute(revokeFamily(familyId)));
    line.freeze();
    await untilLeaseLost(brief);

    let isAnswered = false;
    const waiting = revokedAt(AN_HOUR, revision, Date.now() + 40_000, brief).finally(() => {
      isAnswered = true;
    });
    await new Promise((resolve) => setTimeout(resolve, SOON));
    expect(isAnswered).toBe(false);
    await rig.sql('SELECT pg_wal_replay_resume()', standby);
    expect(await waiting).toEqual({ revoked: revision, revision });
  });

  it('ends the wait at the deadline with an error, and not with what it knows', async () => {
    const brief = await openByLine();
    const { revision } = answerOf(await store.execute(revokeFamily(familyId)));
    line.freeze();
    await untilLeaseLost(brief);

    await expect(revokedAt(AN_HOUR, revision, Date.now() + SOON, brief)).rejects.toMatchObject({
      code: 'store_unavailable',
    });
  });

  it('is done without when it is gone', async () => {
    await standby.kill();
    expect(await revokedAt(AN_HOUR)).toEqual({ revoked: null, revision: 0 });
    answerOf(await store.execute(revokeFamily(familyId)));
    expect(await revokedAt(AN_HOUR)).toEqual({ revoked: 1, revision: 1 });
  });
});
