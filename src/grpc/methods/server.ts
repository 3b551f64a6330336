import type { ServerServiceService } from '../../../gen/ts/symbolon/v1/server_service.ts';
import { getServerStatus } from '../../core/operations/server-status.ts';
import { toServerStatusMessage } from '../messages/server.ts';
import { type Methods, read } from './method.ts';

export const SERVER_METHODS: Methods<keyof typeof ServerServiceService> = {
  getServerStatus: read(async (services, call) => toServerStatusMessage(await getServerStatus(services, call))),
};
