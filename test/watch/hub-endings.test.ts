/** When a hub ends its streams, what it withholds, and what it waits for: with a store whose readings the test makes. */
import { afterEach, describe, expect, it } from 'vitest';
import { Bounds, boundsBuffer } from '../../src/calls/bounds.ts';
import { SymbolonError } from '../../src/core/errors.ts';
import type { LogReading } from '../../src/core/services/revocation-log.ts';
import type { Store } from '../../src/core/services/store.ts';
import type { Standing } from '../../src/watch/standing.ts';
import { TENANT } from '../store/fixtures.ts';
import { HubBed, STANDS, turns } from './hub-bed.ts';

let bed: HubBed;
afterEach(() => bed[Symbol.asyncDispose]());

type Change = (reading: LogReading) => LogReading;

/** Does not push; what is read is changed by the test, or is a failure. */
async function start(change: () => Change | SymbolonError | undefined): Promise<void> {
  const storeOf = (store: Store) => ({
    readRevocations: async (...asked: Parameters<Store['readRevocations']>) => {
      const by = change();
      const readings = await store.readRevocations(...asked);
      if (by instanceof SymbolonError) {
        throw by;
      }
      return by === undefined ? readings : readings.map(by);
    },
  });
  bed = await HubBed.start(storeOf);
}

/** A reading of a store that does not push. */
async function poll(): Promise<void> {
  await bed.timing.pass(25);
  await turns();
}

describe('all of a tenant', () => {
  it('begin afresh after a gap, and are sent nothing of what is behind it', async () => {
    let change: Change | undefined;
    await start(() => change);
    const [first, second] = [bed.watch(), bed.watch()];
    await poll();
    change = (reading) => ({ ...reading, revision: 1_000_000, events: [], isLost: true });
    first.say({ heartbeat: 1 });
    await poll();
    for (const { sink } of [first, second]) {
      expect(sink.error).toMatchObject({ code: 'position_lost' });
      expect(sink.messages).toHaveLength(1);
    }
    expect(bed.hub.figures()).toMatchObject({ watchers: 0, tenants: 0 });
  });

  it('end when the history of the store is another, and come again', async () => {
    let change: Change | undefined;
    await start(() => change);
    const { sink, say } = bed.watch();
    await poll();
    change = (reading) => ({ ...reading, timeline: 2 });
    say({ heartbeat: 1 });
    await poll();
    expect(sink.error).toMatchObject({ code: 'store_unavailable' });
    expect(sink.messages).toHaveLength(1);
    const again = bed.watch({ resumeRevision: 0, heartbeat: 2 });
    await poll();
    expect(again.sink.last).toMatchObject({ heartbeat: 2 });
  });
});

describe('a reading that fails', () => {
  it('ends who begins, answers nothing, and is made again for those who watch', async () => {
    let change: SymbolonError | undefined;
    await start(() => change);
    const { sink, say } = bed.watch();
    await poll();
    change = new SymbolonError('store_unavailable', 'The store is not available');
    say({ heartbeat: 1 });
    const late = bed.watch();
    await poll();
    expect(late.sink.error).toMatchObject({ code: 'store_unavailable' });
    expect(sink.isOver).toBe(false);
    await bed.revoke();
    await bed.timing.pass(1_000);
    expect(sink.messages).toHaveLength(1);
    change = undefined;
    await bed.timing.pass(200);
    await turns();
    await bed.timing.pass(200);
    expect(sink.last).toMatchObject({ step: { previous: 0, revision: 1 }, heartbeat: 1 });
  });
});

describe('who begins', () => {
  it('is known to those who wait for a revision before the log is read for it', async () => {
    const missing: number[] = [];
    await start(() => {
      bed.registry.follow(TENANT, 1, (count) => missing.push(count.missing))();
      return undefined;
    });
    bed.watch();
    await poll();
    expect(missing[0]).toBe(1);
  });

  it('and whose caller was changed since it was read, is answered no heartbeat until it is found to stand', async () => {
    await start(() => undefined);
    let settle: (standing: Standing) => void = () => undefined;
    const old: Standing = {
      ...STANDS,
      clientVersion: -1,
      renew: () =>
        new Promise((resolve) => {
          settle = resolve;
        }),
    };
    const { sink, say } = bed.watch({ standing: old, heartbeat: 1 });
    await poll();
    await bed.revoke();
    say({ heartbeat: 2 });
    await poll();
    expect(sink.messages.map(({ heartbeat }) => heartbeat)).toEqual([0, 0]);
    expect(sink.revisions).toEqual([1]);
    settle(STANDS);
    await turns();
    expect(sink.last).toMatchObject({ heartbeat: 2 });
  });

  it('and reads nothing of a long log, is given up', async () => {
    await start(() => undefined);
    await bed.revoke(600);
    const { sink, stream } = bed.watch({ resumeRevision: 0 });
    sink.isReading = false;
    await poll();
    await bed.timing.pass(15_000);
    expect(stream.isOver).toBe(true);
    expect(sink.error).toMatchObject({ code: 'watcher_too_slow' });
    expect(sink.messages).toHaveLength(1);
  });
});

