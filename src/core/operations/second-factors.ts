/** Turning a user's second factor on and off. */

import type { EnrolTotp } from '../commands/totp.ts';
import { SymbolonError } from '../errors.ts';
import { MAX_CODE } from '../names.ts';
import { INVALID_CODE } from '../rules/codes.ts';
import { secondFactorCounters } from '../rules/guesses.ts';
import { readTenant } from '../services/lookups.ts';
import type { Services } from '../services/services.ts';
import { matchingStep, TOTP_SECRET_BYTES, totpSecret, totpUri } from '../totp.ts';
import { requireUser, type UserRef } from './access.ts';
import type { Call } from './authenticate.ts';
import { login } from './login.ts';
import { perform } from './perform.ts';
import {
  counted,
  type GivenFactor,
  openSecret,
  proveSecondFactor,
  readTotp,
  recoveryDigest,
  TOTP_PURPOSE,
} from './prove-second-factor.ts';
import { requirePassword, requireText } from './validate.ts';

const RECOVERY_CODES = 10;
/** 50 bits in Crockford's base32, which has no letters that look alike. */
const RECOVERY_CODE_LENGTH = 10;
const RECOVERY_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export interface Enrolment {
  /** Base32. */
  readonly secret: string;
  /** `otpauth://totp/…`, for a QR code. */
  readonly uri: string;
}

/**
 * Answers a new secret, which asks nothing of a login until a code of it was confirmed. By an admin, or by the user with its password:
 * whoever stole an access token could else lock its owner out.
 */
export async function enrolTotp(
  services: Services,
  call: Call,
  ref: UserRef,
  password: string | undefined,
): Promise<Enrolment> {
  const { subject, relation, permission, call: acting } = await requireUser(services, call, ref);
  const { tenantId, subjectId } = subject;
  const proven = relation === 'admin' ? {} : await provePassword(services, acting, subjectId, password ?? '');
  const secret = totpSecret(services.random(TOTP_SECRET_BYTES));
  const sealed = services.keys.seal(TOTP_PURPOSE, secret);
  await perform(services, acting, permission, { kind: 'enrol_totp', tenantId, subjectId, sealed, ...proven });
  const tenant = await readTenant(services.store, tenantId);
  const label = subject.loginName ?? subject.email ?? subject.phone ?? subjectId;
  return { secret, uri: totpUri(secret, tenant?.displayName ?? tenantId, label) };
}

async function provePassword(
  services: Services,
  call: Call,
  subjectId: string,
  password: string,
): Promise<Pick<EnrolTotp, 'oldHash' | 'counters'>> {
  requirePassword(password);
  const { proof, counters } = await login(
    services,
    call,
    'act_for_user',
    'user',
    { kind: 'subject_id', key: subjectId },
    subjectId,
    password,
  );
  return { oldHash: proof.passwordHash, counters };
}

/** Turns it on, and answers the recovery codes, which are told this once. */
export async function confirmTotp(services: Services, call: Call, ref: UserRef, code: string): Promise<string[]> {
  requireText(code, 'code', MAX_CODE);
  const { subject, permission, call: acting } = await requireUser(services, call, ref);
  const { tenantId, subjectId } = subject;
  const { store, keys, clock, random } = services;
  // Counted: whoever stole an access token could else guess at a secret that was enrolled and never confirmed.
  const { sealed, step } = await counted(services, acting, permission, subjectId, INVALID_CODE, async () => {
    const totp = await readTotp(store, tenantId, subjectId);
    const step = totp === undefined || totp.active ? undefined : matchingStep(openSecret(keys, totp), code, clock());
    return totp === undefined || step === undefined ? undefined : { sealed: totp.sealed, step };
  });
  const codes = Array.from({ length: RECOVERY_CODES }, () => recoveryCode(random));
  const recoveryDigests = codes.map((each) => recoveryDigest(keys, subjectId, each));
  const counters = secondFactorCounters(subjectId, acting.address);
  const confirmed = { kind: 'confirm_totp', tenantId, subjectId, sealed, step, recoveryDigests, counters } as const;
  await perform(services, acting, permission, confirmed);
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
  if (factor === undefined) {
    throw new SymbolonError(
      'permission_denied',
      'totp_code or recovery_code is missing. Only an admin may leave both out',
    );
  }
  await perform(services, acting, permission, {
    kind: 'remove_totp',
    tenantId,
    subjectId,
    onlyUnconfirmed: false,
    factor: await proveSecondFactor(services, acting, permission, subjectId, factor),
    counters: secondFactorCounters(subjectId, acting.address),
  });
}

function recoveryCode(random: Services['random']): string {
  const letters = Array.from(
    random(RECOVERY_CODE_LENGTH),
    (byte) => RECOVERY_ALPHABET[byte % RECOVERY_ALPHABET.length],
  );
  return `${letters.slice(0, 5).join('')}-${letters.slice(5).join('')}`;
}
