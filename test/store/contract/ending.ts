import { expect, it } from 'vitest';
import { SymbolonError } from '../../../src/core/errors.ts';
import { one } from '../../../src/core/plan.ts';
import { CLIENTS } from '../../../src/core/tables/clients.ts';
import { TENANT as TENANTS } from '../../../src/core/tables/tenants.ts';
import { execute, make } from '../../support.ts';
import {
  APP,
  aFamilyId,
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
    const { familyId } = await begin(test.store);
    const late = { deadline: Date.now() - 1 };
    const lateIssue = issueOf();

    const results = await Promise.allSettled([
      test.store.execute({ ...revokeFamily(familyId), authority: 'server' }, late),
      test.store.execute({ ...lateIssue, authority: 'server' }, late),
    ]);

    expect(results).toMatchObject([
      { status: 'rejected', reason: { code: 'deadline_exceeded' } },
      { status: 'rejected', reason: { code: 'deadline_exceeded' } },
    ]);
    expect(await revisionOf(test.store)).toBe(0);
    expect((await readingOf(test.store, familyId))?.family.revokedRevision).toBeNull();
    expect(await readingOf(test.store, lateIssue.familyId)).toBeUndefined();
  });

  it('drops the late command alone', async () => {
    await makeAcme(test.store);
    const commands = Array.from({ length: 6 }, () => issueOf());
    const deadlines = commands.map((_, i) => Date.now() + (i % 2 === 0 ? 60_000 : -1));

    const results = await Promise.allSettled(
      commands.map((command, i) =>
        test.store.execute({ ...command, authority: 'server' }, { deadline: deadlines[i] ?? 0 }),
      ),
    );

    expect(results.map(({ status }) => status)).toEqual(
      commands.map((_, i) => (i % 2 === 0 ? 'fulfilled' : 'rejected')),
    );
  });

  test.lasting('finishes what was handed over before it closes', async () => {
    await makeAcme(test.store);
    const commands = Array.from({ length: 50 }, () => issueOf());

    const results = commands.map((command) => execute(test.store, command));
    await test.reopen();

    (await Promise.all(results)).forEach((outcome) => void answerOf(outcome));
    for (const { familyId } of commands) {
      expect(await readingOf(test.store, familyId)).toBeDefined();
    }
  });

  test.lasting('refuses every use after it was closed', async () => {
    await makeAcme(test.store);
    const closed = test.store;
    await test.reopen();

    await expect(execute(closed, issueOf())).rejects.toMatchObject({ code: 'store_unavailable' });
    await expect(closed.purgeExpired(1)).rejects.toMatchObject({ code: 'store_unavailable' });
    for (const read of [
      () => closed.readFamily(TENANT, aFamilyId()),
      () => closed.readFamily(null, aFamilyId()),
      () => closed.readClient(APP),
      () => closed.read({ tenant: one(TENANTS, { tenantId: TENANT }) }),
      () => closed.list(CLIENTS, { tenantId: TENANT }, { limit: 1 }),
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
      kind: 'end_guess',
      end: 'wrong',
      failed: [],
      tenantId: TENANT,
      counters: [{ kind: 'name', key: 'subject:nobody' }],
    });
    expect(test.store.isWritable()).toBe(true);
  });
}
