import { describe, expect, it } from 'vitest';
import type { Count } from '../../src/core/services/verifiers.ts';
import { MAX_WAIT_MS } from '../../src/core/verifiers.ts';
import { Registry } from '../../src/watch/registry.ts';
import { FakeTiming } from './fake-timing.ts';

const TENANT = 'acme';

function setUp() {
  const timing = new FakeTiming();
  const registry = new Registry(timing);
  const counts = (revision: number): (() => Count | undefined) => {
    let last: Count | undefined;
    registry.follow(TENANT, revision, (count) => {
      last = count;
    });
    return () => last;
  };
  return { timing, registry, counts };
}

describe('the watchers of a member', () => {
  it('are none at first, and tell so at once', () => {
    const { counts } = setUp();
    expect(counts(7)()).toEqual({ acknowledged: 0, waitedOut: 0, missing: 0 });
  });

  it('are missing until they acknowledge the revision or a later one', () => {
    const { registry, counts } = setUp();
    const [one, other] = [registry.open(TENANT, 'one'), registry.open(TENANT, 'other')];
    const count = counts(7);
    expect(count()).toEqual({ acknowledged: 0, waitedOut: 0, missing: 2 });
    one.sent(7);
    other.sent(8);
    expect(count()?.missing).toBe(2);
    expect(one.acknowledged(6)).toBe(true);
    expect(count()?.missing).toBe(2);
    expect(one.acknowledged(7)).toBe(true);
    expect(other.acknowledged(8)).toBe(true);
    expect(count()).toEqual({ acknowledged: 2, waitedOut: 0, missing: 0 });
  });

  it('are asked of one tenant alone', () => {
    const { registry, counts } = setUp();
    registry.open('other', 'one');
    expect(counts(7)()?.missing).toBe(0);
  });

  it('count when they acknowledged before', () => {
    const { registry, counts } = setUp();
    const one = registry.open(TENANT, 'one');
    one.sent(9);
    one.acknowledged(9);
    expect(counts(7)()).toEqual({ acknowledged: 1, waitedOut: 0, missing: 0 });
    expect(counts(10)()).toEqual({ acknowledged: 0, waitedOut: 0, missing: 1 });
  });

  it('acknowledge no less than before', () => {
    const { registry, counts } = setUp();
    const one = registry.open(TENANT, 'one');
    one.sent(9);
    one.acknowledged(9);
    one.acknowledged(0);
    expect(counts(9)()?.missing).toBe(0);
  });

  it('are not believed about what they were not sent, then or later', () => {
    const { registry, counts } = setUp();
    const one = registry.open(TENANT, 'one');
    one.sent(6);
    one.acknowledged(6);
    expect(one.acknowledged(7)).toBe(false);
    one.sent(7);
    expect(one.acknowledged(7)).toBe(false);
    expect(counts(6)()?.missing).toBe(1);
    expect(counts(7)()?.missing).toBe(1);
  });

  it('are remembered after their end for as long as a verifier may answer from memory', async () => {
    const { timing, registry, counts } = setUp();
    const one = registry.open(TENANT, 'one');
    one.sent(7);
    one.close();
    await timing.pass(MAX_WAIT_MS - 1);
    const count = counts(7);
    expect(count()?.missing).toBe(1);
    await timing.pass(1);
    expect(count()).toEqual({ acknowledged: 0, waitedOut: 1, missing: 0 });
    expect(counts(7)()).toEqual({ acknowledged: 0, waitedOut: 0, missing: 0 });
  });

  it('are remembered from their first end, however often that is told', async () => {
    const { timing, registry, counts } = setUp();
    const one = registry.open(TENANT, 'one');
    one.close();
    await timing.pass(MAX_WAIT_MS - 1);
    one.close();
    await timing.pass(1);
    expect(counts(7)()?.missing).toBe(0);
  });

  it('say nothing that counts after their end', () => {
    const { registry, counts } = setUp();
    const one = registry.open(TENANT, 'one');
    one.sent(7);
    const count = counts(7);
    one.close();
    one.acknowledged(7);
    expect(count()?.missing).toBe(1);
    expect(counts(7)()?.missing).toBe(1);
  });

  it('need not be waited for after their end when they had acknowledged', () => {
    const { registry, counts } = setUp();
    const one = registry.open(TENANT, 'one');
    one.sent(7);
    one.acknowledged(7);
    one.close();
    expect(counts(7)()?.missing).toBe(0);
    expect(counts(8)()?.missing).toBe(1);
  });

  it.each(['closed', 'still open'])('are one verifier when it comes again, its stream before being %s', (state) => {
    const { registry, counts } = setUp();
    const before = registry.open(TENANT, 'one');
    before.sent(7);
    if (state === 'closed') {
      before.close();
    }
    const count = counts(7);
    const now = registry.open(TENANT, 'one');
    expect(count()?.missing).toBe(1);
    before.acknowledged(7);
    expect(count()?.missing).toBe(1);
    now.sent(7);
    now.acknowledged(7);
    expect(count()).toEqual({ acknowledged: 1, waitedOut: 0, missing: 0 });
  });

  it('stay open when a stream ends whose place was taken', async () => {
    const { timing, registry, counts } = setUp();
    const before = registry.open(TENANT, 'one');
    registry.open(TENANT, 'one');
    before.close();
    await timing.pass(10 * MAX_WAIT_MS);
    expect(counts(7)()?.missing).toBe(1);
  });

  it('are not forgotten for an end after which they came again', async () => {
    const { timing, registry, counts } = setUp();
    registry.open(TENANT, 'one').close();
    registry.open(TENANT, 'one');
    await timing.pass(10 * MAX_WAIT_MS);
    expect(counts(7)()?.missing).toBe(1);
  });

  it('acknowledge anew when they come again', () => {
    const { registry, counts } = setUp();
    const before = registry.open(TENANT, 'one');
    before.sent(7);
    before.acknowledged(7);
    registry.open(TENANT, 'one');
    expect(counts(7)()?.missing).toBe(1);
  });

  it('are not asked of those who came after the question', () => {
    const { registry, counts } = setUp();
    const count = counts(7);
    registry.open(TENANT, 'late');
    expect(count()?.missing).toBe(0);
  });

  it('are still known after a question was stopped twice, while another began to watch', () => {
    const { registry, counts } = setUp();
    const stop = registry.follow(TENANT, 7, () => {});
    stop();
    registry.open(TENANT, 'one');
    stop();
    expect(counts(7)()?.missing).toBe(1);
  });

  it('leave nothing behind', async () => {
    const { timing, registry } = setUp();
    registry.open(TENANT, 'one').close();
    await timing.pass(MAX_WAIT_MS);
    expect(timing.pending).toBe(0);
  });
});

describe('those who send to watchers', () => {
  it('are told what is awaited, while it is', () => {
    const { registry } = setUp();
    const told: [string, number][] = [];
    registry.onAwaited((tenantId, revision) => told.push([tenantId, revision]));
    const one = registry.open(TENANT, 'one');
    one.sent(8);
    const stops = [8, 7].map((revision) => registry.follow(TENANT, revision, () => {}));
    expect(told).toEqual([
      [TENANT, 8],
      [TENANT, 7],
    ]);
    expect(registry.awaited(TENANT)).toBe(8);
    expect(registry.awaited('other')).toBe(0);
    one.acknowledged(7);
    expect(registry.awaited(TENANT)).toBe(8);
    stops[0]?.();
    expect(registry.awaited(TENANT)).toBe(0);
  });

  it('are not asked for what all have acknowledged', () => {
    const { registry } = setUp();
    const told: string[] = [];
    registry.onAwaited((tenantId) => told.push(tenantId));
    registry.follow(TENANT, 7, () => {});
    expect(told).toEqual([]);
    expect(registry.awaited(TENANT)).toBe(0);
  });
});
