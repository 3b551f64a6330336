/** No purge by a clock that can't be believed. Both clocks are the test's, so nothing waits. */
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/core/services/store.ts';
import { FAMILIES } from '../../src/core/tables/families.ts';
import { Purging, pauseMs } from '../../src/server/purging.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import { SqliteStore } from '../../src/store/sqlite/store.ts';
import { ANN, issueOf, makeAcme, TENANT } from '../store/fixtures.ts';
import { make, TestClock, temporaryDirectory } from '../support.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

const ENGINES = {
  memory: async (clock: TestClock) => ({
    store: new MemoryStore({ clock: clock.read }) as Store,
    remove: () => undefined,
  }),
  SQLite: async (clock: TestClock) => {
    const directory = temporaryDirectory();
    const store: Store = await SqliteStore.open({ path: `${directory.path}/symbolon.db`, clock: clock.read });
    return { store, remove: directory.remove };
  },
};

describe.each(Object.entries(ENGINES))('purging on %s', (_, open) => {
  let clock: TestClock;
  let elapsed: number;
  let store: Store;
  let purging: Purging;
  let warnings: string[];
  let remove: () => void;

  beforeEach(async () => {
    clock = new TestClock();
    elapsed = 0;
    warnings = [];
    ({ store, remove } = await open(clock));
    await makeAcme(store);
    // So that a login ends with its token.
    await make(store, { kind: 'update_tenant', tenantId: TENANT, policy: { refreshEnabled: false } });
    purging = server();
    await purging.purge();
  });

  afterEach(async () => {
    await store.close();
    remove();
  });

  /** A server that was started now. */
  function server(skewMs?: number): Purging {
    const readTime = skewMs === undefined ? {} : { readTime: async () => clock.now - skewMs };
    const part = {
      execute: store.execute.bind(store),
      purgeExpired: store.purgeExpired.bind(store),
      ...readTime,
    } as Pick<Store, 'execute' | 'purgeExpired' | 'readTime'>;
    const log = pino({ level: 'warn' }, { write: (line: string) => warnings.push(JSON.parse(line).msg) });
    return new Purging({ store: part, log, clock: clock.read, monotonic: () => elapsed });
  }

  /** Both clocks go on, with a look at what has expired every half minute. */
  async function pass(ms: number, of = purging): Promise<void> {
    for (let left = ms; left > 0; left -= 30 * SECOND) {
      clock.advance(30 * SECOND);
      elapsed += 30 * SECOND;
      await of.purge();
    }
  }

  async function logIn(livesMs: number): Promise<void> {
    await make(store, issueOf({ expireTime: clock.now + livesMs }));
  }

  async function count(): Promise<number> {
    return (await store.list(FAMILIES, { tenantId: TENANT, subjectId: ANN }, { limit: 100 })).length;
  }

  it('deletes what has expired, as time goes by', async () => {
    await logIn(10 * MINUTE);
    await logIn(DAY);
    await pass(9 * MINUTE);
    expect(await count()).toBe(2);
    await pass(2 * MINUTE);
    expect(await count()).toBe(1);
    expect(purging.figures()).toMatchObject({ rows: 1, failures: 0, isPausedByLeap: false, isPausedBySkew: false });
    expect(purging.figures().lastSuccess).toBe(clock.now / SECOND);
    expect(purging.figures().seconds.count).toBe(23);
  });

  it.each([
    ['ahead', 69 * YEAR],
    ['behind', -YEAR],
  ])('deletes nothing while the clock is %s for a moment, nor for an hour after', async (_, leapMs) => {
    await logIn(DAY);
    clock.advance(leapMs);
    await pass(MINUTE);
    clock.advance(-leapMs);
    await pass(MINUTE);
    expect(await count()).toBe(1);
    expect(warnings.filter((text) => text.startsWith('the clock leapt'))).toHaveLength(2);
    expect(purging.figures()).toMatchObject({ rows: 0, isPausedByLeap: true });
    await logIn(MINUTE);
    await pass(30 * MINUTE);
    expect(await count()).toBe(2);
    await pass(40 * MINUTE);
    expect(await count()).toBe(1);
  });

  it('takes no clock that is set by a little for one that leapt', async () => {
    await logIn(10 * MINUTE);
    for (let i = 0; i < 22; i++) {
      clock.advance(i % 2 === 0 ? 2 * SECOND : -2 * SECOND);
      await pass(30 * SECOND);
    }
    expect([await count(), warnings]).toEqual([0, []]);
  });

  it('takes a clock that runs twice as fast for one that leapt, however often it looks', async () => {
    await logIn(MINUTE);
    for (let i = 0; i < 600; i++) {
      clock.advance(200);
      elapsed += 100;
      await purging.purge();
    }
    expect(warnings).toContainEqual(expect.stringMatching(/^the clock leapt/));
    expect(purging.figures()).toMatchObject({ rows: 0, isPausedByLeap: true });
  });

  it('of a server that starts with a clock which is ahead moves on a day in an hour at most', async () => {
    await logIn(2 * DAY);
    clock.advance(69 * YEAR);
    const wrong = server();
    await pass(HOUR, wrong);
    expect(await count()).toBe(1);
    // Started again and again it gains nothing.
    for (let i = 0; i < 100; i++) {
      await server().purge();
    }
    expect(await count()).toBe(1);
    await pass(HOUR + MINUTE, wrong);
    expect(await count()).toBe(0);
  });

  it('makes up for a time in which no server ran', async () => {
    await logIn(DAY);
    clock.advance(30 * DAY);
    const next = server();
    await next.purge();
    expect(await count()).toBe(1);
    await pass(2 * HOUR, next);
    expect(await count()).toBe(0);
  });

  it('deletes nothing by a clock that is not the database’s, of several servers', async () => {
    await logIn(30 * SECOND);
    clock.advance(HOUR);
    const [wrong, right] = [server(YEAR), server(SECOND)];
    await pass(2 * HOUR, wrong);
    expect(await count()).toBe(1);
    expect(warnings.filter((text) => text.startsWith('the clock of this server'))).toHaveLength(1);
    await pass(2 * HOUR, right);
    expect(await count()).toBe(0);
  });
});

