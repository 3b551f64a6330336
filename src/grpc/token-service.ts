/** The methods of symbolon.v1.TokenService. */
import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import {
  IntrospectRequest,
  type IntrospectResponse,
  IssueRequest,
  type IssueResponse,
  RefreshRequest,
  type RefreshResponse,
  RevokeRequest,
  type RevokeResponse,
  TokenServiceService,
} from '../../gen/ts/symbolon/v1/token_service.ts';
import { introspect } from '../core/operations/introspect.ts';
import { issue } from '../core/operations/issue.ts';
import { refresh } from '../core/operations/refresh.ts';
import { revoke } from '../core/operations/revoke.ts';
import {
  introspectionMessageOf,
  introspectRequestOf,
  issueMessageOf,
  issueRequestOf,
  refreshRequestOf,
  revokeRequestOf,
  tokensMessageOf,
} from './messages/token-service.ts';
import { type CallContext, lenient, type Method, unary } from './unary.ts';

const ISSUE: Method<IssueRequest, IssueResponse> = {
  name: 'Issue',
  logLevel: 'info',
  run: async (services, call, request) => issueMessageOf(await issue(services, call, issueRequestOf(request))),
};

const REFRESH: Method<RefreshRequest, RefreshResponse> = {
  name: 'Refresh',
  logLevel: 'info',
  run: async (services, call, request) => ({
    tokens: tokensMessageOf(await refresh(services, call, refreshRequestOf(request))),
  }),
};

const INTROSPECT: Method<IntrospectRequest, IntrospectResponse> = {
  name: 'Introspect',
  // Thousands a second, and they change nothing.
  logLevel: 'debug',
  takesKnownCaller: true,
  run: async (services, call, request) =>
    introspectionMessageOf(await introspect(services, call, introspectRequestOf(request))),
};

const REVOKE: Method<RevokeRequest, RevokeResponse> = {
  name: 'Revoke',
  logLevel: 'info',
  run: (services, call, request) => revoke(services, call, revokeRequestOf(request)),
};

/** The service as grpc-js takes it, with decoders that let malformed messages be refused instead of failing. */
export const tokenServiceDefinition = {
  ...TokenServiceService,
  issue: { ...TokenServiceService.issue, requestDeserialize: lenient<IssueRequest>(IssueRequest) },
  refresh: { ...TokenServiceService.refresh, requestDeserialize: lenient<RefreshRequest>(RefreshRequest) },
  introspect: { ...TokenServiceService.introspect, requestDeserialize: lenient<IntrospectRequest>(IntrospectRequest) },
  revoke: { ...TokenServiceService.revoke, requestDeserialize: lenient<RevokeRequest>(RevokeRequest) },
};

export function tokenServiceHandlers(context: CallContext): UntypedServiceImplementation {
  return {
    issue: unary(context, ISSUE),
    refresh: unary(context, REFRESH),
    introspect: unary(context, INTROSPECT),
    revoke: unary(context, REVOKE),
  };
}
