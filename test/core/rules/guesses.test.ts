import { describe, expect, it } from 'vitest';
import { type Change, drop } from '../../../src/core/changes.ts';
import { beginGuessRule } from '../../../src/core/commands/begin-guess.ts';
import { endGuessRule } from '../../../src/core/commands/end-guess.ts';
import { DEFAULT_POLICY } from '../../../src/core/policy.ts';
import { AUDIT_START } from '../../../src/core/rules/audit.ts';
import type { FailureCounter } from '../../../src/core/rules/counters.ts';
import { forgetFailures, type GuessEnd, lockRefusal } from '../../../src/core/rules/guesses.ts';
import { LOGIN_FAILURES, type LoginFailures } from '../../../src/core/tables/login-failures.ts';
import type { Tenant } from '../../../src/core/tables/tenants.ts';
import { rowsPut } from '../commands/decisions.ts';

const NOW = 1_900_000_000_000;
const MINUTE = 60_000;
const ANN: FailureCounter = { key: 'subject:ann', kind: 'name' };
const ADDRESS: FailureCounter = { key: 'address:192.0.2.1', kind: 'address' };

const TENANT: Tenant = {
  tenantId: 'acme',
  displayName: 'Acme',
  disabled: false,
  policy: { ...DEFAULT_POLICY, loginAttempts: 3, loginWindowMs: 10 * MINUTE, loginLockPeriodMs: 30 * MINUTE },
  revision: 0,
  cutoff: 0,
  createTime: NOW,
  auditSequence: 0,
  auditHash: AUDIT_START,
  clientVersion: 0,
  logoUri: '',
  accentColor: '',
};

/** Guesses one after the other, each with what the ones before left behind. */
class Attempts {
  #kept: LoginFailures[] = [];
  tenant = TENANT;

