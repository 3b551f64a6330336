import {
  addClientSecret,
  createClient,
  enableClient,
  endClient,
  expireClientSecret,
  getClient,
  listClients,
  updateClient,
} from '../../core/operations/directory/clients.ts';
import {
  clientIdOf,
  clientMessageOf,
  clientUpdateOf,
  clientViewMessageOf,
  expiringSecretOf,
  madeClientMessageOf,
  newClientOf,
  newSecretOf,
} from '../messages/clients.ts';
import { change, type Methods, read } from './method.ts';

export const CLIENT_METHODS: Methods<
  | 'createClient'
  | 'getClient'
  | 'listClients'
  | 'updateClient'
  | 'addClientSecret'
  | 'expireClientSecret'
  | 'disableClient'
  | 'enableClient'
  | 'deleteClient'
> = {
  createClient: change(async (services, call, request) =>
    madeClientMessageOf(await createClient(services, call, newClientOf(request))),
  ),
  getClient: read(async (services, call, request) => ({
    client: clientViewMessageOf(await getClient(services, call, clientIdOf(request)), services.clock()),
  })),
  listClients: read(async (services, call, request) => {
    const { items, nextPageToken } = await listClients(services, call, request);
    return { clients: items.map(clientMessageOf), nextPageToken };
  }),
  updateClient: change(async (services, call, request) => {
    const { client } = await updateClient(services, call, clientUpdateOf(request));
    return { client: clientMessageOf(client) };
  }),
  addClientSecret: change((services, call, request) => addClientSecret(services, call, newSecretOf(request))),
  expireClientSecret: change(async (services, call, request) => {
    const { clientId, secretId, expireTime } = expiringSecretOf(request);
    await expireClientSecret(services, call, clientId, secretId, expireTime);
    return {};
  }),
  disableClient: change((services, call, request) => endClient(services, call, clientIdOf(request), 'disabled')),
  enableClient: change(async (services, call, request) => {
    await enableClient(services, call, clientIdOf(request));
    return {};
  }),
  deleteClient: change((services, call, request) => endClient(services, call, clientIdOf(request), 'deleted')),
};
