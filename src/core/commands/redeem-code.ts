import { answer, type Decision, drop, insert, refuse, set } from '../changes.ts';
import { INVALID_CODE } from '../errors.ts';
import type { Digest, Instant } from '../model.ts';
import { all, lockRow, one } from '../plan.ts';
import { proven, provenNow, unproven } from '../rules/addresses.ts';
import { codeOf, voidCode } from '../rules/codes.ts';
import { codeCounter, lockCounters, nameCounter } from '../rules/counters.ts';
import { type NoticeIds, noticesOf } from '../rules/notices.ts';
import { changedFields, handleRow, movedHandles, readHandles, refuseTaken } from '../rules/profiles.ts';
import { refuseAbsent, taken } from '../rules/refusals.ts';
import { endTokensOf, type Revoked } from '../rules/revoking.ts';
import { entry, rule } from '../rules/rule.ts';
import { isSame } from '../rules/second-factors.ts';
import { CODE, type Code, type CodePurpose } from '../tables/codes.ts';
import { LOGIN_FAILURES } from '../tables/login-failures.ts';
import { HANDLE, type Handle, SUBJECT, type Subject } from '../tables/subjects.ts';
import { TENANT, type Tenant } from '../tables/tenants.ts';
import { addressHandle } from '../text/handles.ts';
import { DISABLED } from './send-code.ts';

/** Takes a code: verifies the address that it was sent to, or sets a new password. */
export interface RedeemCode {
  readonly kind: 'redeem_code';
  readonly tenantId: string;
  readonly subjectId: string;
  readonly purpose: CodePurpose;
  readonly digest: Digest;
  /** The address that is to be proven, as the subject has it. */
  readonly address?: string | undefined;
  /** For those who have the addresses that the user had proven before; needed where one is proven. */
  readonly notices?: NoticeIds | undefined;
  /** The new password, when that is reset. */
  readonly newHash?: string | undefined;
}

export const redeemCode = rule<RedeemCode>()({
  kind: 'redeem_code',
  plan: ({ tenantId, subjectId, purpose, address }) => ({
    locks: [
      lockRow(TENANT, { tenantId }),
      lockRow(SUBJECT, { subjectId }),
      // A reset also unlocks, and a failed login beside it must not lock again.
      ...lockCounters(tenantId, [
        codeCounter(purpose, subjectId),
        ...(purpose === 'reset_password' ? [nameCounter(subjectId)] : []),
      ]),
    ],
    reads: {
      tenant: one(TENANT, { tenantId }),
      subject: one(SUBJECT, { subjectId }),
      codes: all(CODE, { subjectId }),
      handles: readHandles(tenantId, address === undefined ? [] : [addressHandle(purpose, address)]),
    },
  }),
  decide: (state, command, now): Decision<Revoked> => {
    const found = refuseAbsent(state, command);
    if ('refusal' in found) {
      return refuse(found.refusal);
    }
    const { tenant, subject } = found;
    const code = codeOf(state.codes, command.purpose, now);
    // Another was sent since it was checked, or it was used.
    if (code?.digest == null || !isSame(code.digest, command.digest)) {
      return refuse(INVALID_CODE);
    }
    // Only who has the code learns more than that.
    if (code.expireTime <= now) {
      return refuse({ code: 'code_expired', message: 'The code has expired. Ask for another' });
    }
    if (subject.disabled || tenant.disabled) {
      return refuse(DISABLED);
    }
    return command.purpose === 'reset_password'
      ? resetPassword(tenant, subject, code, command, now)
      : verifyAddress(state.handles, tenant, subject, code, command, now);
  },
  audit: ({ tenantId, subjectId, purpose }, { subject }) =>
    entry(tenantId, 'redeem_code', subject?.kind ?? 'user', subjectId, [purpose]),
});

/** By who reads the mail of an address that is verified still. */
function resetPassword(
  tenant: Tenant,
  subject: Subject,
  code: Code,
  { newHash }: RedeemCode,
  now: Instant,
): Decision<Revoked> {
  const { subjectId, tenantId, kind } = subject;
  const isTheirs = [proven(subject, 'email'), proven(subject, 'sms')].includes(code.address);
  const spent = voidCode(subjectId, code.purpose);
  if (newHash === undefined || !isTheirs) {
    return refuse(INVALID_CODE, spent);
  }
  const ended = endTokensOf(tenant, { kind, id: subjectId }, 'password_changed', now, []);
  return answer({ revision: ended.revision, revoked: true }, [
    ...spent,
    set(SUBJECT, { subjectId }, { passwordHash: newHash }),
    // A lock that others brought about must not keep out who has just proven to be the user.
    drop(LOGIN_FAILURES, { tenantId, key: nameCounter(subjectId).key }),
    drop(LOGIN_FAILURES, { tenantId, key: codeCounter('reset_password', subjectId).key }),
    ...ended.changes,
  ]);
}

/**
 * Several users may have given one address; who proves it first has it. It takes the place of the one before it, which is the user's
 * until then.
 */
function verifyAddress(
  takenHandles: readonly Handle[],
  tenant: Tenant,
  subject: Subject,
  code: Code,
  { purpose, address, notices }: RedeemCode,
  now: Instant,
): Decision<Revoked> {
  const { subjectId } = subject;
  const spent = voidCode(subjectId, purpose);
  if (address !== code.address || unproven(subject, purpose) !== code.address) {
    return refuse(INVALID_CODE, spent);
  }
  const after: Subject = { ...subject, ...provenNow(purpose, address) };
  const { lost, gained } = movedHandles(subject, after);
  if (refuseTaken(takenHandles, gained) !== undefined) {
    return refuse(taken(addressHandle(purpose, address).kind, address), spent);
  }
  return answer({ revision: tenant.revision, revoked: false }, [
    ...spent,
    drop(LOGIN_FAILURES, { tenantId: tenant.tenantId, key: codeCounter(purpose, subjectId).key }),
    set(SUBJECT, { subjectId }, changedFields(subject, after)),
    ...lost.map(({ kind, key }) => drop(HANDLE, { ...handleRow(subject, { kind, key }) })),
    ...gained.map((handle) => insert(HANDLE, handleRow(subject, handle))),
    ...(notices === undefined ? [] : noticesOf([], tenant, subject, after, notices, now)),
  ]);
}