describe('whose caller has ended', () => {
  it('is sent the events that waited for others, and then ends', async () => {
    await start(() => undefined);
    let refuse: (error: SymbolonError) => void = () => undefined;
    const ended: Standing = {
      ...STANDS,
      keys: [TENANT],
      renew: () =>
        new Promise((_, reject) => {
          refuse = reject;
        }),
    };
    const { sink } = bed.watch({ standing: ended });
    await poll();
    // Messages enough that those after them wait.
    for (let i = 0; i < 25; i++) {
      await bed.revoke();
      await poll();
    }
    await bed.revoke();
    await bed.timing.pass(30);
    await bed.revoke();
    await bed.timing.pass(26);
    await turns();
    expect(sink.revisions.length).toBeLessThan(27);
    refuse(new SymbolonError('caller_unauthenticated', 'It has ended'));
    await turns();
    expect(sink.revisions).toHaveLength(27);
    expect(sink.error).toMatchObject({ code: 'caller_unauthenticated' });
  });
});

describe('who reads nothing', () => {
  it('is sent the newest of the answers that wait for it, once it reads', async () => {
    await start(() => undefined);
    const { sink, say } = bed.watch();
    await poll();
    sink.isReading = false;
    for (const heartbeat of [1, 2, 3, 4]) {
      say({ heartbeat });
      await poll();
    }
    expect(sink.messages.map(({ heartbeat }) => heartbeat)).toEqual([0, 1]);
    sink.take();
    await turns();
    expect(sink.messages.map(({ heartbeat }) => heartbeat)).toEqual([0, 1, 4]);
  });

  it('is cut off when 256 KiB wait for it, and what waits is kept once for all', async () => {
    await start(() => undefined);
    const [slow, other] = [bed.watch(), bed.watch()];
    await poll();
    slow.sink.isReading = false;
    for (let i = 0; i < 8 && !slow.stream.isOver; i++) {
      await bed.revoke(1_000);
      for (let j = 0; j < 8; j++) {
        await poll();
      }
    }
    expect(slow.sink.error).toMatchObject({ code: 'watcher_too_slow' });
    const [, onTheWay] = slow.sink.messages;
    expect(slow.sink.messages).toHaveLength(2);
    const unsent = other.sink.revisions.length - (onTheWay?.step.revision ?? 0);
    expect(unsent * 44).toBeGreaterThan(200 * 1_024);
    expect(unsent * 44).toBeLessThan(280 * 1_024);
  });
});

describe('a client', () => {
  it('has 2,048 streams at most, and another has room then', async () => {
    await start(() => undefined);
    for (let i = 0; i < 2_048; i++) {
      bed.watch();
    }
    expect(() => bed.watch()).toThrow(/too many watchers are open for this client/i);
    expect(bed.watch({ clientId: 'other' }).sink.isOver).toBe(false);
    expect(bed.hub.figures().watchers).toBe(2_049);
    const taken = bed.watch({ clientId: 'other', verifierId: 'same' });
    bed.watch({ clientId: 'other', verifierId: 'same' });
    expect(taken.sink.error).toMatchObject({ code: 'watcher_replaced' });
  });

  it('has no more on several threads', async () => {
    const buffer = boundsBuffer(2, 7);
    const countsOf = (own: number) => new Bounds({ buffer, threads: 2, own }).peers('watchers');
    bed = await HubBed.start(undefined, countsOf(0));
    await using other = await HubBed.start(undefined, countsOf(1));
    const [first] = Array.from({ length: 1_024 }, () => bed.watch());
    for (let i = 0; i < 1_024; i++) {
      other.watch();
    }
    for (const each of [bed, other]) {
      expect(() => each.watch()).toThrow(/for this client/);
    }
    first?.stream.close();
    expect(other.watch().sink.isOver).toBe(false);
  });
});
