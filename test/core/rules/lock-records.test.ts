/** Which locks become records of the audit log: not more than so many of a tenant and hour, for strangers begin them. */
import { expect, it } from 'vitest';
import { endGuessRule } from '../../../src/core/commands/end-guess.ts';
import { nameCounter } from '../../../src/core/rules/counters.ts';
import { MAX_LOCK_RECORDS } from '../../../src/core/rules/lock-records.ts';
import { LOGIN_FAILURES, type LoginFailures } from '../../../src/core/tables/login-failures.ts';
import { rowsPut } from '../commands/decisions.ts';
import { subject, tenant } from '../commands/rows.ts';

const HOUR = 3_600_000;
const NOW = 1_900_000_000_000;

it('an hour has so many, the last of them says so, and the next hour has others', () => {
  const acme = tenant();
  const ann = subject();
  const counter = nameCounter(ann.subjectId);
  const command = {
    kind: 'end_guess',
    tenantId: acme.tenantId,
    counters: [counter],
    end: 'wrong',
    failed: [],
  } as const;
  let kept: LoginFailures[] = [];
  const detailsAt = (now: number) => {
    const { windowMs, count } = { windowMs: HOUR, count: acme.policy.loginAttempts - 1 };
    const before = { tenantId: acme.tenantId, key: counter.key, count, pending: 1, lockEndTime: null, countTime: now };
    const records = kept.filter(({ key }) => key !== counter.key);
    const state = { tenant: acme, subject: ann, failures: [{ ...before, windowEndTime: now + windowMs }, ...records] };
    const decision = endGuessRule.decide(state, command, now);
    kept = rowsPut(decision.changes, LOGIN_FAILURES);
    return endGuessRule.audit?.(command, state, decision)?.details;
  };
  const details: (string | undefined)[] = [];
  for (let i = 0; i < MAX_LOCK_RECORDS; i++) {
    details.push(detailsAt(NOW + i));
  }
  expect(new Set(details.slice(0, -1))).toEqual(new Set(['password']));
  expect(details.at(-1)).toBe('password, more_are_left_out_for_an_hour');
  const last = kept;
  expect(detailsAt(NOW + HOUR - 1)).toBeUndefined();
  kept = last;
  expect(detailsAt(NOW + HOUR)).toBe('password');
});
