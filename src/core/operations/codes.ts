/** Codes that are sent to people: verifying an address, and resetting a password. */

import { INVALID_CODE, SymbolonError } from '../errors.ts';
import { ID_BYTES, messageId } from '../ids.ts';
import type { Digest, Instant } from '../model.ts';
import { type Permission, requirePermission } from '../permissions.ts';
import { one } from '../plan.ts';
import { proven, unproven } from '../rules/addresses.ts';
import type { NewCode } from '../rules/codes.ts';
import { addressCounters, codeCounter } from '../rules/counters.ts';
import type { NoticeIds } from '../rules/notices.ts';
import { isSame } from '../rules/second-factors.ts';
import { readTenant } from '../services/lookups.ts';
import type { Services } from '../services/services.ts';
import { CODE, type CodePurpose } from '../tables/codes.ts';
import type { Channel } from '../tables/messages.ts';
import type { Subject } from '../tables/subjects.ts';
import { MAX_CODE, toCode } from '../text/codes.ts';
import { requireNewPassword } from '../text/passwords.ts';
import { handleOf, lookUp, requireUser, type UserRef } from './access.ts';
import { type Call, isStranger } from './authenticate.ts';
import { guess } from './guess.ts';
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

/** Those of the codes that the caller's network address may still cause; those of a client that has proven itself have no bound. */
export async function withinBudget(
  services: Services,
  call: Call,
  codes: readonly NewCode[],
): Promise<readonly NewCode[]> {
  const most = codes.length === 0 ? 0 : await codesPerAddress(services, call);
  const { codes: budget } = services.addressBudgets;
  const within: NewCode[] = [];
  for (const code of codes) {
    if (await budget.trySpend(call.caller.tenantId, call.address, most)) {
      within.push(code);
    }
  }
  return within;
}

async function spendCode(services: Services, call: Call): Promise<void> {
  const most = await codesPerAddress(services, call);
  await services.addressBudgets.codes.spend(call.caller.tenantId, call.address, most);
}

async function codesPerAddress({ store }: Services, { caller }: Call): Promise<number> {
  if (!isStranger(caller)) {
    return Number.POSITIVE_INFINITY;
  }
  return (await readTenant(store, caller.tenantId))?.policy.codesPerAddress ?? 0;
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

function codeDigest(keys: Services['keys'], subjectId: string, purpose: CodePurpose, typed: string): Digest {
  return keys.digest('code', `${purpose}\0${subjectId}\0${toCode(typed)}`);
}

/** For who has an address that is replaced. */
export function noticeIds({ random }: Services): NoticeIds {
  return { email: messageId(random(ID_BYTES)), sms: messageId(random(ID_BYTES)) };
}

export type AddressPurpose = Exclude<CodePurpose, 'reset_password'>;

/** Sends a code to an address that is not proven yet, in place of an earlier code. */
export async function startVerification(
  services: Services,
  call: Call,
  ref: UserRef,
  purpose: AddressPurpose,
): Promise<{ address: string; expireTime: Instant }> {
  const { subject, call: acting, permission } = await requireUser(services, call, ref);
  await spendCode(services, acting);
  const { tenantId, subjectId } = subject;
  const code = makeCode(services, subjectId, purpose, purpose === 'verify_email' ? 'email' : 'sms');
  // Empty where there is none, which is refused.
  const address = unproven(subject, purpose) ?? '';
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
  const address = unproven(subject, purpose) ?? undefined;
  const digest = codeDigest(services.keys, subjectId, purpose, code);
  const notices = noticeIds(services);
  const command = { kind: 'redeem_code', tenantId, subjectId, purpose, digest, address, notices } as const;
  await guessCode(services, acting, { permission, purpose, subject, whose: subjectId, digest }, () =>
    perform(services, acting, permission, command),
  );
}

interface CodeGuess {
  readonly permission: Permission;
  readonly purpose: CodePurpose;
  /** Undefined: nobody has that name, and so no code. */
  readonly subject: Subject | undefined;
  /** Whose guesses count together. */
  readonly whose: string;
  readonly digest: Digest;
  /** Work that both a right and a wrong code cost, done before the check. */
  readonly prepare?: () => Promise<void>;
}

function guessCode<A>(services: Services, call: Call, asked: CodeGuess, act: () => Promise<A>): Promise<A> {
  const { permission, purpose, subject, whose, digest, prepare } = asked;
  call.notes?.note({ event: 'redeem_code', credential: 'code' });
  return guess(services, call, {
    permission,
    counters: { own: [codeCounter(purpose, whose)], address: addressCounters(call.address) },
    refusal: INVALID_CODE,
    check: async () => {
      await prepare?.();
      const subjectId = subject?.subjectId ?? '';
      const { found } = await services.store.read({ found: one(CODE, { subjectId, purpose }) });
      return found?.digest != null && isSame(found.digest, digest) ? found : undefined;
    },
    act,
  });
}

type NamedUser = Exclude<UserRef, { by: 'access_token' }>;

/**
 * Sends a code by which the password can be reset. Answers whether there is such a user with such an address; whether its caller is
 * told is the transport's to decide. `any`: by mail where the user has proven an address for it, and else by SMS.
 */
export async function requestPasswordReset(
  services: Services,
  call: Call,
  ref: NamedUser,
  asked: Channel | 'any',
): Promise<'sent' | 'unknown' | 'no_address'> {
  requirePermission(call.caller, 'act_for_user');
  const handle = handleOf(ref);
  // No matter who it is for, so that a refusal tells nothing.
  await spendCode(services, call);
  const subject = await lookUp(services, call, 'user', handle);
  call.notes?.note({ event: 'send_code' });
  if (subject === undefined) {
    return 'unknown';
  }
  const { tenantId, subjectId } = subject;
  const channel = asked !== 'any' ? asked : proven(subject, 'email') === null ? 'sms' : 'email';
  // Before the store is asked to write: strangers may ask as often as they like.
  const address = proven(subject, channel);
  if (subject.disabled || address === null) {
    return 'no_address';
  }
  const code = makeCode(services, subjectId, 'reset_password', channel);
  try {
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
  const prepared = requireNewPassword(newPassword);
  const handle = handleOf(ref);
  const subject = await lookUp(services, call, 'user', handle);
  const { tenantId } = call.caller;
  const subjectId = subject?.subjectId ?? '';
  const whose = subject?.subjectId ?? `${handle?.kind ?? 'text'}:${handle?.key ?? ''}`;
  const digest = codeDigest(services.keys, subjectId, 'reset_password', code);
  let newHash = '';
  const guessed = {
    permission: 'act_for_user',
    purpose: 'reset_password',
    subject,
    whose,
    digest,
    // Hashed no matter who it is for, so that the time tells nothing.
    prepare: async () => {
      newHash = await services.passwords.hash(prepared, call.isAbandoned);
    },
  } as const;
  await services.passwords.requireRoom();
  const { revision } = await guessCode(services, call, guessed, () =>
    perform(services, call, 'act_for_user', {
      kind: 'redeem_code',
      tenantId,
      subjectId,
      purpose: 'reset_password',
      digest,
      newHash,
    }),
  );
  return { revision };
}
