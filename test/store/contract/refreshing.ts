import { beforeEach, expect, it } from 'vitest';
import type { Issue, Refresh } from '../../../src/core/commands.ts';
import { isLive } from '../../../src/core/liveness.ts';
import type { Digest } from '../../../src/core/model.ts';
import { make } from '../../support.ts';
import {
  aDigest,
  answerOf,
  begin,
  generationOf,
  isRepeated,
  makeAcme,
  readingOf,
  refreshOf,
  refusalOf,
  revisionOf,
  type UnderTest,
} from '../fixtures.ts';

const MINUTE = 60_000;

export function refreshing(test: UnderTest): void {
  let first: Issue;

  beforeEach(async () => {
    await makeAcme(test.store, { refreshRepeatWindowMs: MINUTE, refreshLifetimeMs: 90 * MINUTE });
    first = await begin(test.store, { expireTime: test.clock.now + 30 * MINUTE });
  });

  async function refresh(digest: Digest): Promise<Refresh> {
    const command = refreshOf(digest, { expireTime: test.clock.now + 30 * MINUTE });
    await make(test.store, command);
    return command;
  }

  async function confirm(generation: number): Promise<void> {
    await make(test.store, { kind: 'confirm', familyId: first.familyId, generation });
  }

  async function isTokenLive(digest: Digest): Promise<boolean> {
    const reading = await readingOf(test.store, digest);
    return reading !== undefined && isLive(reading, test.clock.now);
  }

  it('leaves one generation live', async () => {
    const second = await refresh(first.tokens.refreshDigest);
    const third = await refresh(second.tokens.refreshDigest);

    const lives = [];
    for (const { tokens } of [first, second, third]) {
      lives.push(await isTokenLive(tokens.accessDigest));
    }
    expect(lives).toEqual([false, false, true]);
    expect(await generationOf(test.store, third.tokens.refreshDigest)).toBe(2);
  });

  it('takes no access token, and none that it does not know', async () => {
    for (const digest of [first.tokens.accessDigest, aDigest()]) {
      expect(refusalOf(await test.store.execute(refreshOf(digest)))).toBe('invalid_refresh_token');
    }
    expect(await generationOf(test.store, first.tokens.accessDigest)).toBe(0);
    expect(await revisionOf(test.store)).toBe(0);
  });

  it('ends at the end of the family', async () => {
    test.clock.advance(90 * MINUTE);

    const outcome = await test.store.execute(refreshOf(first.tokens.refreshDigest));
    expect(refusalOf(outcome)).toBe('invalid_refresh_token');
    expect(await generationOf(test.store, first.tokens.accessDigest)).toBe(0);
  });

  it('repeats its answer to the end of the window and no longer', async () => {
    await refresh(first.tokens.refreshDigest);
    test.clock.advance(MINUTE - 1);
    expect(isRepeated(answerOf(await test.store.execute(refreshOf(first.tokens.refreshDigest))))).toBe(true);
    test.clock.advance(1);

    const outcome = await test.store.execute(refreshOf(first.tokens.refreshDigest));
    expect(refusalOf(outcome)).toBe('invalid_refresh_token');
    expect(await revisionOf(test.store)).toBe(1);
  });

  it('repeats its answer no more once it was confirmed', async () => {
    await refresh(first.tokens.refreshDigest);
    await confirm(1);

    const outcome = await test.store.execute(refreshOf(first.tokens.refreshDigest));
    expect(refusalOf(outcome)).toBe('invalid_refresh_token');
    expect(await revisionOf(test.store)).toBe(1);
  });

  it('is not confirmed by what belongs to an earlier refresh and comes late', async () => {
    const second = await refresh(first.tokens.refreshDigest);
    await refresh(second.tokens.refreshDigest);
    await confirm(1);

    expect(isRepeated(answerOf(await test.store.execute(refreshOf(second.tokens.refreshDigest))))).toBe(true);
  });

  it('bears the confirmation of what is confirmed, of nothing, and of nobody', async () => {
    await confirm(0);
    await refresh(first.tokens.refreshDigest);
    await confirm(1);
    await confirm(1);
    await make(test.store, { kind: 'confirm', familyId: 'fm_unknown', generation: 1 });

    expect(await generationOf(test.store, first.tokens.accessDigest)).toBe(1);
  });

  it('answers a refusal for an expiry in the past, and changes nothing', async () => {
    const late = refreshOf(first.tokens.refreshDigest, { expireTime: test.clock.now });
    expect(refusalOf(await test.store.execute(late))).toBe('expire_time_out_of_range');

    expect(await isTokenLive(first.tokens.accessDigest)).toBe(true);
  });
}
