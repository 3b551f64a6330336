/** A user who forgot the password, and is not signed in. */
import { MessageChannel, type UserRef } from '../../../../../gen/web/symbolon/v1/user_service.ts';
import type { Limits, LoginCalls } from './port.ts';

export type ResetChannel = 'email' | 'phone';

const CHANNELS = { email: MessageChannel.EMAIL, phone: MessageChannel.SMS };

export async function requestReset(
  calls: LoginCalls,
  username: string,
  channel: ResetChannel,
  limits: Limits,
): Promise<void> {
  await calls.requestPasswordReset({ user: userOf(username), channel: CHANNELS[channel] }, limits);
}

export async function completeReset(
  calls: LoginCalls,
  [username, code, newPassword]: readonly [string, string, string],
  limits: Limits,
): Promise<void> {
  await calls.completePasswordReset({ user: userOf(username), code, newPassword }, limits);
}

/** The forms of a username are those of a sign-in: a login name has neither an @ nor a +, and is not a number with its country. */
function userOf(username: string): UserRef {
  const [, prefix, rest = username] = /^(EMAIL|PHONE):(.*)$/.exec(username) ?? [];
  if (prefix === 'EMAIL' || (prefix === undefined && username.includes('@'))) {
    return { user: { $case: 'email', value: rest } };
  }
  if (prefix === 'PHONE' || /^(?:\+|[A-Z]{2}-\d)/.test(username)) {
    return { user: { $case: 'phone', value: rest } };
  }
  return { user: { $case: 'loginName', value: username } };
}
