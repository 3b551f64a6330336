import { expect, it } from 'vitest';
import { execute, make } from '../../support.ts';
import {
  ANN,
  aDigest,
  answerOf,
  begin,
  cutOff,
  generationOf,
  isPairLive,
  issueOf,
  makeAcme,
  readingOf,
  refreshOf,
  refusalOf,
  revisionOf,
  revokeFamily,
  TENANT,
  type UnderTest,
} from '../fixtures.ts';
import { plain } from '../people.ts';

/** Each of these has been an advisory of somebody whose marks lived in memory. */
export function durability(test: UnderTest): void {
  it('keeps a lock across a restart', async () => {
    await makeAcme(test.store, { loginAttempts: 3 });
    const counters = [{ key: `subject:${ANN}`, kind: 'name' }] as const;
    const fail = { kind: 'end_guess', tenantId: TENANT, counters, end: 'wrong', failed: [] } as const;
    await make(test.store, fail);
    await make(test.store, fail);
    await test.reopen();
    await make(test.store, fail);
    await test.reopen();

    expect(refusalOf(await execute(test.store, issueOf({ counters })))).toBe('login_locked');
    const again = { kind: 'begin_guess', tenantId: TENANT, counters, alsoLocked: [] } as const;
    expect(refusalOf(await execute(test.store, again))).toBe('login_locked');
  });

  it('repeats the answer to a refresh after a restart, and catches the thief after the next', async () => {
    await makeAcme(test.store);
    const first = await begin(test.store);
    const { familyId } = first;
    const refreshed = refreshOf(first);
    await make(test.store, refreshed);
    await test.reopen();

    const again = answerOf(await execute(test.store, refreshOf(first)));
    expect('repeated' in again && plain(again.pair)).toEqual({
      generation: 1,
      ...refreshed.tokens,
      box: refreshed.box,
    });

    await make(test.store, { kind: 'confirm', familyId, generation: 1 });
    await test.reopen();
    const outcome = await execute(test.store, refreshOf(first));
    expect(refusalOf(outcome)).toBe('invalid_refresh_token');
    expect((await readingOf(test.store, familyId))?.family.revokedRevision).toBe(1);
  });

  it('remembers a refresh token that was used, across a restart between use and replay', async () => {
    await makeAcme(test.store, { refreshRepeatWindowMs: 0 });
    const first = await begin(test.store);
    await make(test.store, refreshOf(first));
    await test.reopen();

    expect(refusalOf(await execute(test.store, refreshOf(first)))).toBe('invalid_refresh_token');
    expect(await generationOf(test.store, first.familyId)).toBe(1);
    expect(await revisionOf(test.store)).toBe(1);
  });

  it('keeps what was issued, revoked and cut off, and goes on counting revisions', async () => {
    await makeAcme(test.store);
    const [revoked, cut] = [await begin(test.store), await begin(test.store)];
    await make(test.store, revokeFamily(revoked.familyId));
    await make(test.store, cutOff('user', ANN));
    const live = await begin(test.store);
    await test.reopen();

    const lives = [];
    for (const issue of [revoked, cut, live]) {
      lives.push(await isPairLive(test, issue));
    }
    expect(lives).toEqual([false, false, true]);
    expect(answerOf(await execute(test.store, revokeFamily(live.familyId)))).toMatchObject({ revision: 3 });
  });

  it('answers a request id again after a restart', async () => {
    await makeAcme(test.store);
    const request = { requestDigest: aDigest(), fingerprint: aDigest(), box: aDigest() };
    const first = issueOf({ request });
    await make(test.store, first);
    await test.reopen();

    const again = answerOf(await execute(test.store, issueOf({ request })));
    expect('repeated' in again && again.repeated.familyId).toBe(first.familyId);
  });
}
