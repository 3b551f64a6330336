/** The messages about what a token is: of Introspect and BatchIntrospect. */
import {
  type BatchIntrospectRequest as BatchIntrospectMessage,
  type BatchIntrospectResponse,
  type DescribeTokenResponse,
  type IntrospectRequest as IntrospectMessage,
  type IntrospectResponse,
  TokenKind as TokenKindMessage,
} from '../../../gen/ts/symbolon/v1/token_service.ts';
import { SymbolonError } from '../../core/errors.ts';
import type { BatchIntrospectRequest } from '../../core/operations/batch-introspect.ts';
import type { Introspection, IntrospectRequest, LiveToken } from '../../core/operations/introspect.ts';
import { parseStaleness, toDuration, toTimestamp } from './time.ts';
import { TOKEN_KINDS } from './tokens.ts';

/** Nearly all callers say nothing about staleness, so nearly always the message is the request as it is. */
export function parseIntrospectRequest(message: IntrospectMessage): IntrospectRequest {
  const { token, atLeastRevision, maxStaleness } = message;
  return maxStaleness === undefined
    ? message
    : { token, atLeastRevision, maxStalenessMs: parseStaleness(maxStaleness, 'max_staleness') };
}

export function parseBatchRequest(message: BatchIntrospectMessage): BatchIntrospectRequest {
  const { tokens, atLeastRevision, maxStaleness } = message;
  return maxStaleness === undefined
    ? message
    : { tokens, atLeastRevision, maxStalenessMs: parseStaleness(maxStaleness, 'max_staleness') };
}

/** A token that is not live is described by nothing but the revision. */
export function toIntrospectionMessage(introspection: Introspection): IntrospectResponse {
  if (!introspection.active) {
    return {
      active: false,
      tokenId: '',
      kind: TokenKindMessage.UNSPECIFIED,
      tenantId: '',
      clientId: '',
      subjectId: '',
      scopes: [],
      issueTime: undefined,
      expireTime: undefined,
      familyId: '',
      revision: introspection.revision,
      timeToLive: undefined,
      audience: '',
      consentId: '',
    };
  }
  return {
    active: true,
    tokenId: introspection.tokenId,
    kind: TOKEN_KINDS[introspection.kind],
    tenantId: introspection.tenantId,
    clientId: introspection.clientId,
    subjectId: introspection.subjectId,
    scopes: introspection.scopes as string[],
    issueTime: toTimestamp(introspection.issueTime),
    expireTime: toTimestamp(introspection.expireTime),
    familyId: introspection.familyId,
    revision: introspection.revision,
    timeToLive: toDuration(introspection.timeToLiveMs),
    audience: introspection.audience ?? '',
    consentId: introspection.consentId ?? '',
  };
}

/** Without its tenant, which is the caller's, and without a revision: nobody keeps this answer. */
export function toDescriptionMessage(token: LiveToken): DescribeTokenResponse {
  const { tokenId, kind, clientId, subjectId, scopes, issueTime, expireTime, familyId, timeToLiveMs, audience } = token;
  return {
    tokenId,
    kind: TOKEN_KINDS[kind],
    clientId,
    subjectId,
    scopes: [...scopes],
    issueTime: toTimestamp(issueTime),
    expireTime: toTimestamp(expireTime),
    familyId,
    timeToLive: toDuration(timeToLiveMs),
    audience: audience ?? '',
  };
}

/** What clients take by default, and the most that the server sends. */
const MAX_ANSWER_BYTES = 4 * 1_024 * 1_024;
/** Of an answer: its ids, of 128 characters at most, its times and numbers. */
const MAX_BYTES_WITHOUT_SCOPES = 700;
/** Of a scope: what tells that it is one, and its length. */
const MAX_SCOPE_FRAME_BYTES = 3;

/** Throws `invalid_argument` where the answers are too long for one message. */
export function toBatchMessage(introspections: readonly Introspection[]): BatchIntrospectResponse {
  const bytes = introspections.reduce((sum, each) => sum + mostBytesOf(each), 0);
  if (bytes > MAX_ANSWER_BYTES) {
    throw new SymbolonError(
      'invalid_argument',
      `tokens have so many scopes that their answers are longer than ${MAX_ANSWER_BYTES} bytes. Send fewer tokens`,
    );
  }
  return { answers: introspections.map(toIntrospectionMessage) };
}

function mostBytesOf(introspection: Introspection): number {
  let bytes = MAX_BYTES_WITHOUT_SCOPES;
  bytes += introspection.active ? (introspection.audience?.length ?? 0) : 0;
  for (const scope of introspection.active ? introspection.scopes : []) {
    bytes += scope.length + MAX_SCOPE_FRAME_BYTES;
  }
  return bytes;
}
