import type { ResourceServerServiceService } from '../../../gen/ts/symbolon/v1/resource_server_service.ts';
import {
  createResourceServer,
  deleteResourceServer,
  getResourceServer,
  listResourceServers,
  updateResourceServer,
} from '../../core/operations/resource-servers.ts';
import {
  parseResourceServerId,
  parseResourceServerUpdate,
  toResourceServerMessage,
} from '../messages/resource-servers.ts';
import { change, type Methods, read } from './method.ts';

export const RESOURCE_SERVER_METHODS: Methods<keyof typeof ResourceServerServiceService> = {
  createResourceServer: change(async (services, call, request) => ({
    resourceServer: toResourceServerMessage(await createResourceServer(services, call, request)),
  })),
  getResourceServer: read(async (services, call, request) => ({
    resourceServer: toResourceServerMessage(await getResourceServer(services, call, parseResourceServerId(request))),
  })),
  listResourceServers: read(async (services, call, request) => {
    const { items, nextPageToken } = await listResourceServers(services, call, request);
    return { resourceServers: items.map(toResourceServerMessage), nextPageToken };
  }),
  updateResourceServer: change(async (services, call, request) => ({
    resourceServer: toResourceServerMessage(
      await updateResourceServer(services, call, parseResourceServerUpdate(request)),
    ),
  })),
  deleteResourceServer: change(async (services, call, request) => {
    await deleteResourceServer(services, call, parseResourceServerId(request));
    return {};
  }),
};
