import { confirmTotp, enrolTotp, removeTotp } from '../../core/operations/directory/totp.ts';
import { textOf } from '../messages/fields.ts';
import { factorOf } from '../messages/second-factors.ts';
import { userRefOf } from '../messages/users.ts';
import { change, type Methods } from './method.ts';

export const SECOND_FACTOR_METHODS: Methods<'enrolTotp' | 'confirmTotp' | 'removeTotp'> = {
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
