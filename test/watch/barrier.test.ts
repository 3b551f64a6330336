import { describe, expect, it } from 'vitest';
import type { Waited } from '../../src/core/call-notes.ts';
import { SymbolonError } from '../../src/core/errors.ts';
import type { Count, Member } from '../../src/core/services/verifiers.ts';
import { MAX_WAIT_MS } from '../../src/core/verifiers.ts';
import { Barrier } from '../../src/watch/barrier.ts';
import { Registry } from '../../src/watch/registry.ts';
import { FakeTiming, settled } from './fake-timing.ts';

const TENANT = 'acme';
/** What the wall clock says at the beginning. */
const CLOCK = 1_800_000_000_000;

/** A member that is elsewhere, and speaks when the test makes it. */
class Elsewhere implements Member {
  readonly tells = new Set<(count: Count) => void>();

  follow(_tenantId: string, _revision: number, tell: (count: Count) => void) {
    this.tells.add(tell);
    return () => void this.tells.delete(tell);
  }

  tell(acknowledged: number, missing = 0, waitedOut = 0, isUnknown = false) {
    for (const tell of this.tells) {
      tell({ acknowledged, waitedOut, missing, isUnknown });
    }
  }
}

function setUp(others: readonly Member[] = []) {
  const timing = new FakeTiming();
  const registry = new Registry(timing);
  const barrier = new Barrier({ timing, clock: () => CLOCK + timing.now(), members: () => [registry, ...others] });
  /** What came out, once something did. */
  const wait = (revision = 7, leftMs?: number): { out?: Waited | SymbolonError } => {
    const result: { out?: Waited | SymbolonError } = {};
    const done = (out: unknown) => {
      result.out = out as Waited | SymbolonError;
    };
    barrier.awaitRevision(TENANT, revision, leftMs && CLOCK + timing.now() + leftMs).then(done, done);
    return result;
  };
  return { timing, registry, barrier, wait };
}

const NOBODY = { acknowledged: 0, waitedOut: 0, unknownWaitedOut: false, waitedMs: 0 };

describe('the wait for a revision', () => {
  it('ends at once where nobody watches, and nobody can have', async () => {
    const { timing, wait } = setUp();
    const result = wait();
    await settled();
    expect(result.out).toEqual(NOBODY);
    expect(timing.pending).toBe(0);
  });

  it('ends with the last acknowledgement', async () => {
    const { timing, registry, wait } = setUp();
    const watchers = ['one', 'other'].map((id) => registry.open(TENANT, id));
    const result = wait();
    for (const watcher of watchers) {
      expect(result.out).toBeUndefined();
      await timing.pass(5);
      watcher.sent(7);
      watcher.acknowledged(7);
      await settled();
    }
    expect(result.out).toEqual({ ...NOBODY, acknowledged: 2, waitedMs: 10 });
    expect(timing.pending).toBe(0);
  });

  it('ends after the longest wait with a watcher that is frozen', async () => {
    const { timing, registry, wait } = setUp();
    const healthy = registry.open(TENANT, 'healthy');
    registry.open(TENANT, 'frozen');
    const result = wait();
    healthy.sent(7);
    healthy.acknowledged(7);
    await timing.pass(MAX_WAIT_MS - 1);
    expect(result.out).toBeUndefined();
    await timing.pass(1);
    expect(result.out).toEqual({ ...NOBODY, acknowledged: 1, waitedOut: 1, waitedMs: MAX_WAIT_MS });
    expect(timing.pending).toBe(0);
  });

  it('is no longer with a watcher that comes again and again, and never acknowledges', async () => {
    const { timing, registry, wait } = setUp();
    registry.open(TENANT, 'restless');
    const result = wait();
    for (let passed = 0; passed < MAX_WAIT_MS; passed += 100) {
      expect(result.out).toBeUndefined();
      registry.open(TENANT, 'restless').sent(7);
      await timing.pass(100);
    }
    expect(result.out).toMatchObject({ waitedOut: 1, waitedMs: MAX_WAIT_MS });
  });

  it('is for those that closed lately, and ends when their time has run out', async () => {
    const { timing, registry, wait } = setUp();
    registry.open(TENANT, 'gone').close();
    await timing.pass(1_000);
    const result = wait();
    await timing.pass(199);
    expect(result.out).toBeUndefined();
    await timing.pass(1);
    expect(result.out).toEqual({ ...NOBODY, waitedOut: 1, waitedMs: 200 });
  });

  it('ends early when a verifier that was cut off comes again and acknowledges', async () => {
    const { timing, registry, wait } = setUp();
    registry.open(TENANT, 'one').close();
    const result = wait();
    await timing.pass(10);
    const again = registry.open(TENANT, 'one');
    again.sent(7);
    again.acknowledged(7);
    await settled();
    expect(result.out).toEqual({ ...NOBODY, acknowledged: 1, waitedMs: 10 });
  });

  it('begins anew for a later revision', async () => {
    const { timing, registry, wait } = setUp();
    const one = registry.open(TENANT, 'one');
    one.sent(8);
    one.acknowledged(7);
    const [first, second] = [wait(7), wait(8)];
    await settled();
    expect(first.out).toBeDefined();
    expect(second.out).toBeUndefined();
    await timing.pass(MAX_WAIT_MS);
    expect(second.out).toMatchObject({ acknowledged: 0, waitedOut: 1 });
  });
});

