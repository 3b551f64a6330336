/** Bounds that threads share: here several of them over one memory. */
import { expect, it } from 'vitest';
import { Bounds, boundsBuffer, forgetThread } from '../../src/calls/bounds.ts';
import { Holdings } from '../../src/calls/holdings.ts';

const buffer = () => boundsBuffer(2, 12_345);

function holdingsOf(bounds: Bounds, ended: string[], max = 3, maxOfPeer = 2): Holdings<string> {
  const shared = bounds.peers('grpc-connections');
  return new Holdings({ max, maxOfPeer, canGiveWay: () => true, end: (held) => ended.push(held), shared });
}

it('counts what all threads have, and each its own', () => {
  const memory = buffer();
  const [one, other] = [0, 1].map((own) => new Bounds({ buffer: memory, threads: 2, own }).tally('calls'));
  one?.add();
  one?.add();
  other?.add();
  expect([one?.all, other?.all, one?.own, other?.own]).toEqual([3, 3, 2, 1]);
  one?.remove();
  expect([one?.all, other?.all]).toEqual([2, 2]);
});

it('counts one thread alone where there is one', () => {
  const [one, other] = [new Bounds().tally('calls'), new Bounds().tally('calls')];
  one?.add();
  expect([one?.all, other?.all]).toEqual([1, 0]);
  expect(new Bounds().peers('watches')).toBeUndefined();
  expect(new Bounds().threads).toBe(1);
});

it('gives one peer in all threads no more than its share', () => {
  const memory = buffer();
  const ended: string[] = [];
  const [one, other] = [0, 1].map((own) => holdingsOf(new Bounds({ buffer: memory, threads: 2, own }), ended));
  expect(one?.add('a', 'a1')).toBe(true);
  expect(one?.add('a', 'a2')).toBe(true);
  // What could give way is held by the other thread.
  expect(other?.add('a', 'a3')).toBe(false);
  expect(one?.add('a', 'a4')).toBe(true);
  expect(ended).toEqual(['a1']);

  one?.delete('a', 'a2');
  expect(other?.add('a', 'a5')).toBe(true);
});

it('gives all peers in all threads no more than there is', () => {
  const memory = buffer();
  const ended: string[] = [];
  const [one, other] = [0, 1].map((own) => holdingsOf(new Bounds({ buffer: memory, threads: 2, own }), ended));
  expect(one?.add('a', 'a1')).toBe(true);
  expect(one?.add('b', 'b1')).toBe(true);
  expect(other?.add('c', 'c1')).toBe(true);
  expect(other?.add('d', 'd1')).toBe(true);
  expect(ended).toEqual(['c1']);
  expect(one?.add('e', 'e1')).toBe(true);
  expect(ended).toEqual(['c1', 'a1']);
});

it('forgets what a thread had that died', () => {
  const memory = buffer();
  const [one, other] = [0, 1].map((own) => holdingsOf(new Bounds({ buffer: memory, threads: 2, own }), []));
  expect(one?.add('a', 'a1')).toBe(true);
  expect(one?.add('a', 'a2')).toBe(true);
  forgetThread(memory, 0);
  expect(other?.add('a', 'a3')).toBe(true);
  expect(other?.add('a', 'a4')).toBe(true);
});
