/** Commands that share a transaction: each is as if it were alone. */
import { describe, expect, it } from 'vitest';
import { all } from '../../../src/core/plan.ts';
import type { CallerAuthority } from '../../../src/core/rules/authority.ts';
import { AUDIT } from '../../../src/core/tables/audit.ts';
import type { PostgresStore } from '../../../src/store/postgres/store.ts';
import {
  aDigest,
  answerOf,
  begin,
  clientOf,
  issueOf,
  make,
  makeAcme,
  readingOf,
  readTenant,
  refreshOf,
  revokeFamily,
  subjectOf,
  TENANT,
} from './acme.ts';
import { Rig, until } from './rig.ts';

const many = <T>(length: number, of: (i: number) => T) => Array.from({ length }, (_, i) => of(i));

async function openAcme(rig: Rig): Promise<PostgresStore> {
  const store = await rig.open();
  await makeAcme(store);
  return store;
}

async function transactionsOf(rig: Rig): Promise<number> {
  const [row] = await rig.sql<{ count: string }>('SELECT count(DISTINCT xmin::text) FROM family');
  return Number(row?.count);
}

describe('logins that begin together', () => {
  it('share transactions', async () => {
    await using rig = await Rig.start();
    const store = await openAcme(rig);
    await Promise.all(many(100, () => begin(store)));
    expect(await transactionsOf(rig)).toBeLessThan(20);
  });

  it('are written alone when one of them fails, which fails alone', async () => {
    await using rig = await Rig.start();
    const store = await openAcme(rig);
    const taken = await begin(store);
    const logins = many(20, () => issueOf());
    const results = await Promise.allSettled(
      [...logins, issueOf({ familyId: taken.familyId })].map((each) => store.execute(each)),
    );
    expect(results.map(({ status }) => status)).toEqual([...logins.map(() => 'fulfilled'), 'rejected']);
    for (const { familyId } of logins) {
      expect(await readingOf(store, familyId)).toBeDefined();
    }
  });
});

describe('refreshes', () => {
  it('of one token at once make one generation', async () => {
    await using rig = await Rig.start();
    const stores = [await openAcme(rig), await rig.open()] as const;
    for (let round = 0; round < 10; round++) {
      const issued = await begin(stores[0]);
      const refreshes = many(20, () => refreshOf(issued));
      const outcomes = await Promise.all(refreshes.map((each, i) => (stores[i % 2] ?? stores[0]).execute(each)));
      const issues = outcomes.map(answerOf).filter((answer) => 'issued' in answer);
      expect(issues).toHaveLength(1);
      expect((await readingOf(stores[1], issued.familyId))?.family).toMatchObject({
        generation: 1,
        revokedRevision: null,
      });
    }
  });

  it('wait for nobody in a group: one whose row is locked holds up no other', async () => {
    await using rig = await Rig.start();
    const store = await openAcme(rig);
    const [locked, ...others] = await Promise.all(many(10, () => begin(store)));
    const other = await rig.server.connect(rig.database);
    await other.query('BEGIN');
    await other.query({
      text: 'SELECT FROM family WHERE access_digest = $1 FOR UPDATE',
      values: [locked?.tokens.accessDigest],
    });
    const waiting = store.execute(refreshOf(locked as never));
    await Promise.all(others.map((each) => make(store, refreshOf(each))));
    await other.query('COMMIT');
    await other.end();
    expect(answerOf(await waiting)).toHaveProperty('issued');
  });
});

