/** The codes by which users prove that an address is theirs. */
import { confirmVerification, startVerification } from '../../core/operations/codes.ts';
import { toTimestamp } from '../messages/time.ts';
import { parseUserRef } from '../messages/users.ts';
import { change, type Methods } from './method.ts';

export const CODE_METHODS: Methods<
  'startEmailVerification' | 'confirmEmailVerification' | 'startPhoneVerification' | 'confirmPhoneVerification'
> = {
  startEmailVerification: change((services, call, { user }) =>
    startMessage(startVerification(services, call, parseUserRef(user), 'verify_email')),
  ),
  confirmEmailVerification: change(async (services, call, { user, code }) => {
    await confirmVerification(services, call, parseUserRef(user), 'verify_email', code);
    return {};
  }),
  startPhoneVerification: change((services, call, { user }) =>
    startMessage(startVerification(services, call, parseUserRef(user), 'verify_phone')),
  ),
  confirmPhoneVerification: change(async (services, call, { user, code }) => {
    await confirmVerification(services, call, parseUserRef(user), 'verify_phone', code);
    return {};
  }),
};

async function startMessage(starting: ReturnType<typeof startVerification>) {
  const { address, expireTime } = await starting;
  return { address, expireTime: toTimestamp(expireTime) };
}
