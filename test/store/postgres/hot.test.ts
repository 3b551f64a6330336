/** A refresh writes its row where it is and no index: what makes it cheap, and keeps the table small. */
import { expect, it } from 'vitest';
import { begin, make, makeAcme, refreshOf } from './acme.ts';
import { Rig, until } from './rig.ts';

const FAMILIES = 40;
const REFRESHES = 5;

interface Updates extends Record<string, unknown> {
  readonly all: number;
  readonly hot: number;
}

it('refreshes by HOT updates alone', async () => {
  await using rig = await Rig.start();
  const store = await rig.open();
  await makeAcme(store);
  const families = await Promise.all(Array.from({ length: FAMILIES }, () => begin(store)));
  const sizes = `SELECT pg_relation_size('family') AS heap, pg_indexes_size('family') AS indexes`;
  const before = await rig.sql(sizes);
  // One after the other, as logins of many people are refreshed: those of one page seldom at once.
  for (const { familyId, tokens } of families) {
    for (let generation = 0, last = tokens; generation < REFRESHES; generation++) {
      const refresh = refreshOf({ familyId, tokens: last }, { generation });
      await make(store, refresh);
      last = refresh.tokens;
    }
  }

  // A connection tells what it counted when it ends.
  await store.close();
  await until('all updates to be counted', async () => {
    const [updates] = await rig.sql<Updates>(
      `SELECT n_tup_upd::int AS all, n_tup_hot_upd::int AS hot FROM pg_stat_user_tables WHERE relname = 'family'`,
    );
    expect(updates?.hot).toBe(updates?.all);
    return updates?.all === FAMILIES * REFRESHES;
  });
  expect(await rig.sql(sizes)).toEqual(before);
});
