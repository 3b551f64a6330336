/** The rows of families and their tokens. */
import type { Change } from '../changes.ts';
import type { Issue, IssuedRecord } from '../commands.ts';
import { familyExpiry } from '../lifetimes.ts';
import type { Family, Instant, Tenant, Token, TokenKind } from '../model.ts';
import type { State } from '../state.ts';
import { forgetFailures } from './login.ts';

export interface BegunFamily {
  readonly changes: readonly Change[];
  readonly outcome: { readonly answer: { readonly issued: IssuedRecord } };
}

/** The rows of a new family. */
export function beginFamily(
  state: State,
  command: Issue,
  tenant: Tenant,
  kind: TokenKind,
  accessExpireTime: Instant,
  now: Instant,
): BegunFamily {
  const withRefresh = tenant.policy.refreshEnabled && kind !== 'ANONYMOUS';
  const family: Family = {
    familyId: command.familyId,
    tenantId: command.tenantId,
    clientId: command.clientId,
    refreshClientId: command.refreshClientId,
    subjectKind: command.subjectKind,
    subjectId: command.subjectId,
    kind,
    scopes: command.scopes,
    generation: 0,
    issueRevision: tenant.revision,
    issueTime: now,
    expireTime: familyExpiry(tenant.policy, accessExpireTime, withRefresh, now),
    revokedRevision: null,
    lastRefresh: null,
  };
  const issued = issuedRecord(family, command.tokens.accessTokenId, now, accessExpireTime, withRefresh);
  const changes: Change[] = [
    { change: 'insert_family', family },
    ...newTokens(family, command.tokens, now, accessExpireTime, withRefresh),
    ...forgetFailures(command.tenantId, command.counters, state.loginFailures),
  ];
  return { changes, outcome: { answer: { issued } } };
}

/** The rows of one generation. Both tokens of it carry the generation that the family has. */
export function newTokens(
  family: Family,
  tokens: Issue['tokens'],
  now: Instant,
  accessExpireTime: Instant,
  withRefresh: boolean,
): Change[] {
  const common = { familyId: family.familyId, generation: family.generation, issueTime: now };
  const access: Token = {
    ...common,
    digest: tokens.accessDigest,
    tokenId: tokens.accessTokenId,
    use: 'access',
    expireTime: accessExpireTime,
  };
  const changes: Change[] = [{ change: 'insert_token', token: access, keepUntil: family.expireTime }];
  if (withRefresh) {
    const refresh: Token = {
      ...common,
      digest: tokens.refreshDigest,
      tokenId: tokens.refreshTokenId,
      use: 'refresh',
      expireTime: family.expireTime,
    };
    changes.push({ change: 'insert_token', token: refresh, keepUntil: family.expireTime });
  }
  return changes;
}

export function issuedRecord(
  family: Family,
  tokenId: string,
  issueTime: Instant,
  expireTime: Instant,
  withRefresh: boolean,
): IssuedRecord {
  return {
    tokenId,
    kind: family.kind,
    subjectId: family.subjectId,
    familyId: family.familyId,
    scopes: family.scopes,
    issueTime,
    expireTime,
    refreshExpireTime: withRefresh ? family.expireTime : null,
  };
}
