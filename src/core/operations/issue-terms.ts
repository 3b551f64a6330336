/** What a login is asked for besides its credential. */
import type { Issue } from '../commands/issue.ts';
import { SymbolonError } from '../errors.ts';
import type { Instant } from '../model.ts';
import { MAX_ID } from '../names.ts';
import { isForPages } from '../rules/audiences.ts';
import { UNKNOWN_TARGET } from '../rules/resource-servers.ts';
import type { Services } from '../services/services.ts';
import type { Call } from './authenticate.ts';
import type { Credential, Proven } from './credentials.ts';
import { requestOf, sealPair } from './kept-answers.ts';
import type { TokenPair } from './pair.ts';

interface Terms {
  readonly credential: Credential;
  readonly resource?: string | undefined;
}

export interface Asked {
  readonly expireTime?: Instant;
  readonly requestId?: string;
  readonly scopes: readonly string[];
  readonly audience?: string;
}

/** Whom a token is for that others ask for: the transaction tells whether there is such a resource server. */
export function requireTarget({ credential, resource }: Terms): void {
  if (resource === undefined) {
    return;
  }
  if (credential.kind === 'second_factor' || credential.kind === 'end_node') {
    throw new SymbolonError('invalid_argument', 'resource must not be set for this credential: leave it out');
  }
  if (resource.length > MAX_ID || isForPages(resource)) {
    throw SymbolonError.of(UNKNOWN_TARGET);
  }
}

export function keptRequest(
  services: Services,
  call: Call,
  { requestId, expireTime, scopes, audience }: Asked,
  { clientId, subjectId, tokenKind }: Proven,
  pair: TokenPair,
): Pick<Issue, 'request'> {
  if (requestId === undefined) {
    return {};
  }
  // Without one as it always was: answers that are kept are found by it.
  const target = audience === undefined ? [] : [audience];
  const asked = JSON.stringify([clientId, subjectId, tokenKind, expireTime ?? null, scopes, ...target]);
  return { request: { ...requestOf(call, requestId, asked), box: sealPair(services, call, requestId, pair) } };
}
