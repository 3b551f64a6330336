import { confirmTotp, enrollTotp, removeTotp } from '../../core/operations/second-factors.ts';
import { parseText } from '../messages/fields.ts';
import { parseFactor } from '../messages/second-factors.ts';
import { parseUserRef } from '../messages/users.ts';
import { change, type Methods } from './method.ts';

export const SECOND_FACTOR_METHODS: Methods<'enrollTotp' | 'confirmTotp' | 'removeTotp'> = {
  enrollTotp: change(async (services, call, { user, password }) => {
    const { secret, uri } = await enrollTotp(services, call, parseUserRef(user), parseText(password));
    return { secret, otpauthUri: uri };
  }),
  confirmTotp: change(async (services, call, { user, code }) => ({
    recoveryCodes: await confirmTotp(services, call, parseUserRef(user), code),
  })),
  removeTotp: change(async (services, call, { user, factor }) => {
    await removeTotp(services, call, parseUserRef(user), factor && parseFactor(factor));
    return {};
  }),
};
