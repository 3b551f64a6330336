/** Over real sockets: what a caller does not wait for is either counted or not checked. */

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { nameCounter } from '../../src/core/rules/counters.ts';
import { readFailures } from '../../src/core/services/lookups.ts';
import type { IsAbandoned, PasswordHasher } from '../../src/core/services/services.ts';
import type { Password } from '../../src/core/text/passwords.ts';
import { basic, CREDENTIALS, type GrpcBed, openGrpcBed } from './client.ts';

/** Counts the verifications that are begun, and holds them while it is told to. */
class CountingHasher implements PasswordHasher {
  readonly #inner: PasswordHasher;
  verified = 0;
  asked = 0;
  gate: Promise<void> | undefined;

  constructor(inner: PasswordHasher) {
    this.#inner = inner;
  }

  hash(password: Password, isAbandoned?: IsAbandoned): Promise<string> {
    return this.#inner.hash(password, isAbandoned);
  }

  async verify(hash: string | null, password: Password, isAbandoned?: IsAbandoned): Promise<boolean> {
    this.asked += 1;
    await this.gate;
    const matches = await this.#inner.verify(hash, password, isAbandoned);
    this.verified += 1;
    return matches;
  }

  needsRehash(): boolean {
    return false;
  }

  requireRoom(): void {
    this.#inner.requireRoom();
  }
}

let bed: GrpcBed;
let hasher: CountingHasher;

beforeAll(async () => {
  bed = await openGrpcBed();
  hasher = new CountingHasher(bed.services.passwords);
  Object.assign(bed.services, { passwords: hasher });
});
afterAll(() => bed.close());
beforeEach(() => {
  hasher.verified = 0;
  hasher.asked = 0;
  hasher.gate = undefined;
  bed.clock.advance(24 * 3_600_000);
});

interface Ended {
  readonly cancel: () => void;
  /** Its status, once it has ended. */
  readonly code: Promise<number>;
}

function guess(deadlineMs: number): Ended {
  let cancel: () => void = () => undefined;
  const code = new Promise<number>((resolve) => {
    const request = CREDENTIALS.user('ann', 'wrong');
    const options = { deadline: Date.now() + deadlineMs };
    const call = bed.client.issue(request, basic('acme'), options, (error) => resolve(error?.code ?? 0));
    cancel = () => call.cancel();
  });
  return { cancel, code };
}

async function counted(): Promise<{ count: number; pending: number }> {
  const [row] = await readFailures(bed.store, 'acme', [nameCounter('user-ann')]);
  return { count: row?.count ?? 0, pending: row?.pending ?? 0 };
}

/** Once nothing is being checked any more. */
async function expectAllCounted(): Promise<void> {
  await expect.poll(async () => (await counted()).pending, { timeout: 30_000 }).toBe(0);
  await expect.poll(async () => (await counted()).count === hasher.verified, { timeout: 30_000 }).toBe(true);
}

describe('a guess whose check begins is counted', () => {
  it.each([0, 1, 2, 4, 8, 12, 25, 60, 200, 1_000, 5_000])('with a deadline of %i ms', async (deadlineMs) => {
    await Promise.all(Array.from({ length: 10 }, () => guess(deadlineMs).code));
    await expectAllCounted();
  });

  it('when it is cancelled at any moment', async () => {
    const guesses = Array.from({ length: 40 }, () => guess(5_000));
    for (const [i, { cancel }] of guesses.entries()) {
      setTimeout(cancel, i);
    }
    await Promise.all(guesses.map(({ code }) => code));
    await expectAllCounted();
  });
});

it('guesses whose callers are gone leave the queue unchecked', async () => {
  let open: () => void = () => undefined;
  hasher.gate = new Promise((resolve) => {
    open = resolve;
  });
  const guesses = Array.from({ length: 20 }, () => guess(60_000));
  await expect.poll(() => hasher.asked, { timeout: 30_000 }).toBe(20);
  for (const { cancel } of guesses) {
    cancel();
  }
  await Promise.all(guesses.map(({ code }) => code));
  // The server learns of the last cancellation by a frame of its own; a call behind it on the same connection comes after it.
  await new Promise((resolve) => bed.client.issue(CREDENTIALS.anonymous('acme'), basic('acme'), resolve));
  open();
  await expectAllCounted();
  expect(hasher.verified).toBe(0);
});
