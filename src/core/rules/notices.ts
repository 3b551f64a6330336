/** Messages without a code: who has an address of a user learns that it is to be replaced, or was. */
import { type Change, insert, put } from '../changes.ts';
import type { Instant } from '../model.ts';
import { LOGIN_FAILURES, type LoginFailures } from '../tables/login-failures.ts';
import { type Channel, MESSAGE, type Notice } from '../tables/messages.ts';
import type { Subject } from '../tables/subjects.ts';
import type { Tenant } from '../tables/tenants.ts';
import { isOfFuture } from '../wrong-clock.ts';
import { isSameEmail, proven, unproven } from './addresses.ts';

/** The ids of notices that may have to be sent, one for each channel. */
export type NoticeIds = Readonly<Record<Channel, string>>;

const HOUR_MS = 3_600_000;
/** For how long sending is tried. */
const USEFUL_MS = 24 * HOUR_MS;
/** As for codes. */
const SHOWN_MS = 7 * 24 * HOUR_MS;
/** Notices of changes that were only asked for: asking costs nothing. A change itself is always told. */
const MAX_ASKED = 10;

const CHANNELS = ['email', 'sms'] as const;

/** By which they are counted, under the tenant's lock. */
export function noticeKeysOf({ email, phone }: Partial<Pick<Subject, 'email' | 'phone'>>): string[] {
  return [...(email ? [noticeKey('email', email)] : []), ...(phone ? [noticeKey('sms', phone)] : [])];
}

function noticeKey(channel: Channel, address: string): string {
  return `notices:${channel}:${address}`;
}

/** What is told to the addresses that were proven before a change, where the tenant has them proven. */
export function noticesOf(
  sent: readonly LoginFailures[],
  { policy }: Tenant,
  before: Subject,
  after: Subject,
  ids: NoticeIds,
  now: Instant,
): Change[] {
  const isChanged = CHANNELS.some((channel) => isReplaced(before, after, channel));
  return CHANNELS.flatMap((channel) => {
    const address = proven(before, channel);
    const required = channel === 'email' ? policy.emailVerificationRequired : policy.phoneVerificationRequired;
    if (address === null || !required) {
      return [];
    }
    if (isChanged) {
      return [notice(before, channel, address, 'address_changed', ids, now)];
    }
    const counted = isAsked(before, after, channel) ? countAsked(sent, before.tenantId, channel, address, now) : [];
    return counted.length === 0 ? [] : [...counted, notice(before, channel, address, 'address_change_asked', ids, now)];
  });
}

/** Whether a proven address is no more, or one was proven that was not the user's before. */
function isReplaced(before: Subject, after: Subject, channel: Channel): boolean {
  return proven(before, channel) !== proven(after, channel) && !isOnlyRespelt(before, after, channel);
}

function isOnlyRespelt(before: Subject, after: Subject, channel: Channel): boolean {
  const [one, other] = [proven(before, channel), proven(after, channel)];
  return one !== null && other !== null && channel === 'email' && isSameEmail(one, other);
}

function isAsked(before: Subject, after: Subject, channel: Channel): boolean {
  const purpose = channel === 'email' ? 'verify_email' : 'verify_phone';
  const asked = unproven(after, purpose);
  return asked !== null && asked !== unproven(before, purpose);
}

function countAsked(
  sent: readonly LoginFailures[],
  tenantId: string,
  channel: Channel,
  address: string,
  now: Instant,
): Change[] {
  const key = noticeKey(channel, address);
  const before = sent.find((each) => each.key === key && each.windowEndTime > now && !isOfFuture(each.countTime, now));
  if (before !== undefined && before.count >= MAX_ASKED) {
    return [];
  }
  const windowEndTime = before?.windowEndTime ?? now + HOUR_MS;
  const count = (before?.count ?? 0) + 1;
  return [put(LOGIN_FAILURES, { tenantId, key, count, pending: 0, windowEndTime, lockEndTime: null, countTime: now })];
}

function notice(
  { tenantId, subjectId }: Subject,
  channel: Channel,
  address: string,
  purpose: Notice,
  ids: NoticeIds,
  now: Instant,
): Change {
  const expireTime = now + USEFUL_MS;
  return insert(MESSAGE, {
    ...{ messageId: ids[channel], tenantId, subjectId, channel, purpose, address, sealed: null, state: 'pending' },
    ...{ attempts: 0, nextAttemptTime: now, lastError: null, createTime: now, expireTime },
    keepUntil: expireTime + SHOWN_MS,
  });
}
