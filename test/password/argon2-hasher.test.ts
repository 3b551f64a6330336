import { describe, expect, it } from 'vitest';
import { Argon2Hasher, DEFAULT_ARGON2 } from '../../src/password/argon2-hasher.ts';
import { HashQueue } from '../../src/password/hash-turns.ts';
import { CHEAP_ARGON2 } from '../support.ts';

/** From the reference implementation's own tests (P-H-C/phc-winner-argon2, src/test.c, argon2id version 0x13). */
const REFERENCE: readonly [string, string][] = [
  ['password', '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'],
  ['password', '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'],
  ['password', '$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc'],
  ['password', '$argon2id$v=19$m=65536,t=4,p=1$c29tZXNhbHQ$kCXUjmjvc5XMqQedpMTsOv+zyJEf5PhtGiUghW9jFyw'],
  ['differentpassword', '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$C4TWUs9rDEvq7w3+J4umqA32aWKB1+DSiRuBfYxFj94'],
];

function cheap(options: { concurrency?: number; queueLimit?: number } = {}): Promise<Argon2Hasher> {
  return Argon2Hasher.create({ parameters: CHEAP_ARGON2, concurrency: 2, ...options });
}

/** In the order of their names; the library writes them in another than the reference implementation. */
function parametersOf(hash: string): string[] | undefined {
  return hash.split('$')[3]?.split(',').sort();
}

