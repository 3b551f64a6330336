import { expect, it } from 'vitest';
import { isLive } from '../../../src/core/liveness.ts';
import { make } from '../../support.ts';
import {
  ANN,
  aDigest,
  answerOf,
  begin,
  cutOff,
  generationOf,
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

/** Each of these has been an advisory of somebody whose marks lived in memory. */
export function durability(test: UnderTest): void {
  it('keeps a lock across a restart', async () => {
    await makeAcme(test.store, { loginAttempts: 3 });
    const counters = [{ key: `subject:${ANN}`, kind: 'name' }] as const;
    const fail = { kind: 'fail_login', tenantId: TENANT, counters } as const;
    await make(test.store, fail);
    await make(test.store, fail);
    await test.reopen();
    await make(test.store, fail);
    await test.reopen();

    expect(refusalOf(await test.store.execute(issueOf({ counters })))).toBe('login_locked');
    expect(refusalOf(await test.store.execute(fail))).toBe('login_locked');
  });

  it('repeats the answer to a refresh after a restart, and catches the thief after the next', async () => {
    await makeAcme(test.store);
    const { tokens, familyId } = await begin(test.store);
    const refreshed = refreshOf(tokens.refreshDigest);
    await make(test.store, refreshed);
    await test.reopen();

    const again = answerOf(await test.store.execute(refreshOf(tokens.refreshDigest)));
    expect('repeated' in again && new Uint8Array(again.sealed)).toEqual(refreshed.sealed);

    await make(test.store, { kind: 'confirm', familyId, generation: 1 });
    await test.reopen();
    const outcome = await test.store.execute(refreshOf(tokens.refreshDigest));
    expect(refusalOf(outcome)).toBe('invalid_refresh_token');
    expect((await readingOf(test.store, tokens.accessDigest))?.family.revokedRevision).toBe(1);
  });

  it('remembers a refresh token that was used, across a restart between use and replay', async () => {
    await makeAcme(test.store, { refreshRepeatWindowMs: 0 });
    const { tokens } = await begin(test.store);
    await make(test.store, refreshOf(tokens.refreshDigest));
    await test.reopen();

    expect(refusalOf(await test.store.execute(refreshOf(tokens.refreshDigest)))).toBe('invalid_refresh_token');
    expect(await generationOf(test.store, tokens.accessDigest)).toBe(1);
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
    for (const { tokens } of [revoked, cut, live]) {
      const reading = await readingOf(test.store, tokens.accessDigest);
      lives.push(reading !== undefined && isLive(reading, test.clock.now));
    }
    expect(lives).toEqual([false, false, true]);
    expect(answerOf(await test.store.execute(revokeFamily(live.familyId)))).toMatchObject({ revision: 3 });
  });

  it('answers a request id again after a restart', async () => {
    await makeAcme(test.store);
    const request = { requestDigest: aDigest(), fingerprint: aDigest(), sealed: aDigest() };
    const first = issueOf({ request });
    await make(test.store, first);
    await test.reopen();

    const again = answerOf(await test.store.execute(issueOf({ request })));
    expect('repeated' in again && again.repeated.familyId).toBe(first.familyId);
  });
}
