/** The messages about resource servers. */
import type {
  ResourceServer as ResourceServerMessage,
  UpdateResourceServerRequest,
} from '../../../gen/ts/symbolon/v1/resource_server_service.ts';
import type { ResourceServerUpdate } from '../../core/operations/resource-servers.ts';
import type { ResourceServer } from '../../core/tables/resource-servers.ts';
import { parseId } from './fields.ts';
import { parsePaths } from './masks.ts';
import { toTimestamp } from './time.ts';

export function parseResourceServerId({ resourceServerId }: { readonly resourceServerId: string }): string {
  return parseId(resourceServerId, 'resource_server_id');
}

export function parseResourceServerUpdate(message: UpdateResourceServerRequest): ResourceServerUpdate {
  const { displayName, scopes, clientIds } = message;
  const paths = parsePaths(message.updateMask, ['display_name', 'scopes', 'client_ids']);
  return {
    resourceServerId: parseResourceServerId(message),
    ...(paths.has('display_name') ? { displayName } : {}),
    ...(paths.has('scopes') ? { scopes } : {}),
    ...(paths.has('client_ids') ? { clientIds } : {}),
  };
}

export function toResourceServerMessage(server: ResourceServer): ResourceServerMessage {
  const { resourceServerId, tenantId, displayName, scopes, clientIds, createTime } = server;
  return {
    resourceServerId,
    tenantId,
    displayName,
    scopes: [...scopes],
    clientIds: [...clientIds],
    createTime: toTimestamp(createTime),
  };
}
