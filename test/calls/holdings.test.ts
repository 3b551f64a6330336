import { describe, expect, it } from 'vitest';
import { Holdings } from '../../src/calls/holdings.ts';

interface Held {
  readonly name: string;
  readonly isBusy?: boolean;
}

function room(max: number, maxOfPeer: number) {
  const ended: string[] = [];
  const holdings = new Holdings<Held>({
    max,
    maxOfPeer,
    canGiveWay: ({ isBusy }) => isBusy !== true,
    end: ({ name }) => ended.push(name),
  });
  return { holdings, ended };
}

describe('what a stranger holds', () => {
  it('is bounded for each peer, and the oldest of the peer gives way', () => {
    const { holdings, ended } = room(10, 2);
    for (const name of ['a1', 'a2', 'a3', 'a4']) {
      expect(holdings.add('a', { name })).toBe(true);
    }
    expect(holdings.add('b', { name: 'b1' })).toBe(true);
    expect([ended, holdings.size]).toEqual([['a1', 'a2'], 3]);
  });

  it('is bounded in all, and the peer that has most gives way', () => {
    const { holdings, ended } = room(4, 3);
    holdings.add('b', { name: 'b1' });
    for (const name of ['a1', 'a2', 'a3']) {
      holdings.add('a', { name });
    }
    expect(holdings.add('c', { name: 'c1' })).toBe(true);
    expect([ended, holdings.size]).toEqual([['a1'], 4]);
  });

  it('is refused where nothing may give way', () => {
    const { holdings, ended } = room(3, 2);
    holdings.add('a', { name: 'a1', isBusy: true });
    holdings.add('a', { name: 'a2', isBusy: true });
    expect(holdings.add('a', { name: 'a3' })).toBe(false);
    holdings.add('b', { name: 'b1' });
    expect(holdings.add('c', { name: 'c1' })).toBe(false);
    expect([ended, holdings.size]).toEqual([[], 3]);
  });

  it('gives way later when it was of use since', () => {
    const { holdings, ended } = room(10, 2);
    const used = { name: 'a1' };
    holdings.add('a', used);
    holdings.add('a', { name: 'a2' });
    holdings.renew('a', used);
    holdings.renew('b', used);
    holdings.add('a', { name: 'a3' });
    expect([ended, holdings.size]).toEqual([['a2'], 2]);
  });

  it('has room again after it was let go, once', () => {
    const { holdings, ended } = room(1, 1);
    const first = { name: 'a1', isBusy: true };
    holdings.add('a', first);
    holdings.delete('a', first);
    holdings.delete('a', first);
    holdings.delete('b', first);
    expect(holdings.size).toBe(0);
    expect(holdings.add('b', { name: 'b1' })).toBe(true);
    expect([ended, holdings.size]).toEqual([[], 1]);
  });
});
