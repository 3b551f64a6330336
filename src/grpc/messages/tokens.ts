/** The messages about what is live of somebody, and about ending it. */
import {
  type ListTokensRequest,
  type RevokeAllRequest,
  type TokenFamily,
  TokenUse as TokenUseMessage,
} from '../../../gen/ts/symbolon/v1/directory_service.ts';
import type { Principal } from '../../core/commands.ts';
import type { TokenUse } from '../../core/model.ts';
import type { Holder } from '../../core/operations/directory/tokens.ts';
import type { FamilyListing } from '../../core/store.ts';
import { idOf } from './ids.ts';
import { timestampOf } from './time.ts';
import { missing, TOKEN_KINDS } from './token-service.ts';

const USES = {
  access: TokenUseMessage.ACCESS,
  refresh: TokenUseMessage.REFRESH,
} as const satisfies Record<TokenUse, TokenUseMessage>;

export function holderOf({ subject }: ListTokensRequest): Holder {
  switch (subject?.$case) {
    case undefined:
      throw missing('subject');
    case 'userId':
      return { kind: 'user', id: idOf(subject.value, 'user_id') };
    case 'deviceId':
      return { kind: 'device', id: idOf(subject.value, 'device_id') };
    case 'clientId':
      return { kind: 'client', id: idOf(subject.value, 'client_id') };
  }
}

export function principalOf({ target }: RevokeAllRequest): Principal {
  switch (target?.$case) {
    case undefined:
      throw missing('target');
    case 'userId':
      return { kind: 'user', id: idOf(target.value, 'user_id') };
    case 'deviceId':
      return { kind: 'device', id: idOf(target.value, 'device_id') };
    case 'clientId':
      return { kind: 'client', id: idOf(target.value, 'client_id') };
    case 'tenantId':
      return { kind: 'tenant', id: idOf(target.value, 'tenant_id') };
  }
}

export function familyMessageOf({ family, tokens }: FamilyListing): TokenFamily {
  const { familyId, kind, clientId, scopes, issueTime, expireTime } = family;
  return {
    familyId,
    kind: TOKEN_KINDS[kind],
    clientId,
    scopes: [...scopes],
    issueTime: timestampOf(issueTime),
    expireTime: timestampOf(expireTime),
    tokens: tokens.map((token) => ({
      tokenId: token.tokenId,
      use: USES[token.use],
      issueTime: timestampOf(token.issueTime),
      expireTime: timestampOf(token.expireTime),
    })),
  };
}
