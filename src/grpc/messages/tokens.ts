/** The messages about tokens: getting, reading and ending one, and what is live of somebody. */
import {
  type IssuedTokens as IssuedTokensMessage,
  type IssueRequest as IssueMessage,
  type IssueResponse,
  type ListTokensRequest,
  type RefreshRequest as RefreshMessage,
  type RevokeAllRequest,
  type RevokeRequest as RevokeMessage,
  type TokenFamily,
  TokenKind as TokenKindMessage,
  TokenUse as TokenUseMessage,
} from '../../../gen/ts/symbolon/v1/token_service.ts';
import { SymbolonError } from '../../core/errors.ts';
import { NEVER } from '../../core/lifetimes.ts';
import type { Target, TokenKind, TokenUse } from '../../core/model.ts';
import type { DeviceRef } from '../../core/operations/access.ts';
import type { Credential } from '../../core/operations/credentials.ts';
import type { IssueRequest, PendingLogin } from '../../core/operations/issue.ts';
import type { IssuedTokens } from '../../core/operations/new-tokens.ts';
import type { RefreshRequest } from '../../core/operations/refresh.ts';
import type { RevokeRequest } from '../../core/operations/revoke.ts';
import type { ListedFamily, ListedHolder } from '../../core/operations/tokens.ts';
import { missing, parseId } from './fields.ts';
import { parseFactor } from './second-factors.ts';
import { parseInstant, toTimestamp } from './time.ts';

export const TOKEN_KINDS = {
  USER: TokenKindMessage.USER,
  DEVICE: TokenKindMessage.DEVICE,
  APPLICATION: TokenKindMessage.APPLICATION,
  ADMIN: TokenKindMessage.ADMIN,
  ANONYMOUS: TokenKindMessage.ANONYMOUS,
} as const satisfies Record<TokenKind, TokenKindMessage>;

const USES = {
  access: TokenUseMessage.ACCESS,
  refresh: TokenUseMessage.REFRESH,
} as const satisfies Record<TokenUse, TokenUseMessage>;

export function parseIssueRequest(message: IssueMessage): IssueRequest {
  if (message.credential?.$case === 'secondFactor') {
    requireNoTerms(message, 'the call that answered the mfa_token');
  } else if (message.credential?.$case === 'authorizationCode' || message.credential?.$case === 'deviceCode') {
    requireNoTerms(message, 'the request for authorization');
  }
  return {
    credential: parseCredential(message.credential),
    ...(message.expireTime === undefined ? {} : { expireTime: parseInstant(message.expireTime, 'expire_time') }),
    scopes: message.scopes,
    ...(message.requestId === '' ? {} : { requestId: message.requestId }),
    ...(message.resource === '' ? {} : { resource: message.resource }),
  };
}

/** The terms of a login are those of its first step; others would be ignored without a word. */
function requireNoTerms({ expireTime, scopes, requestId }: IssueMessage, where: string): void {
  const field =
    expireTime !== undefined
      ? 'expire_time'
      : scopes.length > 0
        ? 'scopes'
        : requestId !== ''
          ? 'request_id'
          : undefined;
  if (field !== undefined) {
    throw new SymbolonError('invalid_argument', `${field} belongs to ${where}`);
  }
}

function parseCredential(credential: IssueMessage['credential']): Credential {
  switch (credential?.$case) {
    case undefined:
      throw missing('credential');
    case 'userPassword':
      return { kind: 'user', ...credential.value };
    case 'devicePassword': {
      const { device, password } = credential.value;
      if (device === undefined) {
        throw missing('device');
      }
      return device.$case === 'deviceId'
        ? { kind: 'device', deviceId: device.value, password }
        : { kind: 'device_by_vendor_id', vendorId: device.value, password };
    }
    case 'clientSecret':
      return { kind: 'client', ...credential.value };
    case 'anonymous':
      return { kind: 'anonymous', ...credential.value };
    case 'secondFactor': {
      const { mfaToken, factor } = credential.value;
      return { kind: 'second_factor', mfaToken, factor: parseFactor(factor) };
    }
    case 'authorizationCode': {
      const { code, redirectUri, codeVerifier } = credential.value;
      return {
        kind: 'authorization_code',
        code,
        redirectUri: redirectUri === '' ? undefined : redirectUri,
        codeVerifier: codeVerifier === '' ? undefined : codeVerifier,
      };
    }
    case 'deviceCode':
      return { kind: 'device_code', ...credential.value };
    case 'endNode': {
      const { gatewayToken, device } = credential.value;
      if (device === undefined) {
        throw missing('device');
      }
      const endNode: DeviceRef =
        device.$case === 'deviceId'
          ? { by: 'device_id', deviceId: device.value }
          : { by: 'vendor_id', vendorId: device.value };
      return { kind: 'end_node', gatewayToken, endNode };
    }
  }
}

