import type { TagVerdict } from '../commands/refresh.ts';
import { isKnown } from '../commands/revoke.ts';
import { SymbolonError, TAG_KEY_CLOSED, TAG_KEY_LOST } from '../errors.ts';
import type { Digest } from '../model.ts';
import { MAX_ID, MAX_TOKEN } from '../names.ts';
import { isPermitted, operatorsRight, type Permission, requirePermission } from '../permissions.ts';
import { one } from '../plan.ts';
import type { Revoked } from '../rules/revoking.ts';
import { digestOf } from '../secrets.ts';
import type { Services } from '../services/services.ts';
import { FAMILY } from '../tables/families.ts';
import { familyOfTokenId, isFamilyId, parseToken } from '../token-form.ts';
import { besideUser, requireUser } from './access.ts';
import type { Call } from './authenticate.ts';
import { authenticateAgain } from './machine-operator.ts';
import { presentedFacts } from './notes.ts';
import { perform } from './perform.ts';
import { requireText } from './validate.ts';

export type RevokeRequest = PresentedToken | NamedLogin;

interface PresentedToken {
  readonly by: 'token';
  readonly token: string;
  /** Whether it must have been issued to the caller; otherwise who holds it may end it. */
  readonly isOwnOnly?: true;
}

type NamedLogin = (
  | { readonly by: 'token_id'; readonly tokenId: string }
  | { readonly by: 'family_id'; readonly familyId: string }
) & {
  /** Of the user who ends a login of its own, whichever client that came by. */
  readonly userAccessToken?: string | undefined;
};

/** Ends a family. Answers the revision that knows it; an unknown or dead target is answered too (RFC 7009 section 2.2). */
export async function revoke(services: Services, call: Call, request: RevokeRequest): Promise<Revoked> {
  call.notes?.note({ event: 'revoke' });
  if (request.by === 'token') {
    return revokeByToken(services, call, request);
  }
  const { userAccessToken } = request;
  return userAccessToken === undefined
    ? revokeById(services, call, request)
    : revokeOwn(services, call, userAccessToken, request);
}

/** Any token of the login, also an old one or one that has expired. */
async function revokeByToken(services: Services, call: Call, asked: PresentedToken): Promise<Revoked> {
  const { token: text, isOwnOnly } = asked;
  requirePermission(call.caller, 'revoke_token');
  requireText(text, 'token', MAX_TOKEN);
  const token = parseToken(text);
  if (token !== undefined && call.caller.operator !== undefined) {
    return revokeAsOperator(services, call, token.familyId);
  }
  const tag = token === undefined ? 'made_up' : await services.tagKeys.judge(token);
  if (token === undefined || tag === 'made_up') {
    return unknown(services, call);
  }
  const { tenantId, clientId } = call.caller;
  const { familyId } = token;
  call.notes?.note(presentedFacts(services, token));
  const presented = { digest: digestOf(text), tag };
  if (tag !== 'genuine') {
    // Looked at without a lock first: anybody can make up tokens of a key that is lost.
    await requireKnown(services, tenantId, familyId, presented);
  }
  const own = isOwnOnly ? { onlyClientId: clientId } : {};
  return perform(services, call, 'revoke_token', { kind: 'revoke', tenantId, familyId, presented, ...own });
}

/** The operator on the machine may end any login, so that its token need not be proven, nor its tenant be named. */
async function revokeAsOperator(services: Services, call: Call, familyId: string): Promise<Revoked> {
  const named = call.caller.tenantId;
  const found = named === '' ? (await services.store.readFamily(null, familyId)).reading?.family.tenantId : named;
  if (found === undefined) {
    return unknown(services, call);
  }
  return perform(services, call, 'revoke_any', { kind: 'revoke', tenantId: found, familyId });
}

async function requireKnown(
  { store }: Services,
  tenantId: string,
  familyId: string,
  { digest, tag }: { readonly digest: Digest; readonly tag: TagVerdict },
): Promise<void> {
  const { family } = await store.read({ family: one(FAMILY, { familyId, tenantId }) });
  if (family !== undefined && !isKnown(family, digest)) {
    throw SymbolonError.of(tag === 'unreadable' ? TAG_KEY_CLOSED : TAG_KEY_LOST);
  }
}

/** By the user itself: of another's login it learns nothing, not even that there is one. */
async function revokeOwn(services: Services, call: Call, accessToken: string, request: NamedLogin): Promise<Revoked> {
  requireText(accessToken, 'user_access_token', MAX_TOKEN);
  const { subject, permission, call: acting } = await requireUser(services, call, { by: 'access_token', accessToken });
  const familyId = familyOf(request);
  if (familyId === undefined) {
    return unknown(services, call);
  }
  const { tenantId, subjectId: onlyUserId } = subject;
  return besideUser(services, call, accessToken, () =>
    perform(services, acting, permission, { kind: 'revoke', tenantId, familyId, onlyUserId }),
  );
}

async function revokeById(services: Services, call: Call, request: NamedLogin): Promise<Revoked> {
  requirePermission(call.caller, 'revoke_own');
  const familyId = familyOf(request);
  if (familyId === undefined) {
    return unknown(services, call);
  }
  const { tenantId, clientId } = call.caller;
  const permission: Permission = isPermitted(call.caller, 'revoke_any') ? 'revoke_any' : 'revoke_own';
  const ownOnly = permission === 'revoke_any' ? {} : { onlyClientId: clientId };
  const needed = [permission, ...operatorsRight(call.caller)];
  return perform(services, call, needed, { kind: 'revoke', tenantId, familyId, ...ownOnly });
}

/** Undefined for what can be no id. */
function familyOf(request: NamedLogin): string | undefined {
  if (request.by === 'token_id') {
    requireText(request.tokenId, 'token_id', MAX_ID);
    return familyOfTokenId(request.tokenId);
  }
  requireText(request.familyId, 'family_id', MAX_ID);
  return isFamilyId(request.familyId) ? request.familyId : undefined;
}

async function unknown(services: Services, call: Call): Promise<Revoked> {
  const { revision } = await authenticateAgain(services, call);
  return { revision, revoked: false };
}
