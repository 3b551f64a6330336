import { beforeEach, expect, it } from 'vitest';
import type { CreateSubject } from '../../../src/core/commands/create-subject.ts';
import type { RepeatRegistration } from '../../../src/core/commands/repeat-registration.ts';
import { KEPT_ANSWER_LIFETIME_MS } from '../../../src/core/lifetimes.ts';
import { findSubject } from '../../../src/core/services/lookups.ts';
import { execute, make } from '../../support.ts';
import {
  APP,
  aDigest,
  aFamilyId,
  answerOf,
  cutOff,
  HASH,
  isPairLive,
  makeAcme,
  newTokens,
  refusalOf,
  revokeFamily,
  subjectOf,
  TENANT,
  type UnderTest,
} from '../fixtures.ts';
import { plain } from '../people.ts';
import { changedTables, rowsOf } from '../rows.ts';

/** A registration with a request id makes one, and a repeat of it reads back what was made. */
export function registering(test: UnderTest): void {
  beforeEach(() => makeAcme(test.store));

  let made = 0;

  /** Of a user of its own each time, all of one request. */
  function registration(request = { requestDigest: aDigest(), fingerprint: aDigest(), box: aDigest() }) {
    made += 1;
    const first = { clientId: APP, refreshClientId: APP, scopes: [], expireTime: undefined, familyId: aFamilyId() };
    const issue = { ...first, tokens: newTokens(), request };
    return { ...subjectOf({ subjectId: `user-made-${made}` }), issue };
  }

  function repeatOf(
    { subject, issue }: CreateSubject,
    overrides: Partial<RepeatRegistration> = {},
  ): RepeatRegistration {
    const { requestDigest = aDigest(), fingerprint = aDigest() } = issue?.request ?? {};
    return {
      kind: 'repeat_registration',
      tenantId: TENANT,
      clientId: APP,
      subjectId: subject.subjectId,
      request: { requestDigest, fingerprint },
      passwordHash: HASH,
      counters: [],
      ...overrides,
    };
  }

  it('is repeated as it was made, and changes nothing', async () => {
    const first = registration();
    const { subject, issued } = answerOf(await execute(test.store, first));
    const before = await rowsOf(test.store);
    const again = answerOf(await execute(test.store, repeatOf(first)));
    expect(plain(again)).toEqual(plain({ subject, issued, box: first.issue.request.box }));
    expect(changedTables(before, await rowsOf(test.store))).toEqual([]);
    expect(await isPairLive(test, { familyId: first.issue.familyId, tokens: first.issue.tokens })).toBe(true);
  });

  it('makes exactly one of twenty at once with one id', async () => {
    const request = { requestDigest: aDigest(), fingerprint: aDigest(), box: aDigest() };
    const commands = Array.from({ length: 20 }, () => registration(request));
    const outcomes = await Promise.all(commands.map((command) => execute(test.store, command)));
    const refusals = outcomes.map(refusalOf);
    expect(refusals.filter((code) => code === undefined)).toHaveLength(1);
    expect(refusals.filter((code) => code === 'request_id_reused')).toHaveLength(19);
    for (const [i, { subject }] of commands.entries()) {
      const found = await findSubject(test.store, TENANT, { kind: 'subject_id', key: subject.subjectId });
      expect(found !== undefined).toBe(refusals[i] === undefined);
    }
  });

  it('that was refused keeps nothing of its id', async () => {
    const first = registration();
    const refused = { ...first, subject: { ...first.subject, subjectId: 'user-ann' } };
    expect(refusalOf(await execute(test.store, refused))).toBe('already_exists');
    expect(refusalOf(await execute(test.store, repeatOf(first)))).toBe('request_id_reused');
    await make(test.store, first);
  });

  it('is repeated for as long as it is kept, and not a moment longer', async () => {
    const first = registration();
    await make(test.store, first);
    test.clock.advance(KEPT_ANSWER_LIFETIME_MS - 1);
    expect(refusalOf(await execute(test.store, repeatOf(first)))).toBeUndefined();
    expect(refusalOf(await execute(test.store, registration(first.issue.request)))).toBe('request_id_reused');
    test.clock.advance(1);
    expect(refusalOf(await execute(test.store, repeatOf(first)))).toBe('request_id_reused');
    await make(test.store, registration(first.issue.request));
  });

  it('is repeated neither for another request, subject or password, nor once it has ended', async () => {
    const first = registration();
    await make(test.store, first);
    const { requestDigest } = first.issue.request;
    const others: Partial<RepeatRegistration>[] = [
      { request: { requestDigest, fingerprint: aDigest() } },
      { request: { requestDigest: aDigest(), fingerprint: first.issue.request.fingerprint } },
      { subjectId: 'user-ann' },
      { passwordHash: 'another' },
      { passwordHash: null },
      { clientId: 'nobody' },
    ];
    for (const other of others) {
      expect(refusalOf(await execute(test.store, repeatOf(first, other)))).toBe('request_id_reused');
    }
    await make(test.store, revokeFamily(first.issue.familyId));
    expect(refusalOf(await execute(test.store, repeatOf(first)))).toBe('request_id_reused');
    const second = registration();
    await make(test.store, second);
    await make(test.store, cutOff('user', second.subject.subjectId));
    expect(refusalOf(await execute(test.store, repeatOf(second)))).toBe('request_id_reused');
  });
}
