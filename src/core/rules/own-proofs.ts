/** What a user proves in person where a token alone must not be enough: its password, and its second factor where that is on. */
import type { Change } from '../changes.ts';
import { INVALID_CREDENTIALS, INVALID_SECOND_FACTOR, type Refusal } from '../errors.ts';
import type { Instant } from '../model.ts';
import { type Lock, one } from '../plan.ts';
import { TOTP, type Totp } from '../tables/second-factors.ts';
import type { Subject } from '../tables/subjects.ts';
import { type Counted, type FailureCounter, lockCounters, readCounters } from './counters.ts';
import { forgetFailures, lockRefusal } from './guesses.ts';
import { type SecondFactor, useFactor } from './second-factors.ts';

/** As it was checked; the transaction looks at it again. */
export interface OwnProof {
  readonly passwordHash: string;
  /** Absent where the password is enough. */
  readonly factor?: SecondFactor | undefined;
  /** Whether the second factor is asked for where it is on. */
  readonly needsFactor: boolean;
  readonly counters: readonly FailureCounter[];
}

export function lockProof(tenantId: string, proof: OwnProof | undefined): Lock[] {
  return lockCounters(tenantId, proof?.counters ?? []);
}

export function readProof(tenantId: string, subjectId: string, proof: OwnProof | undefined) {
  return {
    failures: readCounters(tenantId, proof?.counters ?? []),
    own: one(TOTP, proof && { subjectId }),
  };
}

type Proven = Counted & { readonly own: Totp | undefined };

/** Undefined where the proof holds, or none was asked for. */
export function refuseProof(
  state: Proven,
  { disabled, passwordHash }: Subject,
  proof: OwnProof | undefined,
  now: Instant,
): Refusal | undefined {
  if (proof === undefined) {
    return undefined;
  }
  const locked = lockRefusal(proof.counters, state, now);
  if (locked !== undefined) {
    return locked;
  }
  if (disabled || passwordHash !== proof.passwordHash) {
    return INVALID_CREDENTIALS;
  }
  const { factor, needsFactor } = proof;
  // Turned on or off since it was looked at.
  const isAsked = needsFactor && state.own?.active === true;
  const isSpent = factor !== undefined && useFactor(state.own, factor) === undefined;
  return isAsked !== (factor !== undefined) || isSpent ? INVALID_SECOND_FACTOR : undefined;
}

/** What a proof that held leaves behind: the failures before it are forgotten. */
export function afterProof(tenantId: string, { failures }: Proven, proof: OwnProof | undefined): Change[] {
  return forgetFailures(tenantId, proof?.counters ?? [], failures);
}