describe('the pause after a purge', () => {
  it('is five seconds where nothing has expired, and never longer', () => {
    expect(pauseMs({ rows: 0, sinceMs: 50, tookMs: 2 })).toBe(5 * SECOND);
    expect(pauseMs({ rows: 1, sinceMs: 5 * SECOND, tookMs: 2 })).toBe(5 * SECOND);
  });

  it('is as long as others need for their writes while there is more to delete', () => {
    expect(pauseMs({ rows: 250, sinceMs: 5 * SECOND, tookMs: 3 })).toBe(3);
    expect(pauseMs({ rows: 249, sinceMs: 1, tookMs: 3 })).toBe(3);
    // A disk that is slow keeps the writer waiting, and not the purge.
    expect(pauseMs({ rows: 250, sinceMs: 5 * SECOND, tookMs: 70 })).toBe(5);
  });

  it.each([1, 10, 100, 1_000, 5_000, 10_000])('is such that %i rows a second are kept up with', (aSecond) => {
    const tookMs = 4;
    // A pause without any, then so many a second.
    let [left, sinceMs, worst, steps] = [aSecond * 5, 5 * SECOND, 0, 0];
    for (let time = 0; time < 120 * SECOND; steps++) {
      const rows = Math.min(left, 250);
      const pause = pauseMs({ rows, sinceMs, tookMs });
      sinceMs = tookMs + pause;
      time += sinceMs;
      left += (aSecond * sinceMs) / SECOND - rows;
      worst = time > 60 * SECOND ? Math.max(worst, left) : 0;
    }
    expect(worst).toBeLessThan(500);
    // And not by more steps than that needs.
    expect(steps).toBeLessThan((aSecond * 150) / 100 + 30);
  });
});
