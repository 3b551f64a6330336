import type { AccessServiceService } from '../../../gen/ts/symbolon/v1/access_service.ts';
import { batchCheck, check } from '../../core/operations/check.ts';
import { parseCheck, toBatchCheckMessage, toCheckMessage } from '../messages/access.ts';
import { byKnownCaller, type Methods, read } from './method.ts';

/** Each compares what is known of its caller with what it reads, as Introspect does. */
export const ACCESS_METHODS: Methods<keyof typeof AccessServiceService> = {
  check: byKnownCaller(
    read(async (services, call, request) =>
      toCheckMessage(await check(services, call, parseCheck(request), request.atLeastRevision)),
    ),
  ),
  batchCheck: byKnownCaller(
    read(async (services, call, { checks, atLeastRevision }) =>
      toBatchCheckMessage(await batchCheck(services, call, checks.map(parseCheck), atLeastRevision)),
    ),
  ),
};
