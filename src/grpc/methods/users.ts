import {
  enableUser,
  endUser,
  getUser,
  listSubjects,
  registerUser,
  updateUser,
} from '../../core/operations/directory/users.ts';
import { newUserOf, registeredUserMessageOf, userMessageOf, userRefOf, userUpdateOf } from '../messages/users.ts';
import { change, type Methods, read } from './method.ts';

export const USER_METHODS: Methods<
  'registerUser' | 'getUser' | 'listUsers' | 'updateUser' | 'disableUser' | 'enableUser' | 'deleteUser'
> = {
  registerUser: change(async (services, call, request) =>
    registeredUserMessageOf(await registerUser(services, call, newUserOf(request))),
  ),
  getUser: read(async (services, call, { user }) => {
    const { subject } = await getUser(services, call, userRefOf(user));
    return { user: userMessageOf(subject) };
  }),
  listUsers: read(async (services, call, request) => {
    const { items, nextPageToken } = await listSubjects(services, call, 'user', request);
    return { users: items.map(userMessageOf), nextPageToken };
  }),
  updateUser: change(async (services, call, request) => ({
    user: userMessageOf(await updateUser(services, call, userRefOf(request.user), userUpdateOf(request))),
  })),
  disableUser: change((services, call, { user }) => endUser(services, call, userRefOf(user), 'disabled')),
  enableUser: change(async (services, call, { user }) => {
    await enableUser(services, call, userRefOf(user));
    return {};
  }),
  deleteUser: change((services, call, { user }) => endUser(services, call, userRefOf(user), 'deleted')),
};