  begin(now: number, ...counters: FailureCounter[]): string | undefined {
    const own = counters.filter(({ kind }) => kind !== 'address');
    const alsoLocked = counters.filter(({ kind }) => kind === 'address');
    const command = { kind: 'begin_guess', tenantId: 'acme', counters: own, alsoLocked } as const;
    const { changes, outcome } = beginGuessRule.decide({ tenant: this.tenant, failures: this.#kept }, command, now);
    this.#keep(changes);
    return 'refusal' in outcome ? outcome.refusal.code : undefined;
  }

  end(now: number, end: GuessEnd, ...counters: FailureCounter[]): void {
    const own = counters.filter(({ kind }) => kind !== 'address');
    const failed = end === 'wrong' ? counters.filter(({ kind }) => kind === 'address') : [];
    const command = { kind: 'end_guess', tenantId: 'acme', counters: own, end, failed } as const;
    const state = { tenant: this.tenant, subject: undefined, failures: this.#kept };
    this.#keep(endGuessRule.decide(state, command, now).changes);
  }

  succeed(...counters: FailureCounter[]): void {
    this.#keep(forgetFailures('acme', counters, this.#kept));
  }

  fail(now: number, ...counters: FailureCounter[]): string | undefined {
    const refused = this.begin(now, ...counters);
    if (refused === undefined) {
      this.end(now, 'wrong', ...counters);
    }
    return refused;
  }

  of({ key }: FailureCounter): LoginFailures | undefined {
    return this.#kept.find((each) => each.key === key);
  }

  refusal(now: number, ...counters: FailureCounter[]): string | undefined {
    return lockRefusal(counters, { tenant: this.tenant, failures: this.#kept }, now)?.code;
  }

  #keep(changes: readonly Change[]): void {
    const dropped = changes.flatMap((change) => (change.change === 'drop' ? [change.where] : []));
    this.#kept = this.#kept.filter(({ key }) => !dropped.some((where) => 'key' in where && where.key === key));
    for (const row of rowsPut(changes, LOGIN_FAILURES)) {
      this.#kept = [...this.#kept.filter(({ key }) => key !== row.key), row];
    }
  }
}

describe('guesses that are being checked', () => {
  it('count as if they were wrong, so that no more begin than may be wrong', () => {
    const attempts = new Attempts();
    expect([1, 2, 3, 4].map(() => attempts.begin(NOW, ANN))).toEqual([undefined, undefined, undefined, 'overloaded']);
  });

  it('lock nothing until they were found wrong', () => {
    const attempts = new Attempts();
    for (const _ of [1, 2, 3]) {
      attempts.begin(NOW, ANN);
    }
    attempts.end(NOW, 'wrong', ANN);
    attempts.end(NOW, 'wrong', ANN);
    expect(attempts.of(ANN)).toMatchObject({ count: 2, pending: 1, lockEndTime: null });
    attempts.end(NOW, 'wrong', ANN);
    expect(attempts.refusal(NOW, ANN)).toBe('login_locked');
  });

  it('are given back when they were right, or were not checked', () => {
    const attempts = new Attempts();
    attempts.begin(NOW, ANN);
    attempts.end(NOW, 'given_back', ANN);
    expect(attempts.of(ANN)).toBeUndefined();
  });

  it('stay counted when another is right', () => {
    const attempts = new Attempts();
    attempts.fail(NOW, ANN);
    attempts.begin(NOW, ANN);
    attempts.begin(NOW, ANN);
    attempts.succeed(ANN);
    expect(attempts.of(ANN)).toMatchObject({ count: 0, pending: 1 });
    attempts.end(NOW, 'wrong', ANN);
    expect(attempts.of(ANN)).toMatchObject({ count: 1, pending: 0 });
  });

  it('count in the window in which they end, and never below nothing', () => {
    const attempts = new Attempts();
    attempts.begin(NOW, ANN);
    attempts.end(NOW + 10 * MINUTE, 'wrong', ANN);
    expect(attempts.of(ANN)).toMatchObject({ count: 1, pending: 0, windowEndTime: NOW + 20 * MINUTE });
  });
});

describe('failed logins of one name', () => {
  it('lock it with the one that makes the number full', () => {
    const attempts = new Attempts();
    for (const expected of [undefined, undefined, 'login_locked']) {
      expect(attempts.fail(NOW, ANN)).toBeUndefined();
      expect(attempts.refusal(NOW, ANN)).toBe(expected);
    }
    expect(attempts.fail(NOW, ANN)).toBe('login_locked');
  });

  it('unlock it by themselves after the lock period, to the millisecond', () => {
    const attempts = new Attempts();
    for (const at of [1, 2, 3]) {
      attempts.fail(NOW + at, ANN);
    }
    const lockEnd = NOW + 3 + 30 * MINUTE;
    expect(attempts.of(ANN)?.lockEndTime).toBe(lockEnd);
    expect(attempts.refusal(lockEnd - 1, ANN)).toBe('login_locked');
    expect(attempts.refusal(lockEnd, ANN)).toBeUndefined();
  });

  it('count anew after a lock', () => {
    const attempts = new Attempts();
    for (const at of [1, 2, 3]) {
      attempts.fail(NOW + at, ANN);
    }
    const later = NOW + 3 + 30 * MINUTE;
    attempts.fail(later, ANN);

    expect(attempts.of(ANN)).toMatchObject({ count: 1, windowEndTime: later + 10 * MINUTE, lockEndTime: null });
  });

  it('make a lock no longer while it lasts', () => {
    const attempts = new Attempts();
    for (const at of [1, 2, 3, 4, 5]) {
      attempts.fail(NOW + at, ANN);
    }
    expect(attempts.of(ANN)).toMatchObject({ count: 3, lockEndTime: NOW + 3 + 30 * MINUTE });
  });

  it('count within a window that begins with the first', () => {
    const attempts = new Attempts();
    attempts.fail(NOW, ANN);
    attempts.fail(NOW + 10 * MINUTE - 1, ANN);
    expect(attempts.of(ANN)).toMatchObject({ count: 2, windowEndTime: NOW + 10 * MINUTE });

    attempts.fail(NOW + 10 * MINUTE, ANN);
    expect(attempts.of(ANN)).toMatchObject({ count: 1, windowEndTime: NOW + 20 * MINUTE, lockEndTime: null });
  });

  it('lock with the next one when fewer are allowed than there were', () => {
    const attempts = new Attempts();
    attempts.tenant = { ...TENANT, policy: { ...TENANT.policy, loginAttempts: 20 } };
    for (const at of [1, 2, 3, 4, 5]) {
      attempts.fail(NOW + at, ANN);
    }
    attempts.tenant = TENANT;
    expect(attempts.begin(NOW + 6, ANN)).toBeUndefined();
    expect(attempts.begin(NOW + 6, ANN)).toBe('overloaded');
    attempts.end(NOW + 6, 'wrong', ANN);
    expect(attempts.refusal(NOW + 6, ANN)).toBe('login_locked');
  });

  it('lock no other name', () => {
    const attempts = new Attempts();
    for (const at of [1, 2, 3]) {
      attempts.fail(NOW + at, ANN);
    }
    expect(attempts.refusal(NOW + 3, { key: 'subject:bob', kind: 'name' })).toBeUndefined();
  });
});

describe('failed logins from one address', () => {
  it('count over all names and refuse the 301st within a minute, with the time to wait', () => {
    const attempts = new Attempts();
    for (let i = 0; i < 300; i++) {
      expect(attempts.fail(NOW, { key: `subject:${i}`, kind: 'name' }, ADDRESS)).toBeUndefined();
    }
    const kept = attempts.of(ADDRESS);
    expect(kept).toMatchObject({ count: 300, lockEndTime: NOW + MINUTE });
    expect(lockRefusal([ADDRESS], { tenant: TENANT, failures: kept ? [kept] : [] }, NOW + 1_000)).toMatchObject({
      code: 'too_many_failed_logins',
      retryAfterMs: MINUTE - 1_000,
    });
    expect(attempts.refusal(NOW + MINUTE, ADDRESS)).toBeUndefined();
  });

  it('never lock a name', () => {
    const attempts = new Attempts();
    for (let i = 0; i < 300; i++) {
      attempts.fail(NOW, ADDRESS);
    }
    expect(attempts.refusal(NOW, ANN)).toBeUndefined();
    expect(attempts.refusal(NOW, ANN, ADDRESS)).toBe('too_many_failed_logins');
  });
});

describe('a login that succeeds', () => {
  it('forgets the failures of its name, and no others', () => {
    const attempts = new Attempts();
    attempts.fail(NOW, ANN, ADDRESS);
    const kept = [attempts.of(ANN), attempts.of(ADDRESS)].filter((each) => each !== undefined);

    expect(forgetFailures('acme', [ANN], kept)).toEqual([drop(LOGIN_FAILURES, { tenantId: 'acme', key: ANN.key })]);
  });

  it('writes nothing where there were none', () => {
    expect(forgetFailures('acme', [ANN, ADDRESS], [])).toEqual([]);
  });
});

it('a failed login in a tenant that does not exist is nothing', () => {
  const command = { kind: 'end_guess', tenantId: 'nobody', counters: [ANN], end: 'wrong', failed: [] } as const;
  expect(endGuessRule.decide({ tenant: undefined, subject: undefined, failures: [] }, command, NOW)).toEqual({
    changes: [],
    outcome: { answer: {} },
  });
});
