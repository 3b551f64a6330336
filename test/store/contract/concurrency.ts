import { expect, it } from 'vitest';
import type { Outcome } from '../../../src/core/changes.ts';
import type { AnswerOf, CommandData } from '../../../src/core/commands/index.ts';
import { findSubject, readFailures } from '../../../src/core/services/lookups.ts';
import { execute, make } from '../../support.ts';
import {
  ANN,
  aDigest,
  answerOf,
  begin,
  clientOf,
  cutOff,
  generationOf,
  isPairLive,
  isRepeated,
  issueOf,
  makeAcme,
  readingOf,
  refreshOf,
  refusalOf,
  revisionOf,
  revokeFamily,
  subjectOf,
  TENANT,
  tenantOf,
  type UnderTest,
} from '../fixtures.ts';
import { plain } from '../people.ts';

const TWENTY = Array.from({ length: 20 }, (_, i) => i);

export function concurrency(test: UnderTest): void {
  it('makes exactly one generation of twenty parallel refreshes with one token, and gives all of them its pair', async () => {
    await makeAcme(test.store);
    const first = await begin(test.store);
    const { familyId } = first;
    const refreshes = TWENTY.map(() => refreshOf(first));

    const answers = (await inParallel(refreshes)).map(answerOf);

    const [winner = raise(), ...others] = refreshes.filter((_, i) => 'issued' in (answers[i] ?? {}));
    expect(others).toEqual([]);
    const issued = plain(answers.find((answer) => 'issued' in answer) ?? raise());
    for (const answer of answers.filter((each) => 'repeated' in each)) {
      const pair = { generation: 1, ...winner.tokens, box: winner.box };
      expect(plain(answer)).toEqual({ repeated: 'issued' in issued && issued.issued, pair });
    }
    expect(await generationOf(test.store, familyId)).toBe(1);
    const lives = await Promise.all(refreshes.map((each) => isPairLive(test, each)));
    expect(refreshes.filter((_, i) => lives[i])).toEqual([winner]);
  });

  it('lets exactly one of twenty parallel refreshes win where none may be repeated, then ends the family', async () => {
    await makeAcme(test.store, { refreshRepeatWindowMs: 0 });
    const first = await begin(test.store);

    const outcomes = await inParallel(TWENTY.map(() => refreshOf(first)));

    const refusals = outcomes.map(refusalOf);
    expect(refusals.filter((code) => code === undefined)).toHaveLength(1);
    expect(refusals.filter((code) => code === 'invalid_refresh_token')).toHaveLength(19);
    const { reading, revision } = await test.store.readFamily(TENANT, first.familyId);
    expect(reading?.family).toMatchObject({ generation: 1, revokedRevision: 1 });
    expect(revision).toBe(1);
  });

  it('begins one family for twenty parallel issues with one request id', async () => {
    await makeAcme(test.store);
    const request = { requestDigest: aDigest(), fingerprint: aDigest(), box: aDigest() };
    const issues = TWENTY.map((i) => issueOf({ request: { ...request, box: new Uint8Array(32).fill(i) } }));

    const answers = (await inParallel(issues)).map(answerOf);

    const [winner, ...others] = issues.filter((_, i) => !isRepeated(answers[i] ?? raise()));
    expect(others).toEqual([]);
    for (const answer of answers) {
      if ('repeated' in answer) {
        expect(answer.repeated.familyId).toBe(winner?.familyId);
        expect(new Uint8Array(answer.box)).toEqual(winner?.request?.box);
      }
    }
    const stored = await Promise.all(issues.map((each) => readingOf(test.store, each.familyId)));
    expect(stored.filter((reading) => reading !== undefined)).toHaveLength(1);
  });

  it('gives fifty parallel revocations the revisions 1 to 50', async () => {
    await makeAcme(test.store);
    const families = await Promise.all(Array.from({ length: 50 }, () => begin(test.store)));

    const outcomes = await Promise.all(families.map(({ familyId }) => execute(test.store, revokeFamily(familyId))));

    const revisions = outcomes.map((outcome) => answerOf(outcome).revision).sort((a, b) => a - b);
    expect(revisions).toEqual(families.map((_, i) => i + 1));
    expect(await revisionOf(test.store)).toBe(50);
  });

  it('gives each door that ends tokens a revision of its own when all are used at once', async () => {
    await makeAcme(test.store, { refreshRepeatWindowMs: 0 });
    const [reused, revoked] = [await begin(test.store), await begin(test.store)];
    await make(test.store, refreshOf(reused));
    await make(test.store, clientOf('robot'));
    await make(test.store, subjectOf({ subjectId: 'th.1', kind: 'device', vendorId: 'lamp' }));

    await inParallel<CommandData>([
      refreshOf(reused),
      revokeFamily(revoked.familyId),
      cutOff('user', ANN),
      cutOff('device', 'th.1', 'disabled'),
      cutOff('client', 'robot', 'deleted'),
      cutOff('tenant', TENANT),
    ]);

    const revisionsOf = async (id: string) => (await readingOf(test.store, id))?.family.revokedRevision;
    const revokedAt = [await revisionsOf(reused.familyId), await revisionsOf(revoked.familyId)];
    // A reuse that comes after a cutoff finds its family dead already, and is no event.
    const events = revokedAt.filter((revision) => revision !== null);
    expect(await revisionOf(test.store)).toBe(4 + events.length);
    expect(new Set(events).size).toBe(events.length);
    expect(revokedAt[1]).not.toBeNull();
  });

  it('counts a family that twenty callers revoke at once as one event', async () => {
    await makeAcme(test.store);
    const { familyId } = await begin(test.store);

    const outcomes = await inParallel(TWENTY.map(() => revokeFamily(familyId)));

    const answers = outcomes.map((outcome) => answerOf(outcome));
    expect(answers.map(({ revision }) => revision)).toEqual(TWENTY.map(() => 1));
    expect(answers.filter(({ revoked }) => revoked)).toHaveLength(1);
    expect(await revisionOf(test.store)).toBe(1);
  });

  it('loses none of twenty parallel failed logins', async () => {
    await makeAcme(test.store);
    const counters = [{ key: `subject:${ANN}`, kind: 'name' }] as const;

    await inParallel(
      TWENTY.map(() => ({ kind: 'end_guess', tenantId: TENANT, counters, end: 'wrong', failed: [] }) as const),
    );

    expect(await readFailures(test.store, TENANT, counters)).toMatchObject([{ count: 20 }]);
  });

  it('lets no login through that began before the lock and ends after it', async () => {
    await makeAcme(test.store, { loginAttempts: 10 });
    const counters = [{ key: `subject:${ANN}`, kind: 'name' }] as const;
    const fails = TWENTY.slice(0, 10).map(
      () => ({ kind: 'end_guess', tenantId: TENANT, counters, end: 'wrong', failed: [] }) as const,
    );

    // The password was found right before the tenth failure was counted.
    const outcomes = await inParallel<CommandData>([...fails, issueOf({ counters })]);

    expect(outcomes.slice(0, 10).map(refusalOf)).toEqual(fails.map(() => undefined));
    const login = outcomes[10] ?? raise();
    const [failures] = await readFailures(test.store, TENANT, counters);
    // It came last and was refused, or it came before the tenth and had its failures forgotten.
    expect(refusalOf(login) === 'login_locked').toBe(failures?.lockEndTime !== null);
  });

  it('makes one client of twenty that ask for one id at once', async () => {
    await makeAcme(test.store);

    const outcomes = await inParallel(TWENTY.map(() => clientOf('robot')));

    expect(outcomes.map(refusalOf).filter((code) => code === undefined)).toHaveLength(1);
    expect((await test.store.readClient('robot'))?.secrets).toHaveLength(1);
  });

  it('makes twenty clients with secrets at once, and revokes beside them', async () => {
    await makeAcme(test.store);
    const { familyId } = await begin(test.store);

    const outcomes = await inParallel<CommandData>([
      ...TWENTY.map((i) => clientOf(`robot-${i}`)),
      revokeFamily(familyId),
    ]);

    expect(outcomes.map(refusalOf).filter((code) => code !== undefined)).toEqual([]);
    for (const i of TWENTY) {
      expect((await test.store.readClient(`robot-${i}`))?.secrets).toHaveLength(1);
    }
  });

  it('makes one user of twenty that ask for one name at once', async () => {
    await make(test.store, tenantOf(TENANT));

    const outcomes = await inParallel(TWENTY.map((i) => subjectOf({ subjectId: `user-${i}`, loginName: 'Ann' })));

    const made = TWENTY.filter((i) => refusalOf(outcomes[i] ?? raise()) === undefined);
    expect(made).toHaveLength(1);
    expect((await findSubject(test.store, TENANT, { kind: 'login_name', key: 'ann' }))?.subjectId).toBe(
      `user-${made[0]}`,
    );
  });

  it('shows every change to the read that follows its answer', async () => {
    await makeAcme(test.store);
    for (const _ of TWENTY) {
      const first = await begin(test.store);
      expect(await isPairLive(test, first)).toBe(true);
      const refreshed = refreshOf(first);
      await make(test.store, refreshed);
      expect(await isPairLive(test, first)).toBe(false);
      expect(await isPairLive(test, refreshed)).toBe(true);
      const { revision } = answerOf(await execute(test.store, revokeFamily(first.familyId)));
      expect(await isPairLive(test, refreshed)).toBe(false);
      expect(await revisionOf(test.store)).toBe(revision);
    }
  });

  it('issues nothing that outlives a cutoff which was answered before', async () => {
    await makeAcme(test.store);
    const issues = TWENTY.map(() => issueOf());
    const [cut, ...issued] = await Promise.all([
      execute(test.store, cutOff('user', ANN)),
      ...issues.map((command) => execute(test.store, command)),
    ]);

    const { revision } = answerOf(cut);
    expect(issued.map(refusalOf)).toEqual(issues.map(() => undefined));
    for (const command of issues) {
      const reading = await readingOf(test.store, command.familyId);
      const isAfter = (reading?.family.issueRevision ?? -1) >= revision;
      expect(await isPairLive(test, command)).toBe(isAfter);
    }
  });

  function inParallel<C extends CommandData>(commands: readonly C[]): Promise<Outcome<AnswerOf<C>>[]> {
    return Promise.all(commands.map((command) => execute(test.store, command)));
  }
}

function raise(): never {
  throw new Error('there is none');
}
