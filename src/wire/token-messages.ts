/** The messages of TokenService, to the requests of the operations and from their answers. */
import {
  type IntrospectRequest as IntrospectMessage,
  type IntrospectResponse,
  type IssuedTokens as IssuedTokensMessage,
  type IssueRequest as IssueMessage,
  type RefreshRequest as RefreshMessage,
  type RevokeRequest as RevokeMessage,
  TokenKind as TokenKindMessage,
} from '../../gen/ts/symbolon/v1/token_service.ts';
import { SymbolonError } from '../core/errors.ts';
import type { TokenKind } from '../core/model.ts';
import type { Introspection, IntrospectRequest } from '../core/operations/introspect.ts';
import type { Credential, IssueRequest } from '../core/operations/issue.ts';
import type { IssuedTokens } from '../core/operations/new-tokens.ts';
import type { RefreshRequest } from '../core/operations/refresh.ts';
import type { RevokeRequest } from '../core/operations/revoke.ts';
import { instantOf, stalenessOf, timestampOf } from './time.ts';

const KINDS = {
  USER: TokenKindMessage.USER,
  DEVICE: TokenKindMessage.DEVICE,
  APPLICATION: TokenKindMessage.APPLICATION,
  ADMIN: TokenKindMessage.ADMIN,
  ANONYMOUS: TokenKindMessage.ANONYMOUS,
} as const satisfies Record<TokenKind, TokenKindMessage>;

function missing(field: string): SymbolonError {
  return new SymbolonError('invalid_argument', `${field} is missing`);
}

export function issueRequestOf(message: IssueMessage): IssueRequest {
  return {
    credential: credentialOf(message.credential),
    ...(message.expireTime === undefined ? {} : { expireTime: instantOf(message.expireTime, 'expire_time') }),
    scopes: message.scopes,
    ...(message.requestId === '' ? {} : { requestId: message.requestId }),
  };
}

/** Nearly all callers say nothing about staleness, so nearly always the message is the request as it is. */
export function introspectRequestOf(message: IntrospectMessage): IntrospectRequest {
  const { token, atLeastRevision, maxStaleness } = message;
  return maxStaleness === undefined
    ? message
    : { token, atLeastRevision, maxStalenessMs: stalenessOf(maxStaleness, 'max_staleness') };
}

function credentialOf(credential: IssueMessage['credential']): Credential {
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
  }
}

export function refreshRequestOf(message: RefreshMessage): RefreshRequest {
  return {
    refreshToken: message.refreshToken,
    ...(message.expireTime === undefined ? {} : { expireTime: instantOf(message.expireTime, 'expire_time') }),
  };
}

export function revokeRequestOf({ target }: RevokeMessage): RevokeRequest {
  switch (target?.$case) {
    case undefined:
      throw missing('target');
    case 'token':
      return { by: 'token', token: target.value };
    case 'tokenId':
      return { by: 'token_id', tokenId: target.value };
    case 'familyId':
      return { by: 'family_id', familyId: target.value };
  }
}

export function tokensMessageOf(issued: IssuedTokens): IssuedTokensMessage {
  return {
    accessToken: issued.accessToken,
    refreshToken: issued.refreshToken ?? '',
    tokenId: issued.tokenId,
    kind: KINDS[issued.kind],
    subjectId: issued.subjectId,
    familyId: issued.familyId,
    scopes: [...issued.scopes],
    issueTime: timestampOf(issued.issueTime),
    expireTime: timestampOf(issued.expireTime),
    refreshExpireTime: issued.refreshExpireTime === null ? undefined : timestampOf(issued.refreshExpireTime),
  };
}

/** A token that is not live is described by nothing but the revision. */
export function introspectionMessageOf(introspection: Introspection): IntrospectResponse {
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
    };
  }
  return {
    active: true,
    tokenId: introspection.tokenId,
    kind: KINDS[introspection.kind],
    tenantId: introspection.tenantId,
    clientId: introspection.clientId,
    subjectId: introspection.subjectId,
    scopes: introspection.scopes as string[],
    issueTime: timestampOf(introspection.issueTime),
    expireTime: timestampOf(introspection.expireTime),
    familyId: introspection.familyId,
    revision: introspection.revision,
  };
}
