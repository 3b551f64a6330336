import { requestPasswordResetQuietly } from '../../calls/quiet-resets.ts';
import { requireUser, type UserRef } from '../../core/operations/access.ts';
import type { Call } from '../../core/operations/authenticate.ts';
import { completePasswordReset } from '../../core/operations/codes.ts';
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
    await requestPasswordResetQuietly(services, call, ref, parseChannel(channel));
    return {};
  }),
  completePasswordReset: ending((services, call, { user, code, newPassword }) =>
    completePasswordReset(services, call, parseNamedUserRef(user), code, newPassword),
  ),
};

/** Whose access token is given calls in its own name, and is named by its id. */
async function inPerson(services: Services, call: Call, ref: UserRef): Promise<{ call: Call; ref: NamedUserRef }> {
  if (ref.by !== 'access_token') {
    return { call, ref };
  }
  const { subject, call: acting } = await requireUser(services, call, ref);
  return { call: acting, ref: { by: 'user_id', userId: subject.subjectId } };
}
