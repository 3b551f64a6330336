/** The codes by which users prove that an address is theirs. */
import { confirmVerification, startVerification } from '../../core/operations/directory/codes.ts';
import { timestampOf } from '../messages/time.ts';
import { userRefOf } from '../messages/users.ts';
import { change, type Methods } from './method.ts';

export const CODE_METHODS: Methods<
  'startEmailVerification' | 'confirmEmailVerification' | 'startPhoneVerification' | 'confirmPhoneVerification'
> = {
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
};

async function startMessage(starting: ReturnType<typeof startVerification>) {
  const { address, expireTime } = await starting;
  return { address, expireTime: timestampOf(expireTime) };
}
