import { beforeEach, expect, it } from 'vitest';
import type { Issue } from '../../../src/core/commands/issue.ts';
import type { Refresh } from '../../../src/core/commands/refresh.ts';
import { execute, make } from '../../support.ts';
import {
  aDigest,
  aFamilyId,
  answerOf,
  begin,
  generationOf,
  type Holder,
  isPairLive,
  isRepeated,
  makeAcme,
  refreshOf,
  refusalOf,
  revisionOf,
  type UnderTest,
} from '../fixtures.ts';
import { rowsOf } from '../rows.ts';

const MINUTE = 60_000;

/** What holds of every refresh; which token leads to what is the chapter `refreshCases`. */
export function refreshing(test: UnderTest): void {
  let first: Issue;

  beforeEach(async () => {
    await makeAcme(test.store, { refreshRepeatWindowMs: MINUTE, refreshLifetimeMs: 90 * MINUTE });
    first = await begin(test.store, { expireTime: test.clock.now + 30 * MINUTE });
  });

  async function refresh(holder: Holder): Promise<Refresh> {
    const command = refreshOf(holder, { expireTime: test.clock.now + 30 * MINUTE });
    await make(test.store, command);
    return command;
  }

  async function confirm(generation: number): Promise<void> {
    await make(test.store, { kind: 'confirm', familyId: first.familyId, generation });
  }

  it('leaves one generation live', async () => {
    const second = await refresh(first);
    const third = await refresh(second);

    const lives = [];
    for (const holder of [first, second, third]) {
      lives.push(await isPairLive(test, holder));
    }
    expect(lives).toEqual([false, false, true]);
    expect(await generationOf(test.store, first.familyId)).toBe(2);
  });

  it('takes no access token, no digest that it does not know, and no family that is not there', async () => {
    const before = await rowsOf(test.store);
    for (const overrides of [
      { digest: first.tokens.accessDigest },
      { digest: aDigest() },
      { familyId: aFamilyId() },
    ] satisfies Partial<Refresh>[]) {
      expect(refusalOf(await execute(test.store, refreshOf(first, overrides)))).toBe('invalid_refresh_token');
    }
    expect(await rowsOf(test.store)).toEqual(before);
  });

  it('ends at the end of the family', async () => {
    test.clock.advance(90 * MINUTE);
    const before = await rowsOf(test.store);

    expect(refusalOf(await execute(test.store, refreshOf(first)))).toBe('invalid_refresh_token');
    expect(await rowsOf(test.store)).toEqual(before);
  });

  it('gives no access token that outlives the family', async () => {
    test.clock.advance(89 * MINUTE);
    const second = refreshOf(first, { expireTime: test.clock.now + 30 * MINUTE });
    const answer = answerOf(await execute(test.store, second));

    expect('issued' in answer && answer.issued.expireTime).toBe(test.clock.now + MINUTE);
    test.clock.advance(MINUTE - 1);
    expect(await isPairLive(test, second)).toBe(true);
    test.clock.advance(1);
    expect(await isPairLive(test, second)).toBe(false);
  });

  it('repeats its answer to the end of the window and no longer', async () => {
    await refresh(first);
    test.clock.advance(MINUTE - 1);
    expect(isRepeated(answerOf(await execute(test.store, refreshOf(first))))).toBe(true);
    test.clock.advance(1);

    expect(refusalOf(await execute(test.store, refreshOf(first)))).toBe('invalid_refresh_token');
    expect(await revisionOf(test.store)).toBe(1);
  });

  it('repeats its answer no more once it was confirmed', async () => {
    await refresh(first);
    await confirm(1);

    expect(refusalOf(await execute(test.store, refreshOf(first)))).toBe('invalid_refresh_token');
    expect(await revisionOf(test.store)).toBe(1);
  });

  it('is not confirmed by what belongs to an earlier refresh and comes late', async () => {
    const second = await refresh(first);
    await refresh(second);
    await confirm(1);

    expect(isRepeated(answerOf(await execute(test.store, refreshOf(second))))).toBe(true);
  });

  it('bears the confirmation of what is confirmed, of nothing, and of nobody', async () => {
    await refresh(first);
    await confirm(1);
    const before = await rowsOf(test.store);
    await confirm(1);
    await confirm(2);
    await confirm(0);
    await make(test.store, { kind: 'confirm', familyId: aFamilyId(), generation: 1 });

    expect(await rowsOf(test.store)).toEqual(before);
  });

  it('answers a refusal for an expiry in the past, and changes nothing', async () => {
    const before = await rowsOf(test.store);
    const late = refreshOf(first, { expireTime: test.clock.now });
    expect(refusalOf(await execute(test.store, late))).toBe('expire_time_out_of_range');

    expect(await rowsOf(test.store)).toEqual(before);
    expect(await isPairLive(test, first)).toBe(true);
  });
}
