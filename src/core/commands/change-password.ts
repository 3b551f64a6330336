import { answer, type Decision, refuse, set } from '../changes.ts';
import { INVALID_CREDENTIALS, INVALID_SECOND_FACTOR } from '../errors.ts';
import { lockRow, one } from '../plan.ts';
import { voidCode } from '../rules/codes.ts';
import {
  type FailureCounter,
  lockCounters,
  nameCounter,
  readCounters,
  secondFactorCounter,
} from '../rules/counters.ts';
import { forgetDeviceToken, readDeviceToken } from '../rules/device-tokens.ts';
import { readEndNodes } from '../rules/end-nodes.ts';
import { forgetEarlier, forgetFailures, lockRefusal } from '../rules/guesses.ts';
import { refuseAbsent, unmet } from '../rules/refusals.ts';
import { endTokensOf, type Revoked } from '../rules/revoking.ts';
import { entry, rule } from '../rules/rule.ts';
import { readFactor, type SecondFactor, useFactor } from '../rules/second-factors.ts';
import { SUBJECT } from '../tables/subjects.ts';
import { TENANT } from '../tables/tenants.ts';

/** What an admin's change forgets; it counts to none of them. */
const countersOf = (subjectId: string) => [nameCounter(subjectId), secondFactorCounter(subjectId)];

/** A new password, which ends every token of the subject: who knew the old one may hold some of them. */
export interface ChangePassword {
  readonly kind: 'change_password';
  readonly tenantId: string;
  readonly subjectId: string;
  /** What the old password was checked against; absent for an admin, who needs none. */
  readonly oldHash?: string | undefined;
  /** Of those who prove themselves by the old password. */
  readonly counters?: readonly FailureCounter[] | undefined;
  /** Of those who have one, and no admin. */
  readonly factor?: SecondFactor | undefined;
  readonly newHash: string;
}

export const changePassword = rule<ChangePassword>()({
  kind: 'change_password',
  plan: ({ tenantId, subjectId, counters = countersOf(subjectId) }) => ({
    locks: [lockRow(TENANT, { tenantId }), lockRow(SUBJECT, { subjectId }), ...lockCounters(tenantId, counters)],
    reads: {
      tenant: one(TENANT, { tenantId }),
      subject: one(SUBJECT, { subjectId }),
      failures: readCounters(tenantId, counters),
      own: readFactor(subjectId),
      endNodes: readEndNodes(tenantId, subjectId),
      token: readDeviceToken(tenantId, subjectId),
    },
  }),
  decide: (state, command, now): Decision<Revoked> => {
    const found = refuseAbsent(state, command);
    const { tenantId, subjectId, oldHash, newHash, factor, counters = [] } = command;
    const locked = lockRefusal(counters, state, now);
    if ('refusal' in found || locked !== undefined) {
      return refuse('refusal' in found ? found.refusal : (locked ?? INVALID_CREDENTIALS));
    }
    const { tenant, subject } = found;
    // By its owner, who must be able to log in, and whose old password may have been changed since it was checked.
    if (oldHash !== undefined && (subject.disabled || tenant.disabled || subject.passwordHash !== oldHash)) {
      return refuse(INVALID_CREDENTIALS);
    }
    const spent = factor === undefined ? [] : [useFactor(state.own, factor)];
    const isProven = oldHash === undefined || (state.own?.active === true) === (factor !== undefined);
    if (!isProven || spent.includes(undefined)) {
      return refuse(INVALID_SECOND_FACTOR);
    }
    if (subject.kind === 'user' && subject.passwordHash === null) {
      return refuse(unmet('The user has no name that a password could go with. Give it one with its first password'));
    }
    const ended = endTokensOf(tenant, { kind: subject.kind, id: subjectId }, 'password_changed', now, state.endNodes);
    return answer({ revision: ended.revision, revoked: true }, [
      set(SUBJECT, { subjectId }, { passwordHash: newHash }),
      ...spent.filter((change) => change !== undefined),
      // Who asked for it may be whom the password was changed against.
      ...voidCode(subjectId, 'reset_password'),
      // Who forgot it has failed before, and so has who guessed at it.
      ...(oldHash === undefined
        ? forgetEarlier(tenantId, countersOf(subjectId), state.failures)
        : forgetFailures(tenantId, counters, state.failures)),
      ...ended.changes,
      ...forgetDeviceToken(state.token, now),
    ]);
  },
  audit: ({ tenantId, subjectId, oldHash }, { subject }) =>
    entry(
      tenantId,
      'change_password',
      subject?.kind ?? 'user',
      subjectId,
      oldHash === undefined ? ['without_old_password'] : [],
    ),
});
