/** What watchers are sent: exactly the events after where they stand, and echoes of heartbeats that came before what they are sent was read. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tenantOf } from '../store/fixtures.ts';
import { make } from '../support.ts';
import { HubBed, turns } from './hub-bed.ts';

let bed: HubBed;
beforeEach(async () => {
  bed = await HubBed.start();
});
afterEach(() => bed[Symbol.asyncDispose]());

describe('who begins', () => {
  it('afresh is told where, and nothing of what was before', async () => {
    await bed.revoke(3);
    const { sink } = bed.watch({ heartbeat: 7 });
    await turns();
    expect(sink.messages).toMatchObject([
      { step: { previous: 3, events: [], revision: 3 }, heartbeat: 7, isAfresh: true, isFirst: true },
    ]);
  });

  it('from a position is told what came after it, page by page, with its heartbeat answered at the end alone', async () => {
    await bed.revoke(1_201);
    const { sink } = bed.watch({ resumeRevision: 1, heartbeat: 7 });
    await turns(12);
    expect(sink.revisions).toEqual(Array.from({ length: 1_200 }, (_, i) => i + 2));
    expect(sink.messages.map(({ heartbeat, isAfresh, isFirst }) => [heartbeat, isAfresh, isFirst])).toEqual([
      [0, false, true],
      [0, false, false],
      [7, false, false],
    ]);
    expect(sink.messages.map(({ step }) => step.previous)).toEqual([1, 501, 1_001]);
    await bed.revoke();
    await turns();
    expect(sink.last.step).toMatchObject({ previous: 1_201, revision: 1_202 });
  });

  it('at the end of the log is told so at once', async () => {
    await bed.revoke(2);
    const { sink } = bed.watch({ resumeRevision: 2 });
    await turns();
    expect(sink.messages).toMatchObject([{ step: { previous: 2, events: [], revision: 2 }, isAfresh: false }]);
  });

  it('beyond the end begins afresh', async () => {
    await bed.revoke(2);
    const { sink } = bed.watch({ resumeRevision: 3 });
    await turns();
    expect(sink.messages).toEqual([]);
    expect(sink.error).toMatchObject({ code: 'position_lost' });
  });

  it('while others are further is brought to where they are', async () => {
    const first = bed.watch();
    await turns();
    await bed.revoke(5);
    await turns();
    await bed.timing.pass(100);
    const second = bed.watch({ resumeRevision: 2 });
    await turns();
    await bed.revoke();
    await turns();
    expect(second.sink.revisions).toEqual([3, 4, 5, 6]);
    expect(first.sink.revisions).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe('who watches', () => {
  it('is sent an event once, without a heartbeat, and of its own tenant alone', async () => {
    await make(bed.bed.store, tenantOf('other'));
    const own = bed.watch();
    const other = bed.watch({ tenantId: 'other' });
    await turns();
    await bed.revoke();
    await turns();
    expect(own.sink.messages.slice(1)).toMatchObject([{ step: { previous: 0, revision: 1 }, heartbeat: 0 }]);
    expect(own.sink.revisions).toEqual([1]);
    expect(other.sink.messages).toHaveLength(1);
  });

  it('is sent nothing where nothing comes, and is answered each heartbeat', async () => {
    const { sink, say } = bed.watch();
    await turns();
    await bed.timing.pass(60_000);
    await turns();
    expect(sink.messages).toHaveLength(1);
    for (const heartbeat of [3, 4, 9]) {
      say({ heartbeat });
      await turns();
      expect(sink.last).toMatchObject({ step: { previous: 0, events: [], revision: 0 }, heartbeat, isFirst: false });
    }
    expect(sink.messages).toHaveLength(4);
  });

  it('is answered by one reading with all others of its tenant', async () => {
    let readings = 0;
    const counted = await HubBed.start((store) => ({
      readRevocations: (...asked) => {
        readings += 1;
        return store.readRevocations(...asked);
      },
      onRevocations: (listener) => store.onRevocations?.(listener),
    }));
    const watchers = Array.from({ length: 50 }, () => counted.watch());
    await turns();
    readings = 0;
    for (const { say } of watchers) {
      say({ heartbeat: 1 });
    }
    await turns();
    expect(watchers.every(({ sink }) => sink.last.heartbeat === 1)).toBe(true);
    expect(readings).toBe(1);
    const [first, ...others] = watchers.map(({ sink }) => sink.last.step);
    expect(others.every((step) => step === first)).toBe(true);
    await counted[Symbol.asyncDispose]();
  });

  it('gets events of one moment in one message, the first at once, with the heartbeats that came meanwhile', async () => {
    const { sink, say } = bed.watch();
    await turns();
    await bed.revoke(4);
    await turns();
    expect(sink.revisions).toEqual([1]);
    say({ heartbeat: 5 });
    await turns();
    expect(sink.messages).toHaveLength(2);
    await bed.timing.pass(10);
    expect(sink.last).toMatchObject({ step: { previous: 1, revision: 4 }, heartbeat: 5 });
    expect(sink.messages).toHaveLength(3);
  });

  it('gets 20 messages a second where events come without end, and no fewer events', async () => {
    const { sink } = bed.watch();
    await turns();
    for (let i = 0; i < 300; i++) {
      await bed.revoke();
      await bed.timing.pass(10);
    }
    await bed.timing.pass(60);
    expect(sink.revisions).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
    // The first second before it is noticed, and then 50 ms each.
    expect(sink.messages.length).toBeGreaterThan(50);
    expect(sink.messages.length).toBeLessThan(90);
  });
});

describe('a heartbeat that comes while the log is read', () => {
  it('is answered by the next reading, never by one that began before it', async () => {
    const gates: (() => void)[] = [];
    const slow = await HubBed.start((store) => ({
      readRevocations: async (...asked) => {
        const readings = await store.readRevocations(...asked);
        // It was read, and is told later.
        await new Promise<void>((resolve) => gates.push(resolve));
        return readings;
      },
    }));
    const open = async () => {
      gates.shift()?.();
      await turns();
    };
    const { sink, say } = slow.watch();
    await slow.timing.pass(25);
    await open();
    say({ heartbeat: 1 });
    await slow.timing.pass(25);
    // Read without what follows, and not told yet.
    await slow.revoke();
    say({ heartbeat: 2 });
    await open();
    expect(sink.last).toMatchObject({ step: { revision: 0 }, heartbeat: 1 });
    await slow.timing.pass(25);
    await open();
    expect(sink.last).toMatchObject({ step: { previous: 0, revision: 1 }, heartbeat: 2 });
    await slow[Symbol.asyncDispose]();
  });

  it('of one who joins is answered by the next one too', async () => {
    const gates: (() => void)[] = [];
    const slow = await HubBed.start((store) => ({
      readRevocations: async (...asked) => {
        const readings = await store.readRevocations(...asked);
        await new Promise<void>((resolve) => gates.push(resolve));
        return readings;
      },
    }));
    const { sink, say } = slow.watch({ heartbeat: 1 });
    await slow.timing.pass(25);
    await slow.revoke();
    say({ heartbeat: 2 });
    gates.shift()?.();
    await turns();
    expect(sink.messages).toMatchObject([{ step: { revision: 0 }, heartbeat: 1 }]);
    await slow.timing.pass(25);
    gates.shift()?.();
    await turns();
    expect(sink.last).toMatchObject({ step: { previous: 0, revision: 1 }, heartbeat: 2 });
    await slow[Symbol.asyncDispose]();
  });
});