describe('revocations of one tenant', () => {
  it('share transactions, and each has a revision and an audit record of its own', async () => {
    await using rig = await Rig.start();
    const store = await openAcme(rig);
    const families = await Promise.all(many(64, () => begin(store)));
    const before = (await readTenant(store))?.auditSequence ?? 0;
    const answers = await Promise.all(families.map(({ familyId }) => make(store, revokeFamily(familyId))));

    expect(answers.map(({ revision }) => revision).sort((a, b) => a - b)).toEqual(many(64, (i) => i + 1));
    expect(await transactionsOf(rig)).toBeLessThan(16);
    const { records } = await store.read({ records: all(AUDIT, { tenantId: TENANT }) });
    expect(records.map(({ sequence }) => sequence)).toEqual(many(before + 64, (i) => i + 1));
    expect(await readTenant(store)).toMatchObject({ revision: 64, auditSequence: before + 64 });
  });

  it('see what others in the group changed', async () => {
    await using rig = await Rig.start();
    const store = await openAcme(rig);
    const { familyId } = await begin(store);
    const answers = await Promise.all(many(30, () => make(store, revokeFamily(familyId))));
    expect(answers.filter(({ revoked }) => revoked)).toHaveLength(1);
    expect((await readTenant(store))?.revision).toBe(1);
  });

  it('are executed alone when another command in the group fails', async () => {
    await using rig = await Rig.start();
    const store = await openAcme(rig);
    const families = await Promise.all(many(10, () => begin(store)));
    await rig.sql(`ALTER TABLE client ADD CHECK (display_name <> 'bad')`);
    const revoking = families.map(({ familyId }) => make(store, revokeFamily(familyId)));
    const command = clientOf('bad');
    const failing = store.execute(command).catch((error: unknown) => error);
    expect((await Promise.all(revoking)).every(({ revoked }) => revoked)).toBe(true);
    expect(await failing).toMatchObject({ code: 'internal' });
    expect((await readTenant(store))?.revision).toBe(10);
  });

  it('on two nodes beside refreshes and thefts wait for each other without a deadlock', async () => {
    await using rig = await Rig.start();
    const stores = [await openAcme(rig), await rig.open()] as const;
    await make(stores[0], subjectOf('bob'));
    const families = await Promise.all(many(60, (i) => begin(stores[0], i % 2 === 0 ? {} : { subjectId: 'bob' })));
    await Promise.all(
      families.flatMap((issued, i) => {
        const [store, other] = i % 2 === 0 ? stores : [stores[1], stores[0]];
        return [store.execute(refreshOf(issued)), other.execute(revokeFamily(issued.familyId))];
      }),
    );
    const readings = await Promise.all(families.map(({ familyId }) => readingOf(stores[0], familyId)));
    expect(readings.every((reading) => reading?.family.revokedRevision !== null)).toBe(true);
    expect((await readTenant(stores[1]))?.revision).toBe(60);
    expect(rig.server.log).not.toContain('deadlock');
  });
});

describe('what a command was decided by', () => {
  it('must hold when it is written: a client that is cut off in between begins nothing', async () => {
    await using rig = await Rig.start();
    const store = await rig.open({ poolSize: 1 });
    await makeAcme(store);
    const digest = aDigest();
    await make(store, { ...clientOf('service'), secret: { secretId: 'cs_1', digest, expireTime: null } });
    const caller: CallerAuthority = {
      permission: 'issue',
      tenantId: TENANT,
      clientId: 'service',
      clientVersion: (await store.readClient('service'))?.clientVersion ?? 0,
      proof: { by: 'client_secret', digest, expireTime: null },
    };
    const { familyId } = await begin(store, { authority: [caller] });

    const other = await rig.server.connect(rig.database);
    await other.query('BEGIN');
    await other.query('SELECT FROM tenant FOR UPDATE');
    const revoking = store.execute(revokeFamily(familyId));
    await until('the only connection to wait', async () => {
      return (await rig.sql(`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'`)).length === 1;
    });
    // Reads at once, by other connections, and waits to write.
    const command = issueOf({ authority: [caller] });
    const issuing = store.execute(command);
    await until('it to have read the tenant', async () => {
      const rows = await rig.sql(`SELECT FROM pg_stat_activity WHERE state = 'idle' AND query LIKE '%FROM subject%'`);
      return rows.length > 0;
    });
    await other.query(`UPDATE client SET disabled = true WHERE client_id = 'service'`);
    await other.query('UPDATE tenant SET client_version = client_version + 1');
    await other.query('COMMIT');
    await other.end();

    expect(await issuing).toMatchObject({ refusal: { code: 'caller_unauthenticated' } });
    expect(await readingOf(store, command.familyId)).toBeUndefined();
    answerOf(await revoking);
  });
});
