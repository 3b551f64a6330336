/** Transactions that are in each other's way: done again inside, within the caller's time, and never shown as an error. */
import { describe, expect, it } from 'vitest';
import { one } from '../../../src/core/plan.ts';
import { LOGIN_FAILURES } from '../../../src/core/tables/login-failures.ts';
import {
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
import { Rig, until } from './rig.ts';

/** Makes inserts into `family` fail, by a sequence that no rollback takes back, until it has counted to `times`. */
function failing(sqlState: string, times: number): string {
  return `
    CREATE SEQUENCE failures;
    CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF nextval('failures') <= ${times} THEN
        RAISE EXCEPTION 'in the way' USING ERRCODE = '${sqlState}';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER fail BEFORE INSERT ON family FOR EACH ROW EXECUTE FUNCTION fail();`;
}

describe('a conflict with another transaction', () => {
  it.each(['40001', '40P01'])('of SQLSTATE %s is done again until it is over', async (sqlState) => {
    await using rig = await Rig.start();
    const store = await rig.open();
    await makeAcme(store);
    await rig.sql(failing(sqlState, 5));
    const { familyId } = await begin(store);
    expect(await readingOf(store, familyId)).toBeDefined();
  });

  it('that does not end is given up at the deadline', async () => {
    await using rig = await Rig.start();
    const store = await rig.open();
    await makeAcme(store);
    await rig.sql(failing('40001', 1_000_000));
    const command = issueOf();
    await expect(store.execute(command, { deadline: Date.now() + 150 })).rejects.toMatchObject({
      code: 'deadline_exceeded',
    });
    await expect(store.execute(command)).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(await readingOf(store, command.familyId)).toBeUndefined();
  });

  it('is a real deadlock with somebody else’s transaction', async () => {
    await using rig = await Rig.start();
    // It is looked for once in each wait: by then the other must wait, on a busy machine too, and that one must not find it first.
    await rig.setting('deadlock_timeout', '5s');
    const store = await rig.open();
    await makeAcme(store);
    const { familyId } = await begin(store);
    const other = await rig.server.connect(rig.database);
    await other.query(`SET deadlock_timeout = '1min'`);
    await other.query('BEGIN');
    await other.query(`SELECT FROM tenant WHERE tenant_id = '${TENANT}' FOR UPDATE`);
    const revoking = store.execute(revokeFamily(familyId));
    await until('the revocation to wait for the tenant', async () => {
      const rows = await rig.sql(`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'`);
      return rows.length === 1;
    });
    // The other way round. The store finds the deadlock and gives way, and then does it again.
    await other.query('SELECT FROM family FOR UPDATE');
    await other.query('COMMIT');
    await other.end();

    expect(answerOf(await revoking)).toEqual({ revision: 1, revoked: true });
    expect((await readingOf(store, familyId))?.family.revokedRevision).toBe(1);
  });

  it('of two reuses at once gives each its revision, though a refresh locks no tenant', async () => {
    await using rig = await Rig.start();
    const stores = [await rig.open(), await rig.open()] as const;
    await makeAcme(stores[0], { refreshRepeatWindowMs: 0 });
    const families = await Promise.all(Array.from({ length: 20 }, () => begin(stores[0])));
    await Promise.all(families.map((issued) => stores[0].execute(refreshOf(issued))));
    await Promise.all(families.map((issued, i) => (stores[i % 2] ?? stores[0]).execute(refreshOf(issued))));

    const revoked = await Promise.all(families.map(({ familyId }) => readingOf(stores[1], familyId)));
    const revisions = revoked.map((reading) => reading?.family.revokedRevision ?? 0).sort((a, b) => a - b);
    expect(revisions).toEqual(families.map((_, i) => i + 1));
    expect((await readTenant(stores[1]))?.revision).toBe(20);
    // They wait in line, and not for each other: a deadlock is found only after a second.
    expect(rig.server.log).not.toContain('deadlock');
  });

  it('over one tenant leaves connections to the others', async () => {
    await using rig = await Rig.start();
    const store = await rig.open({ poolSize: 4 });
    await makeAcme(store);
    const families = await Promise.all(Array.from({ length: 20 }, () => begin(store)));
    const other = await rig.server.connect(rig.database);
    await other.query('BEGIN');
    await other.query(`SELECT FROM tenant WHERE tenant_id = '${TENANT}' FOR UPDATE`);
    const revoking = Promise.all(families.map(({ familyId }) => store.execute(revokeFamily(familyId))));
    await until('revocations to wait for the tenant', async () => {
      const rows = await rig.sql(`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'`);
      return rows.length === 1;
    });
    // Answered while they wait.
    await make(store, issueOf({ counters: [{ kind: 'name', key: 'subject:x' }] }));
    await other.query('COMMIT');
    await other.end();
    expect((await revoking).map((outcome) => answerOf(outcome).revision)).toHaveLength(20);
  });

  it('does not depend on what isolation the database has by default', async () => {
    await using rig = await Rig.start();
    await (await rig.open()).close();
    await rig.sql(`ALTER DATABASE ${rig.database} SET default_transaction_isolation = 'serializable'`);
    const store = await rig.open();
    await makeAcme(store);
    const counters = [{ key: 'subject:x', kind: 'name' }] as const;
    const fail = {
      kind: 'end_guess',
      authority: 'server',
      tenantId: TENANT,
      counters,
      end: 'wrong',
      failed: [],
    } as const;
    await Promise.all(Array.from({ length: 20 }, () => store.execute(fail)));
    const { failures } = await store.read({ failures: one(LOGIN_FAILURES, { tenantId: TENANT, key: 'subject:x' }) });
    expect(failures).toMatchObject({ count: 20 });
  });
});

describe('nodes on one database', () => {
  it('see each other’s changes at once: what one has answered, the others know', async () => {
    await using rig = await Rig.start();
    const [first, other] = [await rig.open(), await rig.open()];
    await makeAcme(first);
    for (let i = 0; i < 50; i++) {
      const issued = await begin(first);
      const { familyId } = issued;
      expect(await readingOf(other, familyId)).toMatchObject({ family: { revokedRevision: null } });
      answerOf(await other.execute(refreshOf(issued)));
      expect((await readingOf(first, familyId))?.family.generation).toBe(1);
      const { revision } = answerOf(await first.execute(revokeFamily(familyId)));
      expect((await readingOf(other, familyId))?.family.revokedRevision).toBe(revision);
    }
  });

  it('show revisions in their order: none is seen before the one before it is', async () => {
    await using rig = await Rig.start();
    const store = await rig.open();
    await makeAcme(store);
    const families = await Promise.all(Array.from({ length: 40 }, () => begin(store)));
    let isRevoking = true;
    const watching = (async () => {
      while (isRevoking) {
        const rows = await rig.sql<{ revision: string; events: string }>(
          'SELECT t.revision, (SELECT count(*) FROM revocation) AS events FROM tenant t',
        );
        expect(rows[0]?.revision).toBe(rows[0]?.events);
      }
    })();
    await Promise.all(families.map(({ familyId }) => store.execute(revokeFamily(familyId))));
    isRevoking = false;
    await watching;
  });
});
