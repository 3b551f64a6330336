/** Who watches, and for whom there is room. */
import { describe, expect, it } from 'vitest';
import { Bounds, boundsBuffer } from '../../src/calls/bounds.ts';
import type { SymbolonError } from '../../src/core/errors.ts';
import { Census, MAX_WATCHERS, MAX_WATCHERS_OF_CLIENT } from '../../src/watch/census.ts';
import type { WatchStream } from '../../src/watch/watch-stream.ts';

class House {
  readonly census: Census;
  readonly ends: SymbolonError[] = [];
  readonly #streams: WatchStream[] = [];
  #count = 0;

  constructor(census = new Census()) {
    this.census = census;
  }

  open(tenantId: string, clientId: string, verifierId = String(this.#count++)): void {
    const key = `${clientId} ${verifierId}`;
    this.census.makeRoom(key, { tenantId, clientId });
    const stream = {
      tenantId,
      clientId,
      end: (error: SymbolonError) => {
        this.ends.push(error);
        this.#streams.splice(this.#streams.indexOf(stream), 1);
        this.census.delete(stream, error);
      },
    } as unknown as WatchStream;
    this.#streams.push(stream);
    this.census.add(key, stream);
  }

  fill(tenantId: string, clientId: string, count: number): void {
    for (let at = 0; at < count; at += 1) {
      this.open(tenantId, clientId);
    }
  }

  of(tenantId: string): number {
    return this.#streams.filter((stream) => stream.tenantId === tenantId).length;
  }
}

const FULL = expect.objectContaining({ code: 'overloaded', retryAfterMs: expect.any(Number) });

function full(): House {
  const house = new House();
  house.fill('greedy', 'one', MAX_WATCHERS_OF_CLIENT);
  house.fill('greedy', 'two', MAX_WATCHERS - MAX_WATCHERS_OF_CLIENT);
  return house;
}

describe('the places of watchers', () => {
  it('may all be of one tenant, and of its clients none has all', () => {
    const house = full();
    expect(house.census.size).toBe(MAX_WATCHERS);
    expect(() => house.open('greedy', 'one')).toThrow(FULL);
    expect(() => house.open('greedy', 'three')).toThrow(FULL);
    expect(house.ends).toEqual([]);
  });

  it('are given up by the tenant that has most, and its newest goes, until others have as many', () => {
    const house = full();
    house.fill('modest', 'app', 1_000);
    expect([house.of('greedy'), house.of('modest')]).toEqual([MAX_WATCHERS - 1_000, 1_000]);
    expect(house.ends[0]).toEqual(FULL);
    expect(house.ends).toHaveLength(1_000);
    // It does not come back in by this way.
    expect(() => house.open('greedy', 'three')).toThrow(FULL);
    house.fill('modest', 'other', MAX_WATCHERS / 2 - 1_000);
    expect(() => house.open('modest', 'other')).toThrow(FULL);
    house.open('third', 'app');
    expect(house.census.size).toBe(MAX_WATCHERS);
  });

  it('have room for a tenant each, however many are greedy', () => {
    const house = new House();
    for (let tenant = 0; tenant < 64; tenant += 1) {
      house.fill(`tenant ${tenant}`, `app ${tenant}`, MAX_WATCHERS / 64);
    }
    house.open('late', 'app');
    expect(house.of('late')).toBe(1);
  });

  it('are not taken by a verifier that comes again', () => {
    const house = full();
    house.open('greedy', 'one', '7');
    expect(house.census.size).toBe(MAX_WATCHERS);
    expect(house.ends).toMatchObject([{ code: 'watcher_replaced' }]);
  });

  it('are counted over all threads of the process', () => {
    const buffer = boundsBuffer(2, 7);
    const [first, second] = [0, 1].map(
      (own) => new House(new Census(new Bounds({ buffer, threads: 2, own }).peers('watchers'))),
    ) as [House, House];
    first.fill('greedy', 'one', MAX_WATCHERS_OF_CLIENT);
    second.fill('greedy', 'two', MAX_WATCHERS - MAX_WATCHERS_OF_CLIENT);
    expect(() => second.open('greedy', 'one')).toThrow(FULL);
    second.open('modest', 'app');
    first.open('modest', 'app');
    expect([first.of('greedy'), second.of('greedy')]).toEqual([MAX_WATCHERS_OF_CLIENT - 1, MAX_WATCHERS / 2 - 1]);
  });
});
