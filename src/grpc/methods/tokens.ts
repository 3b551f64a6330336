import { listTokens, revokeAll } from '../../core/operations/directory/tokens.ts';
import { introspect } from '../../core/operations/introspect.ts';
import { issue } from '../../core/operations/issue.ts';
import { refresh } from '../../core/operations/refresh.ts';
import { revoke } from '../../core/operations/revoke.ts';
import {
  familyMessageOf,
  holderOf,
  introspectionMessageOf,
  introspectRequestOf,
  issueMessageOf,
  issueRequestOf,
  principalOf,
  refreshRequestOf,
  revokeRequestOf,
  tokensMessageOf,
} from '../messages/tokens.ts';
import { change, type Methods, read } from './method.ts';

/** Of TokenService: what is done with one token. */
export const TOKEN_METHODS: Methods<'issue' | 'refresh' | 'introspect' | 'revoke'> = {
  issue: change(async (services, call, request) =>
    issueMessageOf(await issue(services, call, issueRequestOf(request))),
  ),
  refresh: change(async (services, call, request) => ({
    tokens: tokensMessageOf(await refresh(services, call, refreshRequestOf(request))),
  })),
  // Thousands a second, and they change nothing.
  introspect: {
    ...read(async (services, call, request) =>
      introspectionMessageOf(await introspect(services, call, introspectRequestOf(request))),
    ),
    takesKnownCaller: true,
  },
  revoke: change((services, call, request) => revoke(services, call, revokeRequestOf(request))),
};

/** Of DirectoryService: what is live of somebody, and its end. */
export const LIVE_TOKEN_METHODS: Methods<'listTokens' | 'revokeAll'> = {
  listTokens: read(async (services, call, request) => {
    const { items, nextPageToken } = await listTokens(services, call, holderOf(request), request);
    return { families: items.map(familyMessageOf), nextPageToken };
  }),
  revokeAll: change((services, call, request) => revokeAll(services, call, principalOf(request))),
};
