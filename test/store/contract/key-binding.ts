import { expect, it } from 'vitest';
import { aDigest, type UnderTest } from '../fixtures.ts';

export function keyBinding(test: UnderTest): void {
  it('remembers the first key that it is told, of however many at once, and is told apart from others', async () => {
    const keys = Array.from({ length: 10 }, aDigest);
    const answers = await Promise.all(keys.map((key) => test.store.bindKey(key)));

    expect(answers.filter((isBound) => isBound)).toHaveLength(1);
    expect(await Promise.all(keys.map((key) => test.store.bindKey(key)))).toEqual(answers);
    await test.reopen();
    expect(await Promise.all(keys.map((key) => test.store.bindKey(key)))).toEqual(answers);
  });

  it('forgets a key that is replaced', async () => {
    const [lost, found] = [aDigest(), aDigest()];
    await test.store.bindKey(lost);
    expect(await test.store.bindKey(found)).toBe(false);
    expect(await test.store.bindKey(found, { replace: true })).toBe(true);
    await test.reopen();
    expect([await test.store.bindKey(lost), await test.store.bindKey(found)]).toEqual([false, true]);
  });
}
