/** Using up a second factor. */
import { timingSafeEqual } from 'node:crypto';
import { type Change, put, set } from '../changes.ts';
import type { Digest } from '../model.ts';
import { lockRow, one } from '../plan.ts';
import { TOTP, type Totp } from '../tables/second-factors.ts';
import { SUBJECT } from '../tables/subjects.ts';
import { TENANT } from '../tables/tenants.ts';
import { STEP_MS } from '../totp.ts';
import { CLOCK_TOLERANCE_MS } from '../wrong-clock.ts';
import { type FailureCounter, lockCounters, readCounters } from './counters.ts';

/** The second factor as it was checked: a one-time password of a time step, or a recovery code. */
export type SecondFactor =
  | { readonly by: 'totp'; readonly sealed: Uint8Array; readonly step: number }
  | { readonly by: 'recovery_code'; readonly digest: Digest };

/** What the second step of a login reads. */
export function readFactor(subjectId: string) {
  return one(TOTP, { subjectId });
}

/** Uses up what was given, where the second factor is on; undefined when it was used before. */
export function useFactor(totp: Totp | undefined, factor: SecondFactor): Change | undefined {
  const spent = totp?.active === true ? spendFactor(totp, factor) : undefined;
  return spent && put(TOTP, spent);
}

/** A shared secret, sealed under another key of the servers. */
export interface ResealedFactor {
  readonly subjectId: string;
  readonly before: Uint8Array;
  readonly sealed: Uint8Array;
}

/** Who enrolled anew meanwhile keeps what it enrolled. */
export function resealFactor({ subjectId, before, sealed }: ResealedFactor): Change {
  return set(TOTP, { subjectId, sealed: before }, { sealed });
}

/** The second factor after this use of it; undefined when it was used before. */
export function spendFactor(totp: Totp, factor: SecondFactor): Totp | undefined {
  if (factor.by === 'totp') {
    return isSame(totp.sealed, factor.sealed) && !isUsedStep(totp, factor.step)
      ? { ...totp, lastStep: factor.step }
      : undefined;
  }
  const left = totp.recoveryDigests.filter((digest) => !isSame(digest, factor.digest));
  return left.length < totp.recoveryDigests.length ? { ...totp, recoveryDigests: left } : undefined;
}

/**
 * Whether a code of this step, which is one of now, was used, or a later one (RFC 6238 section 5.2). A last step far ahead was written by a
 * clock that was ahead, and would refuse every code until then.
 */
export function isUsedStep({ lastStep }: Pick<Totp, 'lastStep'>, step: number): boolean {
  return step <= lastStep && lastStep <= step + CLOCK_TOLERANCE_MS / STEP_MS;
}

/** In constant time; of different lengths they are not the same. */
export function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

/**
 * Of what a user does by a password or factor, whose failures are counted: what the operation found right is looked at again in the
 * transaction, where no other guess can come in between.
 */
export function planSecondFactor({
  tenantId,
  subjectId,
  counters = [],
}: {
  readonly tenantId: string;
  readonly subjectId: string;
  readonly counters?: readonly FailureCounter[] | undefined;
}) {
  return {
    locks: [lockRow(TENANT, { tenantId }), lockRow(SUBJECT, { subjectId }), ...lockCounters(tenantId, counters)],
    reads: {
      tenant: one(TENANT, { tenantId }),
      subject: one(SUBJECT, { subjectId }),
      totp: one(TOTP, { subjectId }),
      failures: readCounters(tenantId, counters),
    },
  };
}
