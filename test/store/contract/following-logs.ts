import { beforeEach, describe, expect, it } from 'vitest';
import type { LogReading } from '../../../src/core/services/revocation-log.ts';
import { REVOCATION_RETENTION_MS } from '../../../src/core/tables/revocations.ts';
import { execute, make } from '../../support.ts';
import {
  ANN,
  APP,
  aFamilyId,
  begin,
  clientOf,
  cutOff,
  makeAcme,
  PAGE,
  pageOf,
  readingOf,
  revokeFamily,
  TENANT,
  tenantOf,
  type UnderTest,
} from '../fixtures.ts';

const PLENTY = 1_000;
const OTHER = 'other';

/** Reading a tenant's revocation log from a position on: what follows it is never missed, and what is missing is told. */
export function followingLogs(test: UnderTest): void {
  beforeEach(() => makeAcme(test.store));

  async function read(after: number, limit = PLENTY, tenantId = TENANT): Promise<LogReading> {
    const [reading] = await test.store.readRevocations([{ tenantId, after }], limit);
    return reading as LogReading;
  }

  const revisionsOf = ({ events }: LogReading) => events.map(({ revision }) => revision);

  /** So many events. */
  async function grow(count: number, tenantId = TENANT): Promise<void> {
    for (let i = 0; i < count; i++) {
      await make(test.store, cutOff('tenant', tenantId, 'revoked', tenantId));
    }
  }

  it('answers what every kind of event is about, in order, with its cause and time', async () => {
    const { familyId } = await begin(test.store);
    await make(test.store, revokeFamily(familyId));
    test.clock.advance(5);
    await make(test.store, cutOff('user', ANN));
    await make(test.store, cutOff('client', APP));
    await make(test.store, cutOff('tenant', TENANT, 'disabled'));

    const at = test.clock.now;
    expect(await read(0)).toEqual({
      ...{ tenantId: TENANT, after: 0, revision: 4, timeline: expect.any(Number), clientVersion: expect.any(Number) },
      isLost: false,
      events: [
        { tenantId: TENANT, revision: 1, scope: 'family', key: familyId, cause: 'revoked', eventTime: at - 5 },
        { tenantId: TENANT, revision: 2, scope: 'user', key: ANN, cause: 'revoked', eventTime: at },
        { tenantId: TENANT, revision: 3, scope: 'client', key: APP, cause: 'revoked', eventTime: at },
        { tenantId: TENANT, revision: 4, scope: 'tenant', key: TENANT, cause: 'disabled', eventTime: at },
      ],
    });
  });

  it.each([false, true])('has a gap where the store lost its end, with tokens kept: %s', async (keepTokens) => {
    const { familyId } = await begin(test.store);
    await grow(2);
    await make(test.store, { kind: 'rewind_tenant', tenantId: TENANT, keepTokens });
    const { revision, clientVersion } = await read(Number.MAX_SAFE_INTEGER);
    for (const after of [0, 2, 3, 1_000_000]) {
      expect(await read(after)).toMatchObject({ isLost: true, events: [], revision });
    }
    expect(revision).toBeGreaterThan(1_000_000_000);
    expect(clientVersion % 2 ** 40).toBeGreaterThan(1_000_000);
    const { tenant } = (await readingOf(test.store, familyId)) as NonNullable<Awaited<ReturnType<typeof readingOf>>>;
    expect(tenant.cutoff).toBe(keepTokens ? 2 : revision);
    await grow(1);
    expect(revisionsOf(await read(revision))).toEqual([revision + 1]);
  });

  it('answers those after a position, none at the end, and a page of them', async () => {
    await grow(5);

    expect(revisionsOf(await read(3))).toEqual([4, 5]);
    expect(await read(5)).toMatchObject({ revision: 5, events: [], isLost: false });
    for (const [after, page] of [
      [0, [1, 2]],
      [2, [3, 4]],
      [3, [4, 5]],
      [4, [5]],
    ] as const) {
      const reading = await read(after, 2);
      expect(reading).toMatchObject({ revision: 5, isLost: false });
      expect(revisionsOf(reading), `after ${after}`).toEqual(page);
    }
  });

  it('tells that a position beyond the end is lost', async () => {
    expect(await read(0)).toMatchObject({ revision: 0, events: [], isLost: false });
    expect(await read(1)).toMatchObject({ revision: 0, events: [], isLost: true });
    await grow(3);
    expect(await read(4)).toMatchObject({ revision: 3, events: [], isLost: true });
    expect(await read(Number.MAX_SAFE_INTEGER)).toMatchObject({ revision: 3, events: [], isLost: true });
  });

  it('tells that a position is lost after which events were purged, and goes on from those that are left', async () => {
    await grow(2);
    test.clock.advance(REVOCATION_RETENTION_MS);
    await grow(2);
    await test.store.purgeExpired(PLENTY);

    for (const after of [0, 1]) {
      expect(await read(after), `after ${after}`).toMatchObject({ revision: 4, events: [], isLost: true });
    }
    expect(revisionsOf(await read(2))).toEqual([3, 4]);
    test.clock.advance(REVOCATION_RETENTION_MS);
    await test.store.purgeExpired(PLENTY);
    expect(await read(3)).toMatchObject({ revision: 4, events: [], isLost: true });
    expect(await read(4)).toMatchObject({ revision: 4, events: [], isLost: false });
  });

  it('tells of a gap in the middle, which a clock that was set back leaves', async () => {
    await grow(2);
    test.clock.advance(-REVOCATION_RETENTION_MS);
    await grow(1);
    test.clock.advance(REVOCATION_RETENTION_MS);
    await grow(2);
    await test.store.purgeExpired(PLENTY);

    expect(await read(0)).toMatchObject({ revision: 5, events: [], isLost: true });
    expect(await read(2)).toMatchObject({ revision: 5, events: [], isLost: true });
    expect(revisionsOf(await read(3))).toEqual([4, 5]);
    // A page may end before the gap; the next one tells.
    expect(revisionsOf(await read(0, 2))).toEqual([1, 2]);
  });

  it('answers each position by its own tenant alone, in their order, and what is not a tenant as lost', async () => {
    await make(test.store, tenantOf(OTHER));
    await grow(2);
    await grow(3, OTHER);

    const positions = [
      { tenantId: OTHER, after: 1 },
      { tenantId: 'nobody', after: 0 },
      { tenantId: TENANT, after: 3 },
      { tenantId: TENANT, after: 0 },
      { tenantId: OTHER, after: 3 },
    ];
    const readings = await test.store.readRevocations(positions, PLENTY);

    expect(readings).toMatchObject([
      { tenantId: OTHER, revision: 3, isLost: false },
      { tenantId: 'nobody', revision: -1, clientVersion: -1, events: [], isLost: true },
      { tenantId: TENANT, revision: 2, events: [], isLost: true },
      { tenantId: TENANT, revision: 2, isLost: false },
      { tenantId: OTHER, revision: 3, events: [], isLost: false },
    ]);
    expect(readings.map(revisionsOf)).toEqual([[2, 3], [], [], [1, 2], []]);
    expect(readings.flatMap(({ events }) => events.map(({ tenantId }) => tenantId))).toEqual([
      OTHER,
      OTHER,
      TENANT,
      TENANT,
    ]);
    expect(await test.store.readRevocations([], PLENTY)).toEqual([]);
  });

  it('answers the version of the tenant’s clients that every other reading has', async () => {
    await make(test.store, clientOf('later'));
    const before = await read(0);
    expect(before.clientVersion).toBe((await test.store.readClient(APP))?.clientVersion);
    await make(test.store, pageOf());
    const after = await read(0);
    expect(after.clientVersion).toBe((await test.store.readClient(PAGE))?.clientVersion);
    expect(after.clientVersion).toBeGreaterThan(before.clientVersion);
  });

  it('never misses an event that was answered before the reading began, nor tells of one half', async () => {
    const writing = Promise.all(Array.from({ length: 20 }, () => execute(test.store, cutOff('user', ANN))));
    let after = 0;
    let isOver = false;
    void writing.then(() => {
      isOver = true;
    });
    const seen: number[] = [];
    while (!isOver) {
      const reading = await read(after);
      expect(reading.isLost).toBe(false);
      seen.push(...revisionsOf(reading));
      after = reading.revision;
      expect(seen).toHaveLength(after);
      await new Promise(setImmediate);
    }
    seen.push(...revisionsOf(await read(after)));
    expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });

  describe('where the engine tells of grown logs', () => {
    it('tells before the answer, of those that grew alone', async () => {
      const { store } = test;
      if (store.onRevocations === undefined) {
        return;
      }
      await make(store, tenantOf(OTHER));
      const told: string[] = [];
      store.onRevocations((tenantIds) => told.push(...tenantIds));
      await begin(store);
      await execute(store, revokeFamily(aFamilyId()));
      expect(told).toEqual([]);

      await make(store, cutOff('user', ANN));
      expect(told).toEqual([TENANT]);
      await make(store, cutOff('tenant', OTHER, 'revoked', OTHER));
      expect(told).toEqual([TENANT, OTHER]);
    });
  });
}
