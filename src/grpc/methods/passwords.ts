import { setTimeout as pause } from 'node:timers/promises';
import { SymbolonError } from '../../core/errors.ts';
import { requireUser, type UserRef } from '../../core/operations/access.ts';
import type { Call } from '../../core/operations/authenticate.ts';
import { completePasswordReset, requestPasswordReset } from '../../core/operations/codes.ts';
import { changeUserPassword } from '../../core/operations/passwords.ts';
import type { Services } from '../../core/services/services.ts';
import { parseText } from '../messages/fields.ts';
import { parseChannel } from '../messages/messages.ts';
import { parseFactor } from '../messages/second-factors.ts';
import { type NamedUserRef, parseNamedUserRef, parseUserRef } from '../messages/users.ts';
import { change, ending, type Methods } from './method.ts';

export const PASSWORD_METHODS: Methods<'changeUserPassword' | 'requestPasswordReset' | 'completePasswordReset'> = {
  changeUserPassword: ending(async (services, call, { user, oldPassword, newPassword, factor }) => {
    const acting = await inPerson(services, call, parseUserRef(user));
    const given = factor && parseFactor(factor);
    return changeUserPassword(services, acting.call, acting.ref, parseText(oldPassword), newPassword, given);
  }),
  requestPasswordReset: change(async (services, call, { user, channel }) => {
    const ref = parseNamedUserRef(user);
    await Promise.all([sendReset(services, call, ref, parseChannel(channel)), pause(RESET_MS)]);
    return {};
  }),
  completePasswordReset: ending((services, call, { user, code, newPassword }) =>
    completePasswordReset(services, call, parseNamedUserRef(user), code, newPassword),
  ),
};

/** The commit of a code takes longer than the look-up of a name that nobody has; both are answered after this. */
const RESET_MS = 200;

/** Neither whether there is such a user nor how many codes it was sent is told to strangers. */
async function sendReset(services: Services, call: Call, ref: NamedUserRef, channel: 'email' | 'sms'): Promise<void> {
  try {
    await requestPasswordReset(services, call, ref, channel);
  } catch (error) {
    if (!(error instanceof SymbolonError && error.code === 'too_many_codes')) {
      throw error;
    }
  }
}

/** Whose access token is given calls in its own name, and is named by its id. */
async function inPerson(services: Services, call: Call, ref: UserRef): Promise<{ call: Call; ref: NamedUserRef }> {
  if (ref.by !== 'access_token') {
    return { call, ref };
  }
  const { subject, call: acting } = await requireUser(services, call, ref);
  return { call: acting, ref: { by: 'user_id', userId: subject.subjectId } };
}
