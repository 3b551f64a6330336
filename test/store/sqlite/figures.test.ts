/** What the SQLite engine tells an operator: commits, the WAL, and how many families there are. */
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openWriter } from '../../../src/store/sqlite/connection.ts';
import { countFamilies, familySteps } from '../../../src/store/sqlite/family-count.ts';
import { STEPS } from '../../../src/store/sqlite/schema.ts';
import { SqliteStore } from '../../../src/store/sqlite/store.ts';
import { PATIENTLY } from '../../core/fixtures.ts';
import { make, TestClock, temporaryDirectory } from '../../support.ts';
import { issueOf, makeAcme, TENANT } from '../fixtures.ts';

const DAY = 86_400_000;

let directory: ReturnType<typeof temporaryDirectory>;
let clock: TestClock;
let store: SqliteStore;

beforeEach(async () => {
  directory = temporaryDirectory();
  clock = new TestClock();
  store = await SqliteStore.open({ path: join(directory.path, 'symbolon.db'), clock: clock.read });
  await makeAcme(store);
  // So that a login ends with its token.
  await make(store, { kind: 'update_tenant', tenantId: TENANT, policy: { refreshEnabled: false } });
});

afterEach(async () => {
  await store.close();
  directory.remove();
});

it('counts each commit once, with the commands that shared it, and none for a refusal that wrote nothing', async () => {
  const { commitSize: before } = store.figures();
  const [count, sum] = [before.count, before.sum];
  await Promise.all(Array.from({ length: 20 }, () => make(store, issueOf())));
  const { commitSize, commitSeconds, pendingWrites } = store.figures();
  expect(commitSize.sum - sum).toBe(20);
  expect(commitSize.count - count).toBeLessThan(20);
  expect(commitSeconds.count).toBe(commitSize.count);
  expect(commitSeconds.sum).toBeGreaterThan(0);
  expect(pendingWrites).toBe(0);

  const [writes, commits] = [commitSize.sum, commitSize.count];
  await expect(make(store, issueOf({ tenantId: 'nobody', clientId: 'nobody' }))).rejects.toThrow();
  expect(store.figures().commitSize).toMatchObject({ sum: writes, count: commits });
});

it('knows the size of the WAL, and of which schema it is', async () => {
  await expect.poll(() => store.figures().sqlite?.walBytes, PATIENTLY).toBeGreaterThan(0);
  expect(store.figures()).toMatchObject({ engine: 'sqlite', schema: STEPS.length, sqlite: { checkpointFailures: 0 } });
});

it('counts families that have not expired, those that never do, and not those that have', async () => {
  for (let i = 0; i < 3; i++) {
    await make(store, issueOf({ expireTime: clock.now + DAY }));
  }
  await make(store, issueOf({ expireTime: clock.now + 2 * DAY }));
  expect(await store.estimateFamilies()).toBe(4);
  clock.advance(DAY + 1);
  expect(await store.estimateFamilies()).toBe(1);
});

it('counts many in steps, none twice and none left out, in an index alone', async () => {
  const database = openWriter(join(directory.path, 'symbolon.db'));
  try {
    const columns = (database.pragma('table_info(family)') as { name: string }[]).map(({ name }) => name);
    const values = columns.map((name) => (name === 'family_id' || name === 'expire_time' ? '?' : name));
    const add = database.prepare(`INSERT INTO family SELECT ${values} FROM family LIMIT 1`);
    await make(store, issueOf({ expireTime: clock.now + DAY }));
    database.transaction(() => {
      for (let i = 0; i < 6_000; i++) {
        const id = Buffer.alloc(16, 7);
        id.writeUInt32BE(i, 8);
        // Many expire at the same moment, and some never.
        add.run(id, i % 3 === 0 ? null : clock.now + DAY + (i % 2));
      }
    })();
    expect(await store.estimateFamilies()).toBe(6_001);
    const step = familySteps(database);
    expect(step(0, [clock.now, new Uint8Array()])).toMatchObject({ count: 2_000 });
    expect(await countFamilies(step, clock.now + 10 * DAY)).toBe(2_000);
    const plan = database
      .prepare<unknown[], { detail: string }>(
        'EXPLAIN QUERY PLAN SELECT expire_time, family_id FROM family WHERE (expire_time, family_id) > (?, ?) ORDER BY expire_time, family_id LIMIT 1 OFFSET 9',
      )
      .all(0, Buffer.alloc(0));
    expect(plan.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(/^SEARCH family USING COVERING INDEX family_by_expiry/),
    ]);
  } finally {
    database.close();
  }
});
