/** What is bounded for a process, asked for by several threads: here several channels in one. */
import { MessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type InCommon, inCommon } from '../../../src/core/services/in-common.ts';
import { HashQueue } from '../../../src/password/hash-turns.ts';
import { Answering } from '../../../src/server/workers/answering.ts';
import { AskedTurns, askingInCommon, type ToMain } from '../../../src/server/workers/asking.ts';
import { Channel } from '../../../src/server/workers/channel.ts';
import { Numbers, Order } from '../../../src/server/workers/order.ts';
import { eventually } from '../../process/program.ts';
import { TestClock } from '../../support.ts';

interface Asking {
  readonly common: InCommon;
  readonly hashing: AskedTurns;
  /** As when its thread dies. */
  die(): void;
}

let queue: HashQueue;
let asking: readonly [Asking, Asking];
let closing: (() => void)[];

beforeEach(() => {
  queue = new HashQueue({ concurrency: 2, queueLimit: 3 });
  const common = inCommon(new TestClock().read);
  closing = [];
  const [numbers, order] = [new Numbers(), new Order()];
  const begin = (): Asking => {
    const { port1, port2 } = new MessageChannel();
    const verifiers = () => expect.unreachable();
    const answering = new Answering({ common, hashing: queue, log: () => undefined, verifiers });
    const channel = new Channel(port1, answering.handlers, { order });
    const main: ToMain = new Channel(port2, {} as never, { numbers });
    closing.push(() => port1.close());
    return {
      common: askingInCommon(main),
      hashing: new AskedTurns(main),
      die: () => {
        order.handle();
        answering.forget();
        channel.close();
      },
    };
  };
  asking = [begin(), begin()];
});

afterEach(() => {
  for (const close of closing) {
    close();
  }
});

const never = () => false;

it('lets as many hash at once as the process may, whichever threads they are of', async () => {
  const [one, other] = asking;
  const ends = await Promise.all([one.hashing.begin(never), other.hashing.begin(never)]);
  const third = one.hashing.begin(never);
  await eventually('the third that waits', () => queue.figures().waiting === 1);
  expect(queue.figures().running).toBe(2);

  ends[1]?.();
  (await third)();
  ends[0]?.();
  await eventually('the end of all', () => queue.figures().running === 0);
});

it('refuses in every thread when too many wait in all', async () => {
  const [one, other] = asking;
  const first = await Promise.all([one.hashing.begin(never), one.hashing.begin(never)]);
  const waiting = [one, other, other].map(({ hashing }) => hashing.begin(never));
  await eventually('a full queue', () => queue.figures().waiting === 3);

  for (const { hashing } of asking) {
    await expect(hashing.begin(never)).rejects.toMatchObject({ code: 'overloaded', retryAfterMs: 1_000 });
    await expect(hashing.requireRoom()).rejects.toMatchObject({ code: 'overloaded' });
  }
  for (const end of first) {
    end();
  }
  for (const begun of waiting) {
    (await begun)();
  }
});

it('takes out of the queue what nobody waits for any more in its thread', async () => {
  const [one, other] = asking;
  const ends = await Promise.all([one.hashing.begin(never), one.hashing.begin(never)]);
  let isGone = false;
  const given = other.hashing.begin(() => isGone);
  const refusal = expect(given).rejects.toMatchObject({ code: 'deadline_exceeded' });
  await eventually('the one that waits', () => queue.figures().waiting === 1);
  isGone = true;
  // Its thread tells so in a moment, and the queue finds out when it is that one's turn.
  await eventually('what is told', () => {
    queue.dropAbandoned();
    return queue.figures().waiting === 0;
  });
  await refusal;
  for (const end of ends) {
    end();
  }
});

it('gives back what a thread had that died: its turns to hash, its guesses, its long reads', async () => {
  const [one, other] = asking;
  await Promise.all([one.hashing.begin(never), one.hashing.begin(never)]);
  const waiting = other.hashing.begin(never);
  one.common.guesses.begin('ann');
  const turn = other.common.guesses.waitForEnd('ann', other.common.guesses.begin('ann'));
  expect(await one.common.longReads.enter('audit acme', 1)).toBe(true);
  expect(await other.common.longReads.enter('audit acme', 1)).toBe(false);

  one.die();

  (await waiting)();
  expect(await turn).toBe(true);
  expect(await other.common.longReads.enter('audit acme', 1)).toBe(true);
});

it('makes a guess wait for one of another thread, and for none when there is none', async () => {
  const [one, other] = asking;
  const first = one.common.guesses.begin('ann');
  const turn = other.common.guesses.waitForEnd('ann', other.common.guesses.begin('ann'));
  one.common.guesses.end('ann', first);
  expect(await turn).toBe(true);

  const mark = other.common.guesses.begin('ann');
  expect(await other.common.guesses.waitForEnd('ann', mark)).toBe(false);
});

it('takes what threads say in the order in which they said it', async () => {
  const [one, other] = asking;
  // All of it waits in the two ports together.
  for (let i = 0; i < 20; i++) {
    one.common.guesses.end('ann', one.common.guesses.begin('ann'));
  }
  const first = one.common.guesses.begin('ann');
  const turn = other.common.guesses.waitForEnd('ann', other.common.guesses.begin('ann'));
  one.common.guesses.end('ann', first);
  expect(await turn).toBe(true);

  const [last, mark] = [one.common.guesses.begin('ann'), other.common.guesses.begin('ann')];
  one.common.guesses.end('ann', last);
  // It may have been refused for the sake of the one that has ended since.
  expect(await other.common.guesses.waitForEnd('ann', mark)).toBe(true);
});

it('counts what an address causes in all threads', async () => {
  const [one, other] = asking;
  const spent = [];
  for (const { common } of [one, other, one, other]) {
    spent.push((await common.spend('codes', 'acme 192.0.2.1', 3)).isSpent);
  }
  expect(spent).toEqual([true, true, true, false]);
});
