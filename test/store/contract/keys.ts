import { expect, it } from 'vitest';
import type { ReplaceKey } from '../../../src/core/commands/replace-key.ts';
import { all, one } from '../../../src/core/plan.ts';
import { SERVER_KEY, TAG_KEY, type TagKey } from '../../../src/core/tables/keys.ts';
import { execute, make } from '../../support.ts';
import { aDigest, answerOf, refusalOf, type UnderTest } from '../fixtures.ts';
import { plain } from '../people.ts';

/** Characters of base62: as many ids a tag key can have. */
const MAX_IDS = 62;

/** The key that all servers of the store share, and the tag keys that are sealed under it. */
export function keys(test: UnderTest): void {
  async function bind(fingerprint: Uint8Array): Promise<boolean> {
    return answerOf(await execute(test.store, { kind: 'bind_key', fingerprint })).isBound;
  }

  async function boundFingerprint(): Promise<Uint8Array> {
    return (await test.store.read({ key: one(SERVER_KEY, { id: 1 }) })).key?.fingerprint ?? aDigest();
  }

  async function add(box: Uint8Array): Promise<readonly TagKey[]> {
    const fingerprint = await boundFingerprint();
    return plain(answerOf(await execute(test.store, { kind: 'add_tag_key', box, fingerprint })).tagKeys);
  }

  async function replace(overrides: Partial<ReplaceKey> = {}): Promise<void> {
    await make(test.store, {
      kind: 'replace_key',
      fingerprint: aDigest(),
      boxes: [],
      factors: [],
      leaked: false,
      ...overrides,
    });
  }

  async function read(): Promise<readonly TagKey[]> {
    return plain((await test.store.read({ tagKeys: all(TAG_KEY, {}) })).tagKeys);
  }

  const bindAll = (fingerprints: readonly Uint8Array[]) => Promise.all(fingerprints.map(bind));

  it('of the servers: remembers the first that it is told, of however many at once, and tells it from others', async () => {
    const fingerprints = Array.from({ length: 10 }, aDigest);
    const answers = await bindAll(fingerprints);

    expect(answers.filter((isBound) => isBound)).toHaveLength(1);
    expect(await bindAll(fingerprints)).toEqual(answers);
  });

  test.lasting('of the servers: remembers it across a restart', async () => {
    const [bound, other] = [aDigest(), aDigest()];
    await bind(bound);
    await test.reopen();
    expect([await bind(other), await bind(bound)]).toEqual([false, true]);
  });

  it('of the servers: forgets one that is replaced', async () => {
    const [lost, found] = [aDigest(), aDigest()];
    await bind(lost);
    expect(await bind(found)).toBe(false);
    await replace({ fingerprint: found });
    expect([await bind(lost), await bind(found)]).toEqual([false, true]);
  });

  it('of tags: keeps the first, field for field, and answers it to all who bring another', async () => {
    const boxes = Array.from({ length: 10 }, () => new Uint8Array([...aDigest(), 0, 255]));
    const answers = await Promise.all(boxes.map(add));

    const [first] = answers[0] ?? [];
    expect(boxes).toContainEqual(first?.box);
    expect(first).toEqual({ keyId: '0', box: first?.box, state: 'minting', since: test.clock.now });
    expect(answers).toEqual(boxes.map(() => [first]));
    test.clock.advance(1_000);
    expect(await add(aDigest())).toEqual([first]);
    expect(await read()).toEqual([first]);
  });

  it('of tags: stay what they are when they are sealed under the new key of the servers', async () => {
    const [key] = await add(aDigest());
    const box = aDigest();
    await replace({
      boxes: [
        { keyId: 'z', box: aDigest() },
        { keyId: '0', box },
      ],
    });

    expect(await read()).toEqual([{ ...key, box }]);
    expect(await add(aDigest())).toEqual([{ ...key, box }]);
  });

  it('of tags: are lost with the key that they were sealed under, and another takes their place', async () => {
    const [lost] = await add(aDigest());
    await replace();
    expect(await read()).toEqual([{ ...lost, state: 'lost' }]);

    test.clock.advance(1_000);
    const box = aDigest();
    const next = { keyId: '1', box, state: 'minting', since: test.clock.now };
    expect(await add(box)).toEqual([{ ...lost, state: 'lost' }, next]);
    expect(await read()).toEqual([{ ...lost, state: 'lost' }, next]);
  });

  it('of tags: prove nothing once the key that they were sealed under has leaked, though they can be opened', async () => {
    const [leaked] = await add(aDigest());
    await replace({ leaked: true, boxes: [{ keyId: '0', box: aDigest() }] });

    expect(await read()).toEqual([{ ...leaked, state: 'untrusted' }]);
  });

  it('of tags: stay lost or untrusted, whatever becomes of later ones', async () => {
    await add(aDigest());
    await replace();
    await add(aDigest());
    await replace({ leaked: true });
    await add(aDigest());
    const boxes = ['0', '1', '2'].map((keyId) => ({ keyId, box: aDigest() }));
    const before = await read();
    await replace({ boxes });

    const [lost, untrusted, minting] = before;
    expect(before.map(({ state }) => state)).toEqual(['lost', 'untrusted', 'minting']);
    expect(await read()).toEqual([lost, untrusted, { ...minting, box: boxes[2]?.box }]);
    await replace({ leaked: true });
    expect((await read()).map(({ state }) => state)).toEqual(['lost', 'untrusted', 'untrusted']);
  });

  it('of tags: are added by a server that has the key of the store alone', async () => {
    await bind(aDigest());
    const outcome = await execute(test.store, { kind: 'add_tag_key', box: aDigest(), fingerprint: aDigest() });
    expect(refusalOf(outcome)).toBe('store_unavailable');
    expect(await read()).toEqual([]);
  });

  it('of tags: never have an id that another had, and are refused when there is none left', async () => {
    for (let i = 0; i < MAX_IDS; i++) {
      await add(aDigest());
      await replace({ leaked: i % 2 === 0 });
    }
    const ids = (await read()).map(({ keyId }) => keyId);
    expect(new Set(ids).size).toBe(MAX_IDS);
    expect(ids.join('')).toMatch(/^[0-9A-Za-z]+$/);

    const fingerprint = await boundFingerprint();
    const outcome = await execute(test.store, { kind: 'add_tag_key', box: aDigest(), fingerprint });
    expect(refusalOf(outcome)).toBe('precondition_failed');
    expect(await read()).toHaveLength(MAX_IDS);
  });
}