describe('a hash', () => {
  it.each(REFERENCE)('of %j by the reference implementation is verified: %s', async (password, hash) => {
    const hasher = await cheap();

    expect(await hasher.verify(hash, password)).toBe(true);
    expect(await hasher.verify(hash, `${password} `)).toBe(false);
  });

  it('is argon2id with the parameters asked for, and salted', async () => {
    const hasher = await Argon2Hasher.create({ parameters: { memoryKib: 32, passes: 3, lanes: 2 }, concurrency: 1 });
    const [first, second] = [await hasher.hash('secret'), await hasher.hash('secret')];

    expect(first).toMatch(/^\$argon2id\$v=19\$[mtp=,0-9]+\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(parametersOf(first)).toEqual(['m=32', 'p=2', 't=3']);
    expect(second).not.toBe(first);
    expect(await hasher.verify(second, 'secret')).toBe(true);
  });

  it('is of OWASP’s minimum unless told otherwise', async () => {
    const hasher = await Argon2Hasher.create({ concurrency: 1 });

    expect(parametersOf(await hasher.hash('secret'))).toEqual(['m=19456', 'p=1', 't=2']);
  });

  it('tells passwords apart that differ in their last byte, in case or in their Unicode form', async () => {
    const hasher = await cheap();
    const hash = await hasher.hash(`${'x'.repeat(1_000)}é`);
    for (const other of [`${'x'.repeat(1_000)}è`, `${'x'.repeat(1_000)}É`, `${'x'.repeat(1_000)}e\u0301`]) {
      expect(await hasher.verify(hash, other)).toBe(false);
    }
  });

  it('that there is none is matched by no password, not even by the empty one', async () => {
    const hasher = await cheap();
    for (const password of ['', 'secret']) {
      expect(await hasher.verify(null, password)).toBe(false);
    }
  });
});

describe('a hash is made anew', () => {
  const now = { memoryKib: 64, passes: 2, lanes: 1 };
  const salted = 'c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';

  it.each([
    ['not when its parameters are those of now', '$argon2id$v=19$m=64,t=2,p=1$', false],
    ['when it took less memory', '$argon2id$v=19$m=63,t=2,p=1$', true],
    ['when it took fewer passes', '$argon2id$v=19$m=64,t=1,p=1$', true],
    ['when it took more memory and fewer passes', '$argon2id$v=19$m=65,t=1,p=1$', true],
    ['not when it took more memory, for that would weaken it', '$argon2id$v=19$m=65,t=2,p=1$', false],
    ['not when it took more passes', '$argon2id$v=19$m=64,t=3,p=1$', false],
    ['when it is of an older version of argon2', '$argon2id$v=16$m=64,t=2,p=1$', true],
    ['not when its parameters are written in another order', '$argon2id$v=19$m=64,p=1,t=2$', false],
    ['when they are fewer in another order', '$argon2id$v=19$m=64,p=1,t=1$', true],
    ['when it is argon2i', '$argon2i$v=19$m=64,t=2,p=1$', true],
  ])('%s', async (_, head, expected) => {
    const hasher = await Argon2Hasher.create({ parameters: now, concurrency: 1 });

    expect(hasher.needsRehash(head + salted)).toBe(expected);
  });

  it('never when it was just made', async () => {
    for (const parameters of [CHEAP_ARGON2, now, DEFAULT_ARGON2]) {
      const hasher = await Argon2Hasher.create({ parameters, concurrency: 1 });
      expect(hasher.needsRehash(await hasher.hash('secret'))).toBe(false);
    }
  });
});

describe('the queue', () => {
  /** Takes a hundred times as long as the cheap ones. */
  const COSTLY = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
  const overloaded = { status: 'rejected', reason: { code: 'overloaded', retryAfterMs: 1_000 } };

  it('refuses at once what is beyond it, and serves all that is within', async () => {
    const queue = new HashQueue({ concurrency: 2, queueLimit: 3 });
    const hasher = await Argon2Hasher.create({ parameters: CHEAP_ARGON2, turns: queue });
    const ended: string[] = [];
    const calls = Array.from({ length: 8 }, (_, i) =>
      hasher.verify(COSTLY, 'password').then(
        () => ended.push(`served ${i}`),
        (error) => {
          ended.push(`refused ${i}`);
          throw error;
        },
      ),
    );

    const results = await Promise.allSettled(calls);

    expect(results.slice(5)).toMatchObject([overloaded, overloaded, overloaded]);
    expect(results.slice(0, 5).map(({ status }) => status)).toEqual(Array(5).fill('fulfilled'));
    expect(ended.slice(0, 3)).toEqual(['refused 5', 'refused 6', 'refused 7']);
    expect(queue.figures()).toMatchObject({ waiting: 0, running: 0, refused: 3, abandoned: 0 });
    expect(queue.figures().hashSeconds.count).toBe(5);
    expect(queue.figures().waitSeconds.sum).toBeGreaterThan(0);
  });

  it('has room again when what was in it is done', async () => {
    const hasher = await cheap({ concurrency: 1, queueLimit: 1 });
    const run = () => Promise.allSettled([1, 2, 3].map(() => hasher.hash('secret')));
    for (const results of [await run(), await run(), await run()]) {
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    }
  });

  it('may be of length 0', async () => {
    const hasher = await cheap({ concurrency: 1, queueLimit: 0 });
    const [first, second] = [hasher.hash('a'), hasher.hash('b')];

    await expect(second).rejects.toMatchObject({ code: 'overloaded' });
    expect(await first).toContain('$argon2id$');
  });

  it.each([1, 2, 3])('never runs more than %i at once: what is cheap waits for one of those', async (concurrency) => {
    const hasher = await cheap({ concurrency });
    const cheapHash = await hasher.hash('secret');
    const order: string[] = [];
    const costly = Array.from({ length: concurrency }, () =>
      hasher.verify(COSTLY, 'password').then(() => order.push('costly')),
    );
    const quick = hasher.verify(cheapHash, 'secret').then(() => order.push('cheap'));

    await Promise.all([...costly, quick]);

    expect(order.indexOf('cheap')).toBeGreaterThan(0);
  });

  it('runs what fits at once', async () => {
    const hasher = await cheap({ concurrency: 2 });
    const cheapHash = await hasher.hash('secret');
    const order: string[] = [];
    const costly = hasher.verify(COSTLY, 'password').then(() => order.push('costly'));
    const quick = hasher.verify(cheapHash, 'secret').then(() => order.push('cheap'));

    await Promise.all([costly, quick]);

    expect(order).toEqual(['cheap', 'costly']);
  });

  it('loses no place to a hash that can’t be read', async () => {
    const hasher = await cheap({ concurrency: 1, queueLimit: 10 });
    const results = await Promise.allSettled([1, 2, 3, 4].map(() => hasher.verify('rubbish', 'secret')));

    expect(results.map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
    expect(await hasher.verify(await hasher.hash('secret'), 'secret')).toBe(true);
  });

  describe('of what nobody waits for', () => {
    const abandoned = { status: 'rejected', reason: { code: 'deadline_exceeded' } };

    it('hashes nothing, neither at once nor when its turn comes', async () => {
      const hasher = await cheap({ concurrency: 1 });
      let isGone = true;
      const atOnce = hasher.hash('secret', () => isGone);
      isGone = false;
      const first = hasher.verify(COSTLY, 'password');
      // Would fail otherwise, for it can't be read.
      const second = hasher.verify('rubbish', 'secret', () => isGone);
      isGone = true;

      expect(await Promise.allSettled([atOnce, first, second])).toMatchObject([
        abandoned,
        { status: 'fulfilled', value: true },
        abandoned,
      ]);
      expect(await hasher.verify(await hasher.hash('secret'), 'secret')).toBe(true);
    });

    it('takes no place from others when it is full', async () => {
      const hasher = await cheap({ concurrency: 1, queueLimit: 2 });
      let isGone = false;
      const gone = () => isGone;
      const calls = [hasher.hash('a'), hasher.hash('b', gone), hasher.hash('c', gone)];
      expect(() => hasher.requireRoom()).toThrow('Too many logins are waiting');
      isGone = true;
      hasher.requireRoom();
      calls.push(hasher.hash('d'), hasher.hash('e'));

      const results = await Promise.allSettled(calls);
      const [fulfilled] = [{ status: 'fulfilled' }];
      expect(results).toMatchObject([fulfilled, abandoned, abandoned, fulfilled, fulfilled]);
    });

    it('lets the next come that somebody waits for', async () => {
      const hasher = await cheap({ concurrency: 1 });
      const results = [hasher.hash('a'), hasher.hash('b', () => true), hasher.hash('c'), hasher.hash('d')];
      expect((await Promise.allSettled(results)).map(({ status }) => status)).toEqual([
        ...['fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
      ]);
    });
  });
});
