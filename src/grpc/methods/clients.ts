import type { ClientServiceService } from '../../../gen/ts/symbolon/v1/client_service.ts';
import { addClientSecret, expireClientSecret } from '../../core/operations/client-secrets.ts';
import {
  createClient,
  enableClient,
  endClient,
  getClient,
  listClients,
  updateClient,
} from '../../core/operations/clients.ts';
import {
  parseClientId,
  parseClientUpdate,
  parseExpiringSecret,
  parseNewClient,
  parseNewSecret,
  toClientMessage,
  toClientViewMessage,
  toMadeClientMessage,
} from '../messages/clients.ts';
import { change, ending, type Methods, read } from './method.ts';

export const CLIENT_METHODS: Methods<keyof typeof ClientServiceService> = {
  createClient: change(async (services, call, request) =>
    toMadeClientMessage(await createClient(services, call, parseNewClient(request))),
  ),
  getClient: read(async (services, call, request) => ({
    client: toClientViewMessage(await getClient(services, call, parseClientId(request)), services.clock()),
  })),
  listClients: read(async (services, call, request) => {
    const { items, nextPageToken } = await listClients(services, call, request);
    return { clients: items.map(toClientMessage), nextPageToken };
  }),
  updateClient: change(async (services, call, request) => {
    const { client } = await updateClient(services, call, parseClientUpdate(request));
    return { client: toClientMessage(client) };
  }),
  addClientSecret: ending((services, call, request) => addClientSecret(services, call, parseNewSecret(request))),
  expireClientSecret: change(async (services, call, request) => {
    const { clientId, secretId, expireTime } = parseExpiringSecret(request);
    await expireClientSecret(services, call, clientId, secretId, expireTime);
    return {};
  }),
  disableClient: ending((services, call, request) => endClient(services, call, parseClientId(request), 'disabled')),
  enableClient: change(async (services, call, request) => {
    await enableClient(services, call, parseClientId(request));
    return {};
  }),
  deleteClient: ending((services, call, request) => endClient(services, call, parseClientId(request), 'deleted')),
};
