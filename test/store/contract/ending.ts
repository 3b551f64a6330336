import { expect, it } from 'vitest';
import { SymbolonError } from '../../../src/core/errors.ts';
import { make } from '../../support.ts';
import {
  ANN,
  APP,
  aDigest,
  answerOf,
  begin,
  issueOf,
  makeAcme,
  readingOf,
  revisionOf,
  revokeFamily,
  TENANT,
  type UnderTest,
} from '../fixtures.ts';

export function ending(test: UnderTest): void {
  it('does nothing of a command whose deadline has passed', async () => {
    await makeAcme(test.store);
    const { familyId, tokens } = await begin(test.store);
    const late = { deadline: Date.now() - 1 };
    const lateIssue = issueOf();

    const results = await Promise.allSettled([
      test.store.execute(revokeFamily(familyId), late),
      test.store.execute(lateIssue, late),
    ]);

    expect(results).toMatchObject([
      { status: 'rejected', reason: { code: 'deadline_exceeded' } },
      { status: 'rejected', reason: { code: 'deadline_exceeded' } },
    ]);
    expect(await revisionOf(test.store)).toBe(0);
    expect((await readingOf(test.store, tokens.accessDigest))?.family.revokedRevision).toBeNull();
    expect(await readingOf(test.store, lateIssue.tokens.accessDigest)).toBeUndefined();
  });

  it('drops the late command alone', async () => {
    await makeAcme(test.store);
    const commands = Array.from({ length: 6 }, () => issueOf());
    const deadlines = commands.map((_, i) => Date.now() + (i % 2 === 0 ? 60_000 : -1));

    const results = await Promise.allSettled(
      commands.map((command, i) => test.store.execute(command, { deadline: deadlines[i] ?? 0 })),
    );

    expect(results.map(({ status }) => status)).toEqual(
      commands.map((_, i) => (i % 2 === 0 ? 'fulfilled' : 'rejected')),
    );
  });

  it('finishes what was handed over before it closes', async () => {
    await makeAcme(test.store);
    const commands = Array.from({ length: 50 }, () => issueOf());

    const results = commands.map((command) => test.store.execute(command));
    await test.reopen();

    (await Promise.all(results)).forEach(answerOf);
    for (const { tokens } of commands) {
      expect(await readingOf(test.store, tokens.accessDigest)).toBeDefined();
    }
  });

  it('refuses every use after it was closed', async () => {
    await makeAcme(test.store);
    const closed = test.store;
    await test.reopen();

    await expect(closed.execute(issueOf())).rejects.toMatchObject({ code: 'store_unavailable' });
    await expect(closed.purgeExpired(1)).rejects.toMatchObject({ code: 'store_unavailable' });
    for (const read of [
      () => closed.readToken(TENANT, aDigest()),
      () => closed.readBearer(aDigest()),
      () => closed.readClient(APP),
      () => closed.readTenant(TENANT),
      () => closed.findSubject(TENANT, { kind: 'subject_id', key: ANN }),
      () => closed.readLoginFailures(TENANT, ['x']),
    ]) {
      await expect(read()).rejects.toBeInstanceOf(SymbolonError);
    }
  });

  it('closes when it is told so twice, at once and afterwards', async () => {
    await Promise.all([test.store.close(), test.store.close()]);
    await test.store.close();
  });

  it('can be written when it was opened', async () => {
    expect(test.store.isWritable()).toBe(true);
    await make(test.store, {
      kind: 'fail_login',
      tenantId: TENANT,
      counters: [{ kind: 'name', key: 'subject:nobody' }],
    });
    expect(test.store.isWritable()).toBe(true);
  });
}