export function parseRefreshRequest(message: RefreshMessage): RefreshRequest {
  return {
    refreshToken: message.refreshToken,
    ...(message.resource === '' ? {} : { resource: message.resource }),
    ...(message.expireTime === undefined ? {} : { expireTime: parseInstant(message.expireTime, 'expire_time') }),
  };
}

export function parseRevokeRequest({ target, userAccessToken }: RevokeMessage): RevokeRequest {
  const ofUser = userAccessToken === '' ? {} : { userAccessToken };
  switch (target?.$case) {
    case undefined:
      throw missing('target');
    case 'token':
      if (userAccessToken !== '') {
        throw new SymbolonError(
          'invalid_argument',
          'user_access_token must not be set with token: who has a token may end its login',
        );
      }
      return { by: 'token', token: target.value };
    case 'tokenId':
      return { by: 'token_id', tokenId: target.value, ...ofUser };
    case 'familyId':
      return { by: 'family_id', familyId: target.value, ...ofUser };
  }
}

export function toIssueMessage(issued: IssuedTokens | PendingLogin): IssueResponse {
  if (!('mfaToken' in issued)) {
    return { result: { $case: 'tokens', value: toTokensMessage(issued) } };
  }
  const { mfaToken, expireTime } = issued;
  return { result: { $case: 'mfaChallenge', value: { mfaToken, expireTime: toTimestamp(expireTime) } } };
}

export function toTokensMessage(issued: IssuedTokens): IssuedTokensMessage {
  return {
    accessToken: issued.accessToken,
    refreshToken: issued.refreshToken ?? '',
    tokenId: issued.tokenId,
    kind: TOKEN_KINDS[issued.kind],
    subjectId: issued.subjectId,
    familyId: issued.familyId,
    scopes: [...issued.scopes],
    issueTime: toTimestamp(issued.issueTime),
    expireTime: toTimestamp(issued.expireTime),
    refreshExpireTime: issued.refreshExpireTime === null ? undefined : toTimestamp(issued.refreshExpireTime),
  };
}

export function parseHolder({ subject }: ListTokensRequest): ListedHolder {
  switch (subject?.$case) {
    case undefined:
      throw missing('subject');
    case 'userId':
      return { kind: 'user', id: parseId(subject.value, 'user_id') };
    case 'deviceId':
      return { kind: 'device', id: parseId(subject.value, 'device_id') };
    case 'clientId':
      return { kind: 'client', id: parseId(subject.value, 'client_id') };
    case 'accessToken':
      return { kind: 'bearer', accessToken: subject.value };
  }
}

export function parseTarget({ target }: Pick<RevokeAllRequest, 'target'>): Target {
  switch (target?.$case) {
    case undefined:
      throw missing('target');
    case 'userId':
      return { kind: 'user', id: parseId(target.value, 'user_id') };
    case 'deviceId':
      return { kind: 'device', id: parseId(target.value, 'device_id') };
    case 'clientId':
      return { kind: 'client', id: parseId(target.value, 'client_id') };
    case 'tenantId':
      return { kind: 'tenant', id: parseId(target.value, 'tenant_id') };
  }
}

export function toFamilyMessage({ family, tokens, lastUseTime }: ListedFamily): TokenFamily {
  const { familyId, kind, clientId, scopes, issueTime, expireTime, audience } = family;
  return {
    familyId,
    kind: TOKEN_KINDS[kind],
    clientId,
    scopes: [...scopes],
    issueTime: toTimestamp(issueTime),
    expireTime: toTimestamp(expireTime ?? NEVER),
    audience: audience ?? '',
    placeAddress: family.placeAddress ?? '',
    placeAgent: family.placeAgent ?? '',
    lastUseTime: toTimestamp(lastUseTime),
    tokens: tokens.map((token) => ({
      tokenId: token.tokenId,
      use: USES[token.use],
      issueTime: toTimestamp(token.issueTime),
      expireTime: toTimestamp(token.expireTime ?? NEVER),
    })),
  };
}
