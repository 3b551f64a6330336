import type { TokenServiceService } from '../../../gen/ts/symbolon/v1/token_service.ts';
import { batchIntrospect } from '../../core/operations/batch-introspect.ts';
import { countLogins } from '../../core/operations/count-logins.ts';
import { describeToken } from '../../core/operations/describe-token.ts';
import { beginDeviceAuthorization, requireIssuer } from '../../core/operations/device-authorization.ts';
import { introspect, introspectNow } from '../../core/operations/introspect.ts';
import { issue } from '../../core/operations/issue.ts';
import { refresh } from '../../core/operations/refresh.ts';
import { revoke } from '../../core/operations/revoke.ts';
import { listTokens, revokeAll } from '../../core/operations/tokens.ts';
import { toDeviceAuthorizationMessage } from '../messages/device-authorizations.ts';
import {
  parseBatchRequest,
  parseIntrospectRequest,
  toBatchMessage,
  toDescriptionMessage,
  toIntrospectionMessage,
} from '../messages/introspections.ts';
import {
  parseHolder,
  parseIssueRequest,
  parseRefreshRequest,
  parseRevokeRequest,
  parseTarget,
  toFamilyMessage,
  toIssueMessage,
  toTokensMessage,
} from '../messages/tokens.ts';
import { byKnownCaller, change, ending, type Methods, read, type UnaryOf } from './method.ts';

/** Of TokenService: what is done with one token. Each compares what is known of its caller with what it reads or writes. */
export const TOKEN_METHODS: Methods<UnaryOf<typeof TokenServiceService>> = {
  issue: byKnownCaller(
    change(async (services, call, request) => toIssueMessage(await issue(services, call, parseIssueRequest(request)))),
  ),
  beginDeviceAuthorization: change(async (services, call, { scopes, resource }) => {
    const issuer = requireIssuer(services, call);
    const asked = { scopes, resource: resource === '' ? undefined : resource };
    return toDeviceAuthorizationMessage(
      await beginDeviceAuthorization(services, call, asked),
      issuer,
      services.clock(),
    );
  }),
  refresh: byKnownCaller(
    change(async (services, call, request) => ({
      tokens: toTokensMessage(await refresh(services, call, parseRefreshRequest(request))),
    })),
  ),
  introspect: {
    ...byKnownCaller(
      read(async (services, call, request) =>
        toIntrospectionMessage(await introspect(services, call, parseIntrospectRequest(request))),
      ),
    ),
    runNow: (services, call, request) => {
      const answer = introspectNow(services, call, parseIntrospectRequest(request));
      return answer && toIntrospectionMessage(answer);
    },
  },
  batchIntrospect: byKnownCaller(
    read(async (services, call, request) =>
      toBatchMessage(await batchIntrospect(services, call, parseBatchRequest(request))),
    ),
  ),
  revoke: byKnownCaller(ending((services, call, request) => revoke(services, call, parseRevokeRequest(request)))),
  describeToken: read(async (services, call, { accessToken }) =>
    toDescriptionMessage(await describeToken(services, call, accessToken)),
  ),
  listTokens: read(async (services, call, request) => {
    const { items, nextPageToken } = await listTokens(services, call, parseHolder(request), request);
    return { families: items.map(toFamilyMessage), nextPageToken };
  }),
  countLogins: read(async (services, call, request) => {
    const { logins, isMore } = await countLogins(services, call, parseTarget(request));
    return { logins, more: isMore };
  }),
  revokeAll: ending((services, call, request) => revokeAll(services, call, parseTarget(request))),
};
