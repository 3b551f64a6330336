/** Turning a user's second factor on and off. */
import { answer, drop, put, refuse, set } from '../changes.ts';
import { INVALID_CODE, INVALID_CREDENTIALS, INVALID_SECOND_FACTOR } from '../errors.ts';
import type { Digest } from '../model.ts';
import { type FailureCounter, secondFactorCounter } from '../rules/counters.ts';
import { forgetEarlier, forgetFailures, lockRefusal } from '../rules/guesses.ts';
import { notFound, refuseAbsent, unmet } from '../rules/refusals.ts';
import { entry, rule } from '../rules/rule.ts';
import { isSame, planSecondFactor, type SecondFactor, spendFactor } from '../rules/second-factors.ts';
import { TOTP } from '../tables/second-factors.ts';
import { SUBJECT } from '../tables/subjects.ts';

/** Keeps a shared secret that asks nothing of a login until it is confirmed: one that did not arrive would lock its user out. */
export interface EnrollTotp {
  readonly kind: 'enroll_totp';
  readonly tenantId: string;
  readonly subjectId: string;
  readonly sealed: Uint8Array;
  /** What the user's password was checked against; absent for an admin, who needs none. */
  readonly oldHash?: string | undefined;
  readonly counters?: readonly FailureCounter[] | undefined;
}

export const enrollTotp = rule<EnrollTotp>()({
  kind: 'enroll_totp',
  plan: planSecondFactor,
  decide: (state, command, now) => {
    const found = refuseAbsent(state, command);
    const { tenantId, subjectId, sealed, oldHash, counters = [] } = command;
    const locked = lockRefusal(counters, state, now);
    if ('refusal' in found || locked !== undefined) {
      return refuse('refusal' in found ? found.refusal : (locked ?? INVALID_CREDENTIALS));
    }
    const { kind, passwordHash } = found.subject;
    if (oldHash !== undefined && oldHash !== passwordHash) {
      return refuse(INVALID_CREDENTIALS);
    }
    if (kind !== 'user') {
      return refuse(notFound('user', subjectId));
    }
    if (state.totp?.active === true) {
      return refuse(unmet('The user has a second factor already. Remove it first'));
    }
    if (passwordHash === null) {
      return refuse(unmet('The user has no password that a second factor could follow. Give it one first'));
    }
    return answer({}, [
      put(TOTP, { subjectId, tenantId, sealed, active: false, lastStep: 0, recoveryDigests: [] }),
      ...forgetFailures(tenantId, counters, state.failures),
    ]);
  },
  audit: ({ tenantId, subjectId }, { subject }) => entry(tenantId, 'enroll_totp', subject?.kind ?? 'user', subjectId),
});

/** Turns the second factor on. */
export interface ConfirmTotp {
  readonly kind: 'confirm_totp';
  readonly tenantId: string;
  readonly subjectId: string;
  /** What the code was checked against. */
  readonly sealed: Uint8Array;
  readonly step: number;
  readonly recoveryDigests: readonly Digest[];
  readonly counters: readonly FailureCounter[];
}

export const confirmTotp = rule<ConfirmTotp>()({
  kind: 'confirm_totp',
  plan: planSecondFactor,
  decide: (state, command, now) => {
    const found = refuseAbsent(state, command);
    const { tenantId, subjectId, sealed, step: lastStep, recoveryDigests, counters } = command;
    const locked = lockRefusal(counters, state, now);
    const { totp } = state;
    if ('refusal' in found || locked !== undefined) {
      return refuse('refusal' in found ? found.refusal : (locked ?? INVALID_CODE));
    }
    // Enrolled anew since the code was checked, or by two at once.
    if (totp === undefined || totp.active || !isSame(totp.sealed, sealed)) {
      return refuse(INVALID_CODE);
    }
    return answer({}, [
      put(TOTP, { ...totp, active: true, lastStep, recoveryDigests }),
      set(SUBJECT, { subjectId }, { mfaEnabled: true }),
      ...forgetFailures(tenantId, counters, state.failures),
    ]);
  },
  audit: ({ tenantId, subjectId }, { subject }) => entry(tenantId, 'confirm_totp', subject?.kind ?? 'user', subjectId),
});

/** Turns the second factor off. */
export interface RemoveTotp {
  readonly kind: 'remove_totp';
  readonly tenantId: string;
  readonly subjectId: string;
  /** What the user proved itself by, as it was checked; absent for an admin, who needs none, and of one that is not confirmed. */
  readonly factor?: SecondFactor | undefined;
  /** Whether only one that asks nothing of a login yet may be removed. */
  readonly onlyUnconfirmed: boolean;
  readonly counters?: readonly FailureCounter[] | undefined;
}

/** What an admin's removal forgets; it counts to none of them. Of one that was never confirmed nothing is: no proof was asked for. */
function forgottenBy({ subjectId, factor, onlyUnconfirmed }: RemoveTotp): FailureCounter[] {
  return factor === undefined && !onlyUnconfirmed ? [secondFactorCounter(subjectId)] : [];
}

export const removeTotp = rule<RemoveTotp>()({
  kind: 'remove_totp',
  plan: (command) => planSecondFactor({ ...command, counters: [...(command.counters ?? []), ...forgottenBy(command)] }),
  decide: (state, command, now) => {
    const found = refuseAbsent(state, command);
    const { tenantId, subjectId, factor, onlyUnconfirmed, counters = [] } = command;
    const locked = lockRefusal(counters, state, now);
    if ('refusal' in found || locked !== undefined) {
      return refuse('refusal' in found ? found.refusal : (locked ?? INVALID_SECOND_FACTOR));
    }
    const { totp } = state;
    if (totp === undefined) {
      return refuse(unmet('The user has no second factor'));
    }
    // Confirmed since it was looked at.
    const isTooLate = onlyUnconfirmed && totp.active;
    if (isTooLate || (factor !== undefined && spendFactor(totp, factor) === undefined)) {
      return refuse(INVALID_SECOND_FACTOR);
    }
    return answer({}, [
      drop(TOTP, { subjectId }),
      set(SUBJECT, { subjectId }, { mfaEnabled: false }),
      ...forgetFailures(tenantId, counters, state.failures),
      ...forgetEarlier(tenantId, forgottenBy(command), state.failures),
    ]);
  },
  audit: ({ tenantId, subjectId }, { subject }) => entry(tenantId, 'remove_totp', subject?.kind ?? 'user', subjectId),
});
