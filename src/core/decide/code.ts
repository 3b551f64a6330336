/** Codes that prove an address or reset a password: short-lived, counted, single-use. */
import { timingSafeEqual } from 'node:crypto';
import type { Change, Decision } from '../changes.ts';
import type { NewCode, RedeemCode, SendCode } from '../directory-commands.ts';
import type { Code, CodePurpose } from '../directory-model.ts';
import type { Refusal } from '../errors.ts';
import { addressHandle, addressKey, handlesOf, nameCounter } from '../handles.ts';
import type { Instant, Subject, Tenant } from '../model.ts';
import type { State } from '../state.ts';
import { endTokensOf, refuse, subjectOf, taken, unmet } from './decision.ts';
import { queueMessage } from './message.ts';

/** Wrong guesses that a code bears. With 8 digits and 5 codes an hour, a year of guessing finds one with a chance of 1 in 450. */
const ATTEMPTS = 5;
/** Codes of one purpose that a subject is sent in an hour. */
const CODES_PER_WINDOW = 5;
/** Verification codes that one address is sent in an hour, by all subjects of a tenant. Those of resets go to its owner alone. */
const CODES_PER_ADDRESS = 10;
const WINDOW_MS = 3_600_000;

export const INVALID_CODE: Refusal = { code: 'invalid_code', message: 'The code is not valid' };
const DISABLED = unmet('The user is disabled');

export function sendCode(state: State, command: SendCode, now: Instant): Decision<SendCode> {
  const found = subjectOf(state, command.tenantId, command.subjectId);
  if ('refusal' in found) {
    return refuse(found.refusal);
  }
  const { tenant, subject } = found;
  if (subject.disabled || tenant.disabled) {
    return refuse(DISABLED);
  }
  const { code } = command;
  const address = addressFor(subject, code);
  if (typeof address !== 'string') {
    return refuse(address);
  }
  if (address !== command.address) {
    return refuse(unmet('The address was changed meanwhile'));
  }
  const sent = newCode(state, tenant, subject, code, address, now);
  return 'refusal' in sent
    ? refuse(sent.refusal)
    : { changes: sent.changes, outcome: { answer: { address, expireTime: sent.expireTime } } };
}

/** Where a code of this purpose goes, or why it can't be sent. */
function addressFor(subject: Subject, { purpose, channel }: NewCode): string | Refusal {
  const [address, isVerified] =
    channel === 'email' ? [subject.email, subject.emailVerified] : [subject.phone, subject.phoneVerified];
  const what = channel === 'email' ? 'e-mail address' : 'phone number';
  if (address === null) {
    return unmet(`The user has no ${what}`);
  }
  // Whoever gave a wrong address must not let its owner in.
  if (purpose === 'reset_password' && !isVerified) {
    return unmet(`The user’s ${what} is not verified`);
  }
  if (purpose !== 'reset_password' && isVerified) {
    return unmet(`The user’s ${what} is verified already`);
  }
  return address;
}

/** The rows of a new code and its message, in place of an earlier code. */
export function newCode(
  state: State,
  tenant: Tenant,
  { tenantId, subjectId }: Pick<Subject, 'tenantId' | 'subjectId'>,
  code: NewCode,
  address: string,
  now: Instant,
): { changes: Change[]; expireTime: Instant } | { refusal: Refusal } {
  const before = state.codes?.find(({ purpose }) => purpose === code.purpose);
  const continues = before !== undefined && before.windowEndTime > now;
  const sentCount = continues ? before.sentCount + 1 : 1;
  if (continues && sentCount > CODES_PER_WINDOW) {
    return { refusal: tooMany(before.windowEndTime - now) };
  }
  const counted =
    code.purpose === 'reset_password' ? [] : countTo(state, tenant, addressKey(code.channel, address), now);
  if ('refusal' in counted) {
    return counted;
  }
  const { purpose, digest } = code;
  const expireTime = now + lifetimeOf(tenant, purpose);
  const row: Code = {
    tenantId,
    subjectId,
    purpose,
    digest,
    address,
    attemptsLeft: ATTEMPTS,
    expireTime,
    sentCount,
    windowEndTime: continues ? before.windowEndTime : now + WINDOW_MS,
  };
  const message = queueMessage(code, { tenantId, subjectId, address }, now, expireTime);
  return {
    changes: [
      { change: 'cancel_messages', subjectId, purpose },
      { change: 'put_code', code: row },
      message,
      ...counted,
    ],
    expireTime,
  };
}

