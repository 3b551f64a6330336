import { beforeEach, expect, it } from 'vitest';
import type { CutOff } from '../../../src/core/commands/cut-off.ts';
import type { CommandData } from '../../../src/core/commands/index.ts';
import type { Permission } from '../../../src/core/permissions.ts';
import { all } from '../../../src/core/plan.ts';
import { AUDIT } from '../../../src/core/tables/audit.ts';
import { FAMILY } from '../../../src/core/tables/families.ts';
import { execute, make } from '../../support.ts';
import { BOB, CALLER, logInBob, makeCaller, type Standing } from '../callers.ts';
import {
  APP,
  answerOf,
  cutOff,
  issueOf,
  makeAcme,
  refusalOf,
  subjectOf,
  TENANT,
  tenantOf,
  type UnderTest,
} from '../fixtures.ts';

const HOME = 'home';
const ROUNDS = [1, 2, 3, 4, 5];
/** Who call at once, each again as soon as it was answered. */
const CALLS = Array.from({ length: 12 }, (_, i) => i);
/** Answers before the caller is cut off. */
const ENOUGH = 30;

/** A caller, what cuts it off, and what it does meanwhile. */
interface Race {
  readonly caller: Standing;
  readonly end: CutOff;
  readonly permission: Permission;
  readonly commandOf: (call: number, n: number) => CommandData;
}

/**
 * Whether a command locks its tenant. One that does not was decided before its caller was cut off, or is refused; but it may be seen
 * only a moment after the answer to that, for an engine need not have it wait for others.
 */
type Locking = 'locking' | 'free';

const issuing = () => issueOf();
const registering = (call: number, n: number) => subjectOf({ subjectId: `user-${call}-${n}` });
const changing = (call: number, n: number): CommandData => ({
  kind: 'update_client',
  tenantId: TENANT,
  clientId: APP,
  displayName: `${call} ${n}`,
});

type Racers = (test: UnderTest) => Promise<Race>;

async function clientRace({ store }: UnderTest, permission: Permission, commandOf: Race['commandOf']): Promise<Race> {
  const caller = await makeCaller(store);
  return { caller, end: cutOff('client', CALLER, 'deleted'), permission, commandOf };
}

async function bearerRace(test: UnderTest, commandOf: Race['commandOf']): Promise<Race> {
  const { bearer } = await logInBob(test);
  return { caller: bearer, end: cutOff('user', BOB), permission: 'act_for_user', commandOf };
}

async function operatorRace({ store }: UnderTest): Promise<Race> {
  const caller = await makeCaller(store, ['operator'], 'ops', HOME);
  return { caller, end: cutOff('client', 'ops', 'deleted', HOME), permission: 'manage_clients', commandOf: changing };
}

/** Callers who are cut off while their commands are on the way: those come before it, or are refused. */
export function authorityRaces(test: UnderTest): void {
  beforeEach(async () => {
    await makeAcme(test.store);
    await make(test.store, tenantOf(HOME));
    await make(test.store, subjectOf({ subjectId: BOB }));
  });

  /** What commands leave: logins and records. */
  const read = () => test.store.read({ families: all(FAMILY, {}), records: all(AUDIT, { tenantId: TENANT }) });

  async function race({ caller, end, permission, commandOf }: Race, round: number, locking: Locking): Promise<void> {
    const authority = [{ ...caller, permission }];
    let done = 0;
    let hasEnded = false;
    const enough = Promise.withResolvers<void>();
    async function callAgain(call: number): Promise<string | undefined> {
      for (let n = 0; ; n++) {
        const command = commandOf(round * CALLS.length + call, n);
        const isLate = hasEnded;
        const code = refusalOf(await test.store.execute({ ...command, authority }));
        done += 1;
        if (isLate && code === undefined) {
          return 'was done after its caller had been cut off';
        }
        if (code !== undefined || done >= ENOUGH) {
          enough.resolve();
        }
        if (code !== undefined) {
          return code;
        }
      }
    }
    const calls = CALLS.map(callAgain);
    await enough.promise;
    const { revision } = answerOf(await execute(test.store, end));
    hasEnded = true;
    const before = await read();

    expect(await Promise.all(calls)).toEqual(CALLS.map(() => 'caller_unauthenticated'));
    expect(done).toBeGreaterThanOrEqual(ENOUGH);
    const after = await read();
    const seenLate = after.families.filter(
      ({ familyId }) => !before.families.some((family) => family.familyId === familyId),
    );
    // Where this is not of another tenant, whose revisions are others.
    if (end.tenantId === TENANT) {
      expect(seenLate.filter(({ issueRevision }) => issueRevision >= revision)).toEqual([]);
    }
    if (locking === 'locking') {
      expect([seenLate.length, after.records.length - before.records.length]).toEqual([0, 0]);
    }
  }

  it.each<[string, Locking, Racers]>([
    ['a client that issues', 'free', (under) => clientRace(under, 'issue', issuing)],
    ['a client that registers users', 'locking', (under) => clientRace(under, 'manage_subjects', registering)],
    ['a bearer of a token, for whom tokens are issued', 'free', (under) => bearerRace(under, issuing)],
    ['a bearer of a token, for whom users are registered', 'locking', (under) => bearerRace(under, registering)],
    ['an operator of another tenant', 'locking', operatorRace],
  ])('are done before it or refused: %s', async (_, locking, racers) => {
    for (const round of ROUNDS) {
      await race(await racers(test), round, locking);
    }
  });
}
