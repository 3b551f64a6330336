/** Codes that prove an address or reset a password: short-lived, counted, single-use. */
import { type Change, drop, insert, put, set } from '../changes.ts';
import type { Refusal } from '../errors.ts';
import type { Digest, Instant } from '../model.ts';
import { all, each } from '../plan.ts';
import { CODE, type Code, type CodePurpose } from '../tables/codes.ts';
import { LOGIN_FAILURES, type LoginFailures } from '../tables/login-failures.ts';
import { type Channel, MESSAGE } from '../tables/messages.ts';
import type { Subject } from '../tables/subjects.ts';
import type { Tenant } from '../tables/tenants.ts';
import { addressKey, addressKeysOf } from '../text/handles.ts';
import { beganInFuture, isOfFuture } from '../wrong-clock.ts';
import { codeCounter } from './counters.ts';

/** A code that is to be sent; which address it goes to and how long it lives is decided in the transaction. */
export interface NewCode {
  readonly purpose: CodePurpose;
  readonly channel: Channel;
  readonly digest: Digest;
  readonly messageId: string;
  readonly sealed: Uint8Array;
}

/** Codes of one purpose that a subject is sent in an hour. */
const MAX_CODES = 5;
/** Verification codes that one address is sent in an hour, by all subjects of a tenant. Those of resets go to its owner alone. */
const MAX_CODES_PER_ADDRESS = 10;
const WINDOW_MS = 3_600_000;
/** For how long a message can be shown after its code has expired. */
const SHOWN_MS = 7 * 24 * 3_600_000;
const VOID = 'its code was replaced, used or taken back';

/** What `newCode` looks at. */
export interface CodeState {
  readonly codes: readonly Code[];
  /** How many codes were sent to the addresses, under the tenant's lock. */
  readonly sent: readonly LoginFailures[];
}

/** `others`: of what else is sent and counted with them. */
export function readCodes(
  tenantId: string,
  subjectId: string,
  addresses: Parameters<typeof addressKeysOf>[0],
  others: readonly string[] = [],
) {
  const sent = [...addressKeysOf(addresses), ...others].map((key) => ({ tenantId, key }));
  return { codes: all(CODE, { subjectId }), sent: each(LOGIN_FAILURES, sent) };
}

/** The code of a purpose. One of a clock that was ahead is as if it were not there: it would be good for as long as that was ahead. */
export function codeOf(codes: readonly Code[], purpose: CodePurpose, now: Instant): Code | undefined {
  return codes.find((each) => each.purpose === purpose && !beganInFuture(each.windowEndTime, WINDOW_MS, now));
}

/** The rows of a new code and its message, in place of an earlier code. */
export function newCode(
  state: CodeState,
  tenant: Tenant,
  { tenantId, subjectId }: Pick<Subject, 'tenantId' | 'subjectId'>,
  code: NewCode,
  address: string,
  now: Instant,
): { changes: Change[]; expireTime: Instant } | { refusal: Refusal } {
  const { purpose, digest } = code;
  const before = codeOf(state.codes, purpose, now);
  const continues = before !== undefined && before.windowEndTime > now;
  const sentCount = continues ? before.sentCount + 1 : 1;
  if (continues && sentCount > MAX_CODES) {
    return { refusal: tooMany(before.windowEndTime - now) };
  }
  const counted = purpose === 'reset_password' ? [] : countTo(state, tenant, addressKey(code.channel, address), now);
  if ('refusal' in counted) {
    return counted;
  }
  const expireTime = now + lifetimeOf(tenant, purpose);
  const windowEndTime = continues ? before.windowEndTime : now + WINDOW_MS;
  const row = { tenantId, subjectId, purpose, digest, address, expireTime, sentCount, windowEndTime };
  const message = queueMessage(code, { tenantId, subjectId, address }, now, expireTime);
  const uncounted = forgetGuesses(tenantId, subjectId, purpose);
  return { changes: [cancelMessages(subjectId, purpose), put(CODE, row), uncounted, message, ...counted], expireTime };
}

/** Else those who register users without end could have them all write to one stranger. */
function countTo(
  { sent }: CodeState,
  { tenantId }: Tenant,
  key: string,
  now: Instant,
): Change[] | { refusal: Refusal } {
  const before = sent.find((each) => each.key === key && !isOfFuture(each.countTime, now));
  const continues = before !== undefined && before.windowEndTime > now;
  if (continues && before.count >= MAX_CODES_PER_ADDRESS) {
    return { refusal: tooMany(before.windowEndTime - now) };
  }
  const count = continues ? before.count + 1 : 1;
  const windowEndTime = continues ? before.windowEndTime : now + WINDOW_MS;
  const counted = { count, pending: 0, windowEndTime, lockEndTime: null, countTime: now };
  return [put(LOGIN_FAILURES, { tenantId, key, ...counted })];
}

/** Makes a code worthless, and keeps the count of those that were sent. */
export function killCode({ codes }: CodeState, subjectId: string, purpose: CodePurpose): Change[] {
  const code = codes.find((each) => each.purpose === purpose);
  return [...(code === undefined ? [] : [put(CODE, { ...code, digest: null })]), cancelMessages(subjectId, purpose)];
}

/** Takes a code back, and what is still to be sent of it. */
export function voidCode(subjectId: string, purpose: CodePurpose): Change[] {
  return [drop(CODE, { subjectId, purpose }), cancelMessages(subjectId, purpose)];
}

/** Guesses count for one code: the next has a count of its own. */
function forgetGuesses(tenantId: string, subjectId: string, purpose: CodePurpose): Change {
  return drop(LOGIN_FAILURES, { tenantId, key: codeCounter(purpose, subjectId).key });
}

/** Gives up what is still to be sent: its code is void. */
function cancelMessages(subjectId: string, purpose: CodePurpose): Change {
  return set(MESSAGE, { subjectId, purpose, state: 'pending' }, { state: 'failed', sealed: null, lastError: VOID });
}

/** Of a subject that is no more. */
export function dropPendingMessages(subjectId: string): Change {
  return drop(MESSAGE, { subjectId, state: 'pending' });
}

function tooMany(retryAfterMs: number): Refusal {
  return { code: 'too_many_codes', message: 'Too many codes were asked for. Ask again later', retryAfterMs };
}

function lifetimeOf({ policy }: Tenant, purpose: CodePurpose): number {
  return purpose === 'reset_password' ? policy.resetCodeLifetimeMs : policy.verificationCodeLifetimeMs;
}

function queueMessage(
  { messageId, channel, purpose, sealed }: NewCode,
  to: { readonly tenantId: string; readonly subjectId: string; readonly address: string },
  now: Instant,
  expireTime: Instant,
): Change {
  return insert(MESSAGE, {
    messageId,
    ...to,
    channel,
    purpose,
    sealed,
    state: 'pending',
    attempts: 0,
    nextAttemptTime: now,
    lastError: null,
    createTime: now,
    expireTime,
    keepUntil: expireTime + SHOWN_MS,
  });
}