/** Else whoever registers users without end could have them all write to one stranger. */
function countTo(
  { loginFailures }: State,
  { tenantId }: Tenant,
  key: string,
  now: Instant,
): Change[] | { refusal: Refusal } {
  const before = loginFailures.find((each) => each.key === key);
  const continues = before !== undefined && before.windowEndTime > now;
  if (continues && before.count >= CODES_PER_ADDRESS) {
    return { refusal: tooMany(before.windowEndTime - now) };
  }
  const count = continues ? before.count + 1 : 1;
  const windowEndTime = continues ? before.windowEndTime : now + WINDOW_MS;
  return [{ change: 'put_login_failures', failures: { tenantId, key, count, windowEndTime, lockEndTime: null } }];
}

/** Makes a code worthless, and keeps the count of those that were sent. */
export function killCode({ codes = [] }: State, subjectId: string, purpose: CodePurpose): Change[] {
  const code = codes.find((each) => each.purpose === purpose);
  return [
    ...(code === undefined ? [] : [{ change: 'put_code', code: { ...code, attemptsLeft: 0 } } as const]),
    { change: 'cancel_messages', subjectId, purpose },
  ];
}

/** Takes a code back, and what is still to be sent of it. */
export function voidCode(subjectId: string, purpose: CodePurpose): Change[] {
  return [
    { change: 'delete_code', subjectId, purpose },
    { change: 'cancel_messages', subjectId, purpose },
  ];
}

function tooMany(retryAfterMs: number): Refusal {
  return { code: 'too_many_codes', message: 'Too many codes were asked for', retryAfterMs };
}

function lifetimeOf({ policy }: Tenant, purpose: CodePurpose): number {
  return purpose === 'reset_password' ? policy.resetCodeLifetimeMs : policy.verificationCodeLifetimeMs;
}

export function redeemCode(state: State, command: RedeemCode, now: Instant): Decision<RedeemCode> {
  const found = subjectOf(state, command.tenantId, command.subjectId);
  if ('refusal' in found) {
    return refuse(found.refusal);
  }
  const { tenant, subject } = found;
  const code = state.codes?.find(({ purpose }) => purpose === command.purpose);
  if (code === undefined || code.attemptsLeft <= 0) {
    return refuse(INVALID_CODE);
  }
  if (!timingSafeEqual(code.digest, command.digest)) {
    const counted = { ...code, attemptsLeft: code.attemptsLeft - 1 };
    return refuse(INVALID_CODE, [{ change: 'put_code', code: counted }]);
  }
  // Only whoever has the code learns more than that.
  if (code.expireTime <= now) {
    return refuse({ code: 'code_expired', message: 'The code has expired' });
  }
  if (subject.disabled || tenant.disabled) {
    return refuse(DISABLED);
  }
  return command.purpose === 'reset_password'
    ? resetPassword(tenant, subject, code, command, now)
    : verifyAddress(state, tenant, subject, code, command);
}

/** By whoever reads the mail of an address that is verified still. */
function resetPassword(
  tenant: Tenant,
  subject: Subject,
  code: Code,
  { newHash }: RedeemCode,
  now: Instant,
): Decision<RedeemCode> {
  const { subjectId, tenantId, kind } = subject;
  const isTheirs =
    (subject.emailVerified && subject.email === code.address) ||
    (subject.phoneVerified && subject.phone === code.address);
  const spent = voidCode(subjectId, code.purpose);
  if (newHash === undefined || !isTheirs) {
    return refuse(INVALID_CODE, spent);
  }
  const ended = endTokensOf(tenant, { kind, id: subjectId }, 'password_changed', now);
  return {
    changes: [
      ...spent,
      { change: 'set_password_hash', subjectId, passwordHash: newHash },
      // A lock that others brought about must not keep out whoever has just proven to be the user.
      { change: 'clear_login_failures', tenantId, key: nameCounter(subjectId).key },
      ...ended.changes,
    ],
    outcome: { answer: { revision: ended.revision, revoked: true } },
  };
}

/** Several users may have given one address; whoever verifies it first has it. */
function verifyAddress(
  state: State,
  tenant: Tenant,
  subject: Subject,
  code: Code,
  { purpose, address }: RedeemCode,
): Decision<RedeemCode> {
  const { subjectId } = subject;
  const current = purpose === 'verify_email' ? subject.email : subject.phone;
  const spent = voidCode(subjectId, purpose);
  if (address !== code.address || current !== code.address) {
    return refuse(INVALID_CODE, spent);
  }
  const handle = addressHandle(purpose, address);
  const isOwn = handlesOf(subject).some(({ kind, key }) => kind === handle.kind && key === handle.key);
  if (!isOwn && state.takenHandles.length > 0) {
    return refuse(taken(handle.kind, address), spent);
  }
  const verified: Subject = {
    ...subject,
    ...(purpose === 'verify_email' ? { emailVerified: true } : { phoneVerified: true }),
  };
  const gainedHandles = isOwn ? [] : [handle];
  return {
    changes: [...spent, { change: 'update_subject', subject: verified, lostHandles: [], gainedHandles }],
    outcome: { answer: { revision: tenant.revision, revoked: false } },
  };
}
