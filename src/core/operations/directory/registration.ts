/** What registering a user and registering a device have in common. */
import type { FirstTokens } from '../../directory-commands.ts';
import { SymbolonError } from '../../errors.ts';
import { familyId, ID_BYTES } from '../../ids.ts';
import type { Instant, Subject } from '../../model.ts';
import { isPermitted, requirePermission } from '../../permissions.ts';
import type { TokenPair } from '../../seal.ts';
import type { Services } from '../../services.ts';
import type { Call } from '../authenticate.ts';
import { type IssuedTokens, issuedTokens, makePair } from '../new-tokens.ts';
import { requireScopes } from '../validate.ts';

/** What kind of tokens a new subject shall have. */
export interface TokenWish {
  readonly scopes: readonly string[];
  readonly expireTime?: Instant;
}

export interface Registered {
  readonly subject: Subject;
  /** When they were asked for. */
  readonly tokens: IssuedTokens | undefined;
}

/** Whether people may register themselves is the tenant's policy; an admin may always. */
export async function requireRegistration({ store }: Services, { caller }: Call): Promise<void> {
  requirePermission(caller, 'register');
  if (isPermitted(caller, 'manage_subjects')) {
    return;
  }
  const tenant = await store.readTenant(caller.tenantId);
  if (tenant?.policy.selfRegistration !== true) {
    throw new SymbolonError('permission_denied', 'The tenant lets nobody register themselves');
  }
}

export function requireAdminFor({ caller }: Call, isAsked: boolean, what: string): void {
  if (isAsked && !isPermitted(caller, 'manage_subjects')) {
    throw new SymbolonError('permission_denied', `Only an admin sets ${what}`);
  }
}

/** The tokens that a registration asks for, as its command takes them. */
export function wantedTokens(
  { random }: Services,
  { caller }: Call,
  kind: Subject['kind'],
  wish: TokenWish | undefined,
): { issue: { issue: FirstTokens }; pair: TokenPair } | undefined {
  if (wish === undefined) {
    return undefined;
  }
  const { pair, tokens } = makePair(random, kind === 'user' ? 'USER' : 'DEVICE');
  const { clientId } = caller;
  const issue: FirstTokens = {
    clientId,
    refreshClientId: clientId,
    scopes: requireScopes(wish.scopes),
    ...(wish.expireTime === undefined ? {} : { expireTime: wish.expireTime }),
    familyId: familyId(random(ID_BYTES)),
    tokens,
  };
  return { issue: { issue }, pair };
}

export function registered(
  { subject, issued }: { readonly subject: Subject; readonly issued?: Parameters<typeof issuedTokens>[0] },
  pair: TokenPair | undefined,
): Registered {
  return { subject, tokens: issued === undefined || pair === undefined ? undefined : issuedTokens(issued, pair) };
}
