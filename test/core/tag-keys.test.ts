import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { all, type Reads } from '../../src/core/plan.ts';
import { KEY_BYTES, keysOf } from '../../src/core/services/keys.ts';
import type { Keys } from '../../src/core/services/services.ts';
import type { Store } from '../../src/core/services/store.ts';
import { resealed, TagKeys } from '../../src/core/services/tag-keys.ts';
import { TAG_KEY } from '../../src/core/tables/keys.ts';
import { mintToken, type OpenTagKey, type ParsedToken, parseToken } from '../../src/core/token-form.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import { TestClock } from '../support.ts';
import { type CountedStore, countCalls } from './counted-store.ts';
import { expectRefused, PATIENTLY } from './fixtures.ts';
import { replaceServerKey } from './key-replacement.ts';
import { madeUp, someFamilyId } from './made-up.ts';

let clock: TestClock;
let counted: CountedStore;
let keys: Keys;

beforeEach(() => {
  clock = new TestClock();
  counted = countCalls(new MemoryStore({ clock: clock.read }));
  keys = newKeys();
});

function newKeys(): Keys {
  return keysOf(randomBytes(KEY_BYTES), randomBytes);
}

/** A server that was just started. */
function node(own: Keys = keys): TagKeys {
  return new TagKeys({ store: counted.store, keys: own, clock: clock.read, random: randomBytes });
}

async function rows() {
  return (await counted.store.read({ tagKeys: all(TAG_KEY, {}) })).tagKeys;
}

function tokenBy(key: OpenTagKey): ParsedToken {
  const parts = { use: 'access', kind: 'USER', familyId: someFamilyId(), generation: 0 } as const;
  return parsed(mintToken(key, { ...parts, random: randomBytes(20) }));
}

function parsed(text: string): ParsedToken {
  return parseToken(text) as ParsedToken;
}

describe('the first key', () => {
  it('is made by anybody who needs it, and mints at once', async () => {
    const { keyId } = await node().minting();
    expect(keyId).toBe('0');
    expect(await rows()).toMatchObject([{ keyId: '0', state: 'minting', since: clock.now }]);
  });

  it('is one, however many need it at once on however many nodes', async () => {
    const nodes = Array.from({ length: 5 }, () => node());
    const minting = await Promise.all(nodes.flatMap((each) => [each.minting(), each.minting()]));
    const token = tokenBy(await node().minting());
    expect(await rows()).toHaveLength(1);
    expect(new Set(minting.map((key) => secretOf(key).toString('hex'))).size).toBe(1);
    expect(await Promise.all(nodes.map((each) => each.judge(token)))).toEqual(Array(5).fill('genuine'));
  });

  it('is made at the next need when the store failed', async () => {
    const { read, execute } = counted.store;
    const answers = [() => Promise.reject(new Error('the store is down')), execute];
    const store: Pick<Store, 'read' | 'execute'> = {
      read,
      execute: (...call) => (answers.shift() ?? execute)(...call),
    };
    const tagKeys = new TagKeys({ store, keys, clock: clock.read, random: randomBytes });
    await expect(tagKeys.minting()).rejects.toThrow('the store is down');
    expect((await tagKeys.minting()).keyId).toBe('0');
  });

  it('stays known when a list that was read before it comes after it', async () => {
    const { read, execute } = counted.store;
    const listed = Promise.withResolvers<void>();
    const lists = [
      read,
      async (reads: Reads) => {
        const list = await read(reads);
        await listed.promise;
        return list;
      },
    ];
    const added = Promise.withResolvers<void>();
    const store = {
      read: (reads: Reads) => (lists.shift() ?? read)(reads),
      execute: (...call: Parameters<Store['execute']>) => added.promise.then(() => execute(...call)),
    } as Pick<Store, 'read' | 'execute'>;
    const tagKeys = new TagKeys({ store, keys, clock: clock.read, random: randomBytes });
    const minting = tagKeys.minting();
    await expect.poll(() => lists.length, PATIENTLY).toBe(1);
    clock.now += 1_500;
    const judging = tagKeys.judge(parsed(madeUp('access', { keyId: 'Z' })));
    await expect.poll(() => lists.length, PATIENTLY).toBe(0);
    added.resolve();
    const token = tokenBy(await minting);
    listed.resolve();
    await judging;
    expect(await tagKeys.judge(token)).toBe('genuine');
  });

  it('is remembered: minting again asks the store for nothing', async () => {
    const one = node();
    const first = await one.minting();
    counted.taken();
    expect(await one.minting()).toBe(first);
    expect(counted.taken()).toEqual({});
  });

  it('is stored in a box that the servers’ key alone opens', async () => {
    const secret = secretOf(await node().minting());
    const [row] = await rows();
    const box = Buffer.from(row?.box ?? []);
    for (const encoding of ['base64', 'hex', 'latin1'] as const) {
      expect(box.toString('latin1')).not.toContain(secret.toString(encoding));
    }
    await expectRefused(node(newKeys()).minting(), 'store_unavailable');
  });
});

