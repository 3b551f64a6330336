import { locksOf, unlockUser } from '../../core/operations/locks.ts';
import { enableUser, endUser, getUser, listSubjects, registerUser, updateUser } from '../../core/operations/users.ts';
import {
  parseNewUser,
  parseUserRef,
  parseUserUpdate,
  toRegisteredUserMessage,
  toUserMessage,
} from '../messages/users.ts';
import { change, ending, type Methods, read } from './method.ts';

export const USER_METHODS: Methods<
  'registerUser' | 'getUser' | 'listUsers' | 'updateUser' | 'disableUser' | 'enableUser' | 'unlockUser' | 'deleteUser'
> = {
  registerUser: change(async (services, call, request) =>
    toRegisteredUserMessage(await registerUser(services, call, parseNewUser(request))),
  ),
  getUser: read(async (services, call, { user }) => {
    const { subject } = await getUser(services, call, parseUserRef(user));
    const [locks] = await locksOf(services, call, [subject]);
    return { user: toUserMessage(subject, locks) };
  }),
  listUsers: read(async (services, call, request) => {
    const { items, nextPageToken } = await listSubjects(services, call, 'user', request);
    const locks = await locksOf(services, call, items);
    return { users: items.map((user, i) => toUserMessage(user, locks[i])), nextPageToken };
  }),
  updateUser: change(async (services, call, request) => ({
    user: toUserMessage(await updateUser(services, call, parseUserRef(request.user), parseUserUpdate(request))),
  })),
  disableUser: ending((services, call, { user }) => endUser(services, call, parseUserRef(user), 'disabled')),
  enableUser: change(async (services, call, { user }) => {
    await enableUser(services, call, parseUserRef(user));
    return {};
  }),
  unlockUser: change((services, call, { user }) => unlockUser(services, call, parseUserRef(user))),
  deleteUser: ending((services, call, { user }) => endUser(services, call, parseUserRef(user), 'deleted')),
};