describe('the wait where members may be unknown', () => {
  it('takes until the longest wait after the start', async () => {
    const { timing, barrier, wait } = setUp();
    barrier.memberLost();
    await timing.pass(500);
    const result = wait();
    await timing.pass(699);
    expect(result.out).toBeUndefined();
    await timing.pass(1);
    expect(result.out).toEqual({ ...NOBODY, unknownWaitedOut: true, waitedMs: 700 });
    const next = wait();
    await settled();
    expect(next.out).toEqual(NOBODY);
  });

  it('takes the longest wait when a member is lost meanwhile, whatever the others say', async () => {
    const other = new Elsewhere();
    const { timing, registry, barrier, wait } = setUp([other]);
    const one = registry.open(TENANT, 'one');
    const result = wait();
    await timing.pass(100);
    barrier.memberLost();
    other.tell(3);
    one.sent(7);
    one.acknowledged(7);
    await timing.pass(MAX_WAIT_MS - 101);
    expect(result.out).toBeUndefined();
    await timing.pass(1);
    expect(result.out).toMatchObject({ acknowledged: 4, unknownWaitedOut: true, waitedMs: MAX_WAIT_MS });
    expect(other.tells.size).toBe(0);
  });

  it('takes the longest wait when a member does not speak', async () => {
    const { timing, wait } = setUp([new Elsewhere()]);
    const result = wait();
    await timing.pass(MAX_WAIT_MS - 1);
    expect(result.out).toBeUndefined();
    await timing.pass(1);
    expect(result.out).toEqual({ ...NOBODY, unknownWaitedOut: true, waitedMs: MAX_WAIT_MS });
  });

  it('ends when every member has spoken for all its watchers', async () => {
    const others = [new Elsewhere(), new Elsewhere()];
    const { timing, wait } = setUp(others);
    const result = wait();
    others[0]?.tell(2);
    await timing.pass(3);
    others[1]?.tell(1, 1);
    await timing.pass(3);
    expect(result.out).toBeUndefined();
    others[1]?.tell(1, 0, 1);
    await settled();
    expect(result.out).toEqual({ acknowledged: 3, waitedOut: 1, unknownWaitedOut: false, waitedMs: 6 });
    expect(others.map(({ tells }) => tells.size)).toEqual([0, 0]);
  });
});

describe('a member that knows some of its watchers', () => {
  it('is waited for until it knows them all', async () => {
    const other = new Elsewhere();
    const { timing, wait } = setUp([other]);
    const result = wait();
    other.tell(0, 0, 0, true);
    await timing.pass(5);
    other.tell(2, 0, 0, true);
    await timing.pass(5);
    expect(result.out).toBeUndefined();
    // It knew of nobody who is missing, and now it knows more.
    other.tell(2, 1);
    await timing.pass(5);
    expect(result.out).toBeUndefined();
    other.tell(3);
    await settled();
    expect(result.out).toEqual({ acknowledged: 3, waitedOut: 0, unknownWaitedOut: false, waitedMs: 15 });
  });

  it('is waited out, and so are those that it did not tell of', async () => {
    const other = new Elsewhere();
    const { timing, wait } = setUp([other]);
    const result = wait();
    other.tell(2, 1, 0, true);
    await timing.pass(MAX_WAIT_MS);
    expect(result.out).toEqual({ acknowledged: 2, waitedOut: 1, unknownWaitedOut: true, waitedMs: MAX_WAIT_MS });
  });
});

