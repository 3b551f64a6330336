import { expect, it } from 'vitest';
import { type Numbered, Numbers, Order } from '../../../src/server/workers/order.ts';

/** A port in which these have arrived. */
function sourceOf(handled: number[], ...arrived: readonly number[]) {
  const waiting = arrived.map((at) => ({ at }));
  return {
    takeArrived: () => waiting.splice(0),
    handle: ({ at }: Numbered) => {
      handled.push(at);
    },
  };
}

it('handles what has arrived at all ports by the numbers that it was sent with', () => {
  const [order, handled]: [Order, number[]] = [new Order(), []];
  const last = sourceOf(handled, 7, 8);
  for (const source of [sourceOf(handled, 5, 9), sourceOf(handled, 2, 6), last]) {
    order.add(source);
  }
  order.handle(last, { at: 4 });
  expect(handled).toEqual([2, 4, 5, 6, 7, 8, 9]);
});

it('goes on where the numbers begin anew', () => {
  const [order, handled]: [Order, number[]] = [new Order(), []];
  const most = 2 ** 31 - 1;
  order.add(sourceOf(handled, -(2 ** 31)));
  order.add(sourceOf(handled, most));
  order.handle();
  expect(handled).toEqual([most, -(2 ** 31)]);
});

it('handles nothing of a port that is gone', () => {
  const [order, handled]: [Order, number[]] = [new Order(), []];
  const source = sourceOf(handled, 1);
  order.add(source);
  order.delete(source);
  order.handle();
  expect(handled).toEqual([]);
});

it('gives out each number once, over one memory', () => {
  const numbers = new Numbers();
  const others = new Numbers(numbers.buffer);
  expect([numbers.next(), others.next(), numbers.next()]).toEqual([0, 1, 2]);
});
