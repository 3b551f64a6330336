/** Codes that are sent to people: verifying an address, and resetting a password. */

import { SymbolonError } from '../errors.ts';
import { ID_BYTES, messageId } from '../ids.ts';
import type { Digest, Instant } from '../model.ts';
import { MAX_CODE } from '../names.ts';
import { requirePermission } from '../permissions.ts';
import type { NewCode } from '../rules/codes.ts';
import { addressCounters, type FailureCounter, lockRefusal } from '../rules/guesses.ts';
import { readFailures } from '../services/lookups.ts';
import type { Services } from '../services/services.ts';
import type { CodePurpose } from '../tables/codes.ts';
import type { Channel } from '../tables/messages.ts';
import type { Subject } from '../tables/subjects.ts';
import { handleOf, lookUp, requireUser, type UserRef } from './access.ts';
import type { Call } from './authenticate.ts';
import { requireNewPassword } from './fields.ts';
import { countFailure } from './login.ts';
import { perform } from './perform.ts';
import { requireText } from './validate.ts';

export const MESSAGE_PURPOSE = 'message';

const CODE_DIGITS = 8;
const CODES = 10 ** CODE_DIGITS;

/** A new code for a subject. It leaves the server in the message alone. */
export function makeCode(
  { random, keys }: Services,
  subjectId: string,
  purpose: CodePurpose,
  channel: Channel,
): NewCode {
  const code = randomDigits(random);
  return {
    purpose,
    channel,
    digest: codeDigest(keys, subjectId, purpose, code),
    messageId: messageId(random(ID_BYTES)),
    sealed: keys.seal(MESSAGE_PURPOSE, code),
  };
}

/** Each code as likely as any other: what is beyond the last whole multiple is drawn again. */
function randomDigits(random: Services['random']): string {
  const bound = Math.floor(2 ** 32 / CODES) * CODES;
  for (;;) {
    const drawn = Buffer.from(random(4)).readUInt32BE();
    if (drawn < bound) {
      return String(drawn % CODES).padStart(CODE_DIGITS, '0');
    }
  }
}

/** People type codes with spaces or hyphens. */
function codeDigest(keys: Services['keys'], subjectId: string, purpose: CodePurpose, code: string): Digest {
  return keys.digest('code', `${purpose}\0${subjectId}\0${code.replace(/[\s-]/g, '')}`);
}

/** Empty where there is none, which is refused. */
function addressOf({ email, phone }: Subject, channel: Channel): string {
  return (channel === 'email' ? email : phone) ?? '';
}

export type AddressPurpose = Exclude<CodePurpose, 'reset_password'>;

/** Sends a code to an address that is not verified yet, in place of an earlier code. */
export async function startVerification(
  services: Services,
  call: Call,
  ref: UserRef,
  purpose: AddressPurpose,
): Promise<{ address: string; expireTime: Instant }> {
  const { subject, call: acting, permission } = await requireUser(services, call, ref);
  const { tenantId, subjectId } = subject;
  const code = makeCode(services, subjectId, purpose, purpose === 'verify_email' ? 'email' : 'sms');
  const address = addressOf(subject, code.channel);
  return perform(services, acting, permission, { kind: 'send_code', tenantId, subjectId, code, address });
}

export async function confirmVerification(
  services: Services,
  call: Call,
  ref: UserRef,
  purpose: AddressPurpose,
  code: string,
): Promise<void> {
  requireText(code, 'code', MAX_CODE);
  const { subject, call: acting, permission } = await requireUser(services, call, ref);
  const { tenantId, subjectId } = subject;
  const address = (purpose === 'verify_email' ? subject.email : subject.phone) ?? undefined;
  await perform(services, acting, permission, {
    kind: 'redeem_code',
    tenantId,
    subjectId,
    purpose,
    digest: codeDigest(services.keys, subjectId, purpose, code),
    address,
  });
}

type NamedUser = Exclude<UserRef, { by: 'access_token' }>;

/**
 * Sends a code by which the password can be reset. Answers whether there is such a user with such an address; whether its caller is
 * told is the transport's to decide.
 */
export async function requestPasswordReset(
  services: Services,
  call: Call,
  ref: NamedUser,
  channel: Channel,
): Promise<'sent' | 'unknown' | 'no_address'> {
  requirePermission(call.caller, 'act_for_user');
  const subject = await lookUp(services, call, 'user', handleOf(ref));
  if (subject === undefined) {
    return 'unknown';
  }
  const { tenantId, subjectId } = subject;
  // Before the store is asked to write: strangers may ask as often as they like.
  if (subject.disabled || !(channel === 'email' ? subject.emailVerified : subject.phoneVerified)) {
    return 'no_address';
  }
  const code = makeCode(services, subjectId, 'reset_password', channel);
  try {
    const address = addressOf(subject, channel);
    await perform(services, call, 'act_for_user', { kind: 'send_code', tenantId, subjectId, code, address });
    return 'sent';
  } catch (error) {
    if (error instanceof SymbolonError && error.code === 'precondition_failed') {
      return 'no_address';
    }
    throw error;
  }
}

/** Sets a new password by a code, and ends every token of the user. An unknown user has no valid code. */
export async function completePasswordReset(
  services: Services,
  call: Call,
  ref: NamedUser,
  code: string,
  newPassword: string,
): Promise<{ revision: number }> {
  requirePermission(call.caller, 'act_for_user');
  requireText(code, 'code', MAX_CODE);
  requireNewPassword(newPassword);
  const counters = await requireUnlockedAddress(services, call);
  const subject = await lookUp(services, call, 'user', handleOf(ref));
  // Hashed whoever it is for, so that the time tells nothing.
  const newHash = await services.passwords.hash(newPassword);
  const { tenantId } = call.caller;
  try {
    if (subject === undefined) {
      throw new SymbolonError('invalid_code', 'The code is not valid');
    }
    const { subjectId } = subject;
    const { revision } = await perform(services, call, 'act_for_user', {
      kind: 'redeem_code',
      tenantId,
      subjectId,
      purpose: 'reset_password',
      digest: codeDigest(services.keys, subjectId, 'reset_password', code),
      newHash,
    });
    return { revision };
  } catch (error) {
    if (error instanceof SymbolonError && error.code === 'invalid_code' && counters.length > 0) {
      await countFailure(services, call, 'act_for_user', counters);
    }
    throw error;
  }
}

/** Each guess costs a hash, as a login does, so guesses from one network address are bounded as failed logins are. */
async function requireUnlockedAddress(
  { store, clock }: Services,
  { caller, address }: Call,
): Promise<FailureCounter[]> {
  const counters = addressCounters(address);
  const locked = lockRefusal(counters, await readFailures(store, caller.tenantId, counters), clock());
  if (locked !== undefined) {
    throw SymbolonError.of(locked);
  }
  return counters;
}