describe('a look at the members', () => {
  const ALL = { acknowledged: 0, waitedOut: 0, missing: 0, isUnknown: false };

  const look = (barrier: Barrier) => {
    const result: { out?: Count } = {};
    void barrier.look(TENANT, 7, 1_000).then((count) => {
      result.out = count;
    });
    return result;
  };

  it('ends at once where nobody watches', async () => {
    const { timing, barrier } = setUp();
    const result = look(barrier);
    await settled();
    expect(result.out).toEqual(ALL);
    expect(timing.pending).toBe(0);
  });

  it('ends with the last acknowledgement, or tells in time who is missing', async () => {
    const { timing, registry, barrier } = setUp();
    const watchers = ['one', 'other'].map((id) => registry.open(TENANT, id));
    const results = [look(barrier)];
    for (const [i, watcher] of watchers.entries()) {
      watcher.sent(6 + i);
      watcher.acknowledged(6 + i);
    }
    await timing.pass(999);
    results.push(look(barrier));
    expect(results.map(({ out }) => out)).toEqual([undefined, undefined]);
    await timing.pass(1);
    expect(results.map(({ out }) => out)).toEqual([{ ...ALL, acknowledged: 1, missing: 1 }, undefined]);
    watchers[0]?.sent(7);
    watchers[0]?.acknowledged(7);
    await settled();
    expect(results[1]?.out).toEqual({ ...ALL, acknowledged: 2 });
    expect(timing.pending).toBe(0);
  });

  it('says that there may be others, after a member was lost and before', async () => {
    const { timing, barrier } = setUp([new Elsewhere()]);
    const silent = look(barrier);
    const { barrier: alone, timing: time } = setUp();
    alone.memberLost();
    const lost = look(alone);
    await Promise.all([timing.pass(1_000), time.pass(1_000)]);
    expect([silent.out, lost.out]).toEqual([
      { ...ALL, isUnknown: true },
      { ...ALL, isUnknown: true },
    ]);
    const later = look(alone);
    await time.pass(199);
    expect(later.out).toBeUndefined();
    await time.pass(1);
    expect(later.out).toEqual(ALL);
  });
});

it('goes by what a member told last, also where that came first', async () => {
  const [late, missing] = [new Elsewhere(), new Elsewhere()];
  const { timing, wait } = setUp([late, missing]);
  const result = wait();
  late.tell(2, 0);
  late.tell(1, 1);
  missing.tell(1, 0);
  await timing.pass(1);
  expect(result.out).toEqual({ acknowledged: 3, waitedOut: 0, unknownWaitedOut: false, waitedMs: 0 });
});

describe('the deadline of a wait', () => {
  it('comes first, and says that the tokens have ended', async () => {
    const { timing, registry, wait } = setUp();
    registry.open(TENANT, 'frozen');
    const result = wait(7, 300);
    await timing.pass(299);
    expect(result.out).toBeUndefined();
    await timing.pass(1);
    expect(result.out).toBeInstanceOf(SymbolonError);
    expect(result.out).toMatchObject({ code: 'deadline_exceeded' });
    expect(String(result.out)).toContain('The tokens have ended');
    expect(timing.pending).toBe(0);
  });

  it('can be shorter than the longest wait where all acknowledge', async () => {
    const { registry, timing, wait } = setUp();
    const one = registry.open(TENANT, 'one');
    const result = wait(7, 300);
    one.sent(7);
    one.acknowledged(7);
    await settled();
    expect(result.out).toMatchObject({ acknowledged: 1 });
    expect(timing.pending).toBe(0);
  });

  it('does not matter when it is later', async () => {
    const { timing, registry, wait } = setUp();
    registry.open(TENANT, 'frozen');
    const result = wait(7, MAX_WAIT_MS + 100);
    await timing.pass(MAX_WAIT_MS);
    expect(result.out).toMatchObject({ waitedOut: 1 });
    expect(timing.pending).toBe(0);
  });
});
