/** Turning a user's second factor on and off. */

import { INVALID_CODE } from '../errors.ts';
import { addressCounters, secondFactorCounter } from '../rules/counters.ts';
import { readTenant } from '../services/lookups.ts';
import type { Services } from '../services/services.ts';
import type { Subject } from '../tables/subjects.ts';
import { MAX_CODE, toCode } from '../text/codes.ts';
import { requirePassword } from '../text/passwords.ts';
import { matchingStep, TOTP_SECRET_BYTES, totpSecret, totpUri } from '../totp.ts';
import { requireUser, type UserRef } from './access.ts';
import type { Call } from './authenticate.ts';
import { guess } from './guess.ts';
import { type PasswordGuess, withLogin } from './login.ts';
import { perform } from './perform.ts';
import {
  type GivenFactor,
  openSecret,
  readTotp,
  recoveryDigest,
  requireFactor,
  TOTP_PURPOSE,
  withSecondFactor,
} from './prove-second-factor.ts';
import { requireText } from './validate.ts';

const RECOVERY_CODES = 10;
/** 50 bits in Crockford's base32, which has no letters that look alike. */
const RECOVERY_CODE_LENGTH = 10;
const RECOVERY_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export interface Enrollment {
  /** Base32. */
  readonly secret: string;
  /** `otpauth://totp/…`, for a QR code. */
  readonly uri: string;
}

/**
 * Answers a new secret, which asks nothing of a login until a code of it was confirmed. By an admin, or by the user with its password:
 * who stole an access token could else lock its owner out.
 */
export async function enrollTotp(
  services: Services,
  call: Call,
  ref: UserRef,
  password: string | undefined,
): Promise<Enrollment> {
  const { subject, relation, permission, call: acting } = await requireUser(services, call, ref);
  const { tenantId, subjectId } = subject;
  const secret = totpSecret(services.random(TOTP_SECRET_BYTES));
  const sealed = services.keys.seal(TOTP_PURPOSE, secret);
  const command = { kind: 'enroll_totp', tenantId, subjectId, sealed } as const;
  if (relation === 'admin') {
    await perform(services, acting, permission, command);
  } else {
    const guessed = passwordOf(subjectId, password ?? '');
    await withLogin(services, acting, guessed, ({ proof: { passwordHash: oldHash }, counters }) =>
      perform(services, acting, permission, { ...command, oldHash, counters }),
    );
  }
  return enrollmentOf(services, subject, secret);
}

/** The secret that waits for its first code; undefined where none does. It is for who has just proven its password, as `enrollTotp` asks. */
export async function pendingTotp(services: Services, call: Call, ref: UserRef): Promise<Enrollment | undefined> {
  const { subject } = await requireUser(services, call, ref);
  const totp = await readTotp(services.store, subject.tenantId, subject.subjectId);
  return totp === undefined || totp.active
    ? undefined
    : enrollmentOf(services, subject, openSecret(services.keys, totp));
}

async function enrollmentOf({ store }: Services, subject: Subject, secret: string): Promise<Enrollment> {
  const { tenantId, subjectId } = subject;
  const tenant = await readTenant(store, tenantId);
  const label = subject.loginName ?? subject.email ?? subject.phone ?? subjectId;
  return { secret, uri: totpUri(secret, tenant?.displayName ?? tenantId, label) };
}

function passwordOf(subjectId: string, typed: string): PasswordGuess {
  const password = requirePassword(typed);
  const handle = { kind: 'subject_id', key: subjectId } as const;
  return { permission: 'act_for_user', kind: 'user', handle, username: subjectId, password };
}

/** Turns it on, and answers the recovery codes, which are told this once. */
export async function confirmTotp(services: Services, call: Call, ref: UserRef, code: string): Promise<string[]> {
  requireText(code, 'code', MAX_CODE);
  const { subject, permission, call: acting } = await requireUser(services, call, ref);
  const { tenantId, subjectId } = subject;
  const { store, keys, clock, random } = services;
  const codes = Array.from({ length: RECOVERY_CODES }, () => recoveryCode(random));
  const recoveryDigests = codes.map((each) => recoveryDigest(keys, subjectId, each));
  const counters = [secondFactorCounter(subjectId)];
  const command = { kind: 'confirm_totp', tenantId, subjectId, recoveryDigests, counters } as const;
  // A guess: a thief of an access token could else guess at a secret that was enrolled and never confirmed.
  await guess(services, acting, {
    permission,
    counters: { own: counters, address: addressCounters(acting.address) },
    refusal: INVALID_CODE,
    check: async () => {
      const totp = await readTotp(store, tenantId, subjectId);
      const step =
        totp === undefined || totp.active ? undefined : matchingStep(openSecret(keys, totp), toCode(code), clock());
      return totp === undefined || step === undefined ? undefined : { sealed: totp.sealed, step };
    },
    act: (found) => perform(services, acting, permission, { ...command, ...found }),
  });
  return codes;
}

/** By an admin, or by the user with a factor: a stolen access token must not turn it off. */
export async function removeTotp(
  services: Services,
  call: Call,
  ref: UserRef,
  factor: GivenFactor | undefined,
): Promise<void> {
  const { subject, relation, permission, call: acting } = await requireUser(services, call, ref);
  const { tenantId, subjectId, mfaEnabled } = subject;
  if (relation === 'admin' || !mfaEnabled) {
    const onlyUnconfirmed = relation !== 'admin';
    await perform(services, acting, permission, { kind: 'remove_totp', tenantId, subjectId, onlyUnconfirmed });
    return;
  }
  await withSecondFactor(services, acting, permission, subjectId, requireFactor(factor), (proven, counters) =>
    perform(services, acting, permission, {
      kind: 'remove_totp',
      tenantId,
      subjectId,
      onlyUnconfirmed: false,
      factor: proven,
      counters,
    }),
  );
}

function recoveryCode(random: Services['random']): string {
  const letters = Array.from(
    random(RECOVERY_CODE_LENGTH),
    (byte) => RECOVERY_ALPHABET[byte % RECOVERY_ALPHABET.length],
  );
  return `${letters.slice(0, 5).join('')}-${letters.slice(5).join('')}`;
}