describe('a later key', () => {
  it('mints two seconds after it was written, when every node knows it', async () => {
    await node().minting();
    const renewed = newKeys();
    await replaceServerKey(counted.store, { fingerprint: renewed.fingerprint });
    const one = node(renewed);
    await expectRefused(one.minting(), 'store_unavailable');
    expect((await rows()).map(({ keyId, state }) => `${keyId} ${state}`)).toEqual(['0 lost', '1 minting']);

    clock.advance(1_999);
    await expectRefused(one.minting(), 'store_unavailable');
    await expectRefused(node(renewed).minting(), 'store_unavailable');
    clock.advance(1);
    expect((await one.minting()).keyId).toBe('1');
    expect((await node(renewed).minting()).keyId).toBe('1');
    expect(await rows()).toHaveLength(2);
  });

  it('is known by then to a node that read the list right before it was written', async () => {
    await node().minting();
    const renewed = newKeys();
    await replaceServerKey(counted.store, { fingerprint: renewed.fingerprint });
    const late = node(renewed);
    expect(await late.judge(parsed(madeUp('access', { keyId: '9' })))).toBe('made_up');
    const one = node(renewed);
    await expectRefused(one.minting(), 'store_unavailable');
    clock.advance(2_000);

    expect(await late.judge(tokenBy(await one.minting()))).toBe('genuine');
  });

  it('mints though its time is yet to come, for a clock that was ahead wrote it', async () => {
    await node().minting();
    const renewed = newKeys();
    await replaceServerKey(counted.store, { fingerprint: renewed.fingerprint });
    const year = 365 * 24 * 3_600_000;
    clock.advance(year);
    await expectRefused(node(renewed).minting(), 'store_unavailable');
    clock.advance(-year);
    expect(await node(renewed).minting()).toBeDefined();
  });

  it('has an id that no key had before, for live tokens bear those', async () => {
    for (const expected of ['0', '1', '2']) {
      const minting = node(keys).minting();
      await minting.catch(() => undefined);
      expect((await rows()).at(-1)?.keyId).toBe(expected);
      keys = newKeys();
      await replaceServerKey(counted.store, { fingerprint: keys.fingerprint });
    }
  });

  it('is none where the servers’ key was replaced and the tag key was kept', async () => {
    const token = tokenBy(await node().minting());
    const renewed = newKeys();
    await replaceServerKey(counted.store, { boxes: await resealed(counted.store, [keys], renewed) });
    expect(await node(renewed).judge(token)).toBe('genuine');
    expect((await node(renewed).minting()).keyId).toBe('0');
    expect(await node(keys).judge(token)).toBe('unreadable');
  });
});

describe('a node that does not know a key', () => {
  const stranger = (keyId: string) => parsed(madeUp('access', { keyId }));

  it('reads the list, but once a second and not for each that comes along', async () => {
    const one = node();
    await one.minting();
    clock.advance(1_000);
    counted.taken();
    await Promise.all(['a', 'b', 'c', 'd'].map((keyId) => one.judge(stranger(keyId))));
    expect(counted.taken()).toEqual({ read: 1 });
    clock.advance(999);
    expect(await one.judge(stranger('a'))).toBe('made_up');
    expect(counted.taken()).toEqual({});
    clock.advance(1);
    expect(await one.judge(stranger('a'))).toBe('made_up');
    expect(counted.taken()).toEqual({ read: 1 });
  });

  it('judges a key that it knows without a promise and without the store', async () => {
    const one = node();
    const key = await one.minting();
    counted.taken();
    expect(one.judge(tokenBy(key))).toBe('genuine');
    expect(counted.taken()).toEqual({});
  });

  it('reads the list again at the next token when that failed', async () => {
    const failing = { ...counted.store, read: () => Promise.reject(new Error('down')), execute: counted.store.execute };
    const one = new TagKeys({ store: failing, keys, clock: clock.read, random: randomBytes });
    for (let i = 0; i < 2; i++) {
      await expect(one.judge(stranger('a'))).rejects.toThrow('down');
    }
  });
});

describe('the verdict', () => {
  it('is made_up of a wrong tag, whichever part of the token was changed', async () => {
    const one = node();
    const key = await one.minting();
    expect(one.judge(parsed(madeUp('access', { keyId: key.keyId })))).toBe('made_up');
    const { text } = tokenBy(key);
    const parts = { kind: 'USER', familyId: someFamilyId(), generation: 0, random: randomBytes(20) } as const;
    const other = mintToken({ ...key, keyId: '7' }, { ...parts, use: 'access' });
    expect(await one.judge(parsed(text))).toBe('genuine');
    // Minted with the right secret under another id: no key of that id is listed.
    expect(await one.judge(parsed(other))).toBe('made_up');
  });

  it('is unproven once the key is lost, and once it was in other hands', async () => {
    for (const leaked of [false, true]) {
      counted = countCalls(new MemoryStore({ clock: clock.read }));
      const key = await node().minting();
      await replaceServerKey(counted.store, { leaked });
      for (const own of [keys, newKeys()]) {
        // Right and wrong tags alike: neither says anything.
        expect(await node(own).judge(tokenBy(key))).toBe('unproven');
        expect(await node(own).judge(parsed(madeUp('refresh', { keyId: key.keyId })))).toBe('unproven');
      }
    }
  });

  it('is unreadable where the node has another key than the store is bound to', async () => {
    const key = await node().minting();
    expect(await node(newKeys()).judge(tokenBy(key))).toBe('unreadable');
    expect(await node(newKeys()).judge(parsed(madeUp('refresh', { keyId: '5' })))).toBe('made_up');
  });
});

describe('the key of a pair', () => {
  it('is found by its id, and is not to be had when it is lost, unknown or sealed for others', async () => {
    const { keyId } = await node().minting();
    expect((await node().open(keyId))?.keyId).toBe(keyId);
    expect(await node().open('z')).toBeUndefined();
    expect(await node(newKeys()).open(keyId)).toBeUndefined();
    await replaceServerKey(counted.store);
    expect(await node().open(keyId)).toBeUndefined();
  });
});

/** Out of HMAC's inner pad. */
function secretOf({ hmac }: OpenTagKey): Buffer {
  return Buffer.from(hmac.inner.subarray(0, 32)).map((byte) => byte ^ 0x36) as Buffer;
}
