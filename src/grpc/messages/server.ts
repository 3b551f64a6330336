import { type GetServerStatusResponse, StoreEngine } from '../../../gen/ts/symbolon/v1/server_service.ts';
import type { BoundedCount, ServerStatus } from '../../core/operations/server-status.ts';
import { toTimestamp } from './time.ts';

const ENGINES = { sqlite: StoreEngine.SQLITE, postgres: StoreEngine.POSTGRES } as const;

export function toServerStatusMessage({ server, ...status }: ServerStatus): GetServerStatusResponse {
  const time = (instant: number | undefined) => (instant === undefined ? undefined : toTimestamp(instant));
  return {
    version: server?.version ?? '',
    startTime: time(server?.startTime),
    certificateEndTime: time(server?.certificateEnd),
    storeEngine: status.engine === undefined ? StoreEngine.UNSPECIFIED : ENGINES[status.engine],
    schemaVersion: status.schema,
    readable: status.isReadable,
    writable: status.isWritable,
    walBytes: status.walBytes,
    nodes: status.nodes,
    tenants: toBoundedCount(status.tenants),
    clients: toBoundedCount(status.clients),
    users: toBoundedCount(status.users),
    devices: toBoundedCount(status.devices),
    logins: toBoundedCount(status.logins),
    pendingMessages: toBoundedCount(status.pendingMessages),
    oldestPendingTime: time(status.oldestPending),
  };
}

function toBoundedCount({ count, isMore }: BoundedCount) {
  return { count, more: isMore };
}
