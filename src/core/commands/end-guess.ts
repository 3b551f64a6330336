import { answer } from '../changes.ts';
import { lockRow, one } from '../plan.ts';
import { type FailureCounter, lockCounters, readCounters, subjectOfCounter } from '../rules/counters.ts';
import { endGuess, type GuessEnd } from '../rules/guesses.ts';
import { begunLock, countLockRecord, LOCK_RECORDS, lockDetails } from '../rules/lock-records.ts';
import { entry, rule } from '../rules/rule.ts';
import { SUBJECT } from '../tables/subjects.ts';
import { TENANT } from '../tables/tenants.ts';

/** Ends a guess that was counted before its check. */
export interface EndGuess {
  readonly kind: 'end_guess';
  readonly tenantId: string;
  /** What it was counted to. */
  readonly counters: readonly FailureCounter[];
  readonly end: GuessEnd;
  /** What it counts to only now. */
  readonly failed: readonly FailureCounter[];
}

/** What can lock a name: then there is a record, for which the tenant is locked. A name that nobody has takes the same locks and reads. */
function mayLock({ counters, end }: EndGuess): FailureCounter | undefined {
  return end === 'wrong' ? counters.find(({ kind }) => kind === 'name' || kind === 'second_factor') : undefined;
}

export const endGuessRule = rule<EndGuess>()({
  kind: 'end_guess',
  countsGuess: true,
  plan: (command) => {
    const { tenantId, counters, failed } = command;
    const locking = mayLock(command);
    const counted = [...counters, ...failed, ...(locking === undefined ? [] : [LOCK_RECORDS])];
    return {
      locks: [
        ...(locking === undefined ? [] : [lockRow(TENANT, { tenantId })]),
        ...lockCounters(tenantId, [...counters, ...failed]),
      ],
      reads: {
        tenant: one(TENANT, { tenantId }),
        subject: one(SUBJECT, locking && { subjectId: subjectOfCounter(locking) ?? locking.key }),
        failures: readCounters(tenantId, counted),
      },
    };
  },
  decide: ({ tenant, failures, subject }, { counters, failed, end }, now) => {
    if (tenant === undefined) {
      return answer({});
    }
    const changes = [
      ...counters.flatMap((counter) => endGuess(tenant, counter, failures, end, now)),
      ...failed.flatMap((counter) => endGuess(tenant, counter, failures, 'wrong', now)),
    ];
    const isOfSomebody = subject?.tenantId === tenant.tenantId;
    const record =
      isOfSomebody && begunLock(counters, failures, changes) !== undefined
        ? countLockRecord(tenant.tenantId, failures, now)
        : undefined;
    return answer({}, record === undefined ? changes : [...changes, record]);
  },
  byServer: true,
  // Once for each lock, and of those who are there: what nobody has can be locked without an end.
  audit: ({ tenantId, counters }, { subject, failures }, { changes }) => {
    const lock = begunLock(counters, failures, changes);
    const details = lock && lockDetails(lock, changes);
    return subject && details && entry(tenantId, 'lock', subject.kind, subject.subjectId, details);
  },
});
