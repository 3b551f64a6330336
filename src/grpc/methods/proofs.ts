/** By what users prove themselves: passwords, the codes that are sent to them, and second factors. */
import { setTimeout as pause } from 'node:timers/promises';
import { SymbolonError } from '../../core/errors.ts';
import type { Call } from '../../core/operations/authenticate.ts';
import { requireUser, type UserRef } from '../../core/operations/directory/access.ts';
import {
  completePasswordReset,
  confirmVerification,
  requestPasswordReset,
  startVerification,
} from '../../core/operations/directory/codes.ts';
import { changeUserPassword } from '../../core/operations/directory/passwords.ts';
import { confirmTotp, enrolTotp, removeTotp } from '../../core/operations/directory/totp.ts';
import type { Services } from '../../core/services.ts';
import { textOf } from '../messages/ids.ts';
import { timestampOf } from '../messages/time.ts';
import { factorOf } from '../messages/token-service.ts';
import { channelOf, type NamedUserRef, namedUserRefOf, userRefOf } from '../messages/users.ts';
import { change, type Methods } from './method.ts';

export const PROOF_METHODS: Methods<
  | 'changeUserPassword'
  | 'requestPasswordReset'
  | 'completePasswordReset'
  | 'startEmailVerification'
  | 'confirmEmailVerification'
  | 'startPhoneVerification'
  | 'confirmPhoneVerification'
  | 'enrolTotp'
  | 'confirmTotp'
  | 'removeTotp'
> = {
  changeUserPassword: change(async (services, call, { user, oldPassword, newPassword }) => {
    const acting = await inPerson(services, call, userRefOf(user));
    return changeUserPassword(services, acting.call, acting.ref, textOf(oldPassword), newPassword);
  }),
  requestPasswordReset: change(async (services, call, { user, channel }) => {
    const ref = namedUserRefOf(user);
    await Promise.all([sendReset(services, call, ref, channelOf(channel)), pause(RESET_MS)]);
    return {};
  }),
  completePasswordReset: change((services, call, { user, code, newPassword }) =>
    completePasswordReset(services, call, namedUserRefOf(user), code, newPassword),
  ),
  startEmailVerification: change((services, call, { user }) =>
    startMessage(startVerification(services, call, userRefOf(user), 'verify_email')),
  ),
  confirmEmailVerification: change(async (services, call, { user, code }) => {
    await confirmVerification(services, call, userRefOf(user), 'verify_email', code);
    return {};
  }),
  startPhoneVerification: change((services, call, { user }) =>
    startMessage(startVerification(services, call, userRefOf(user), 'verify_phone')),
  ),
  confirmPhoneVerification: change(async (services, call, { user, code }) => {
    await confirmVerification(services, call, userRefOf(user), 'verify_phone', code);
    return {};
  }),
  enrolTotp: change(async (services, call, { user, password }) => {
    const { secret, uri } = await enrolTotp(services, call, userRefOf(user), textOf(password));
    return { secret, otpauthUri: uri };
  }),
  confirmTotp: change(async (services, call, { user, code }) => ({
    recoveryCodes: await confirmTotp(services, call, userRefOf(user), code),
  })),
  removeTotp: change(async (services, call, { user, factor }) => {
    await removeTotp(services, call, userRefOf(user), factor && factorOf(factor));
    return {};
  }),
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

async function startMessage(starting: ReturnType<typeof startVerification>) {
  const { address, expireTime } = await starting;
  return { address, expireTime: timestampOf(expireTime) };
}

/** Whose access token is given calls in its own name, and is named by its id. */
async function inPerson(services: Services, call: Call, ref: UserRef): Promise<{ call: Call; ref: NamedUserRef }> {
  if (ref.by !== 'access_token') {
    return { call, ref };
  }
  const { subject, call: acting } = await requireUser(services, call, ref);
  return { call: acting, ref: { by: 'user_id', userId: subject.subjectId } };
}
