/** Signing in on the pages of authorization: a login like every other, whose token a browser keeps in a cookie. */
import { requirePermission } from '../permissions.ts';
import { PAGES_AUDIENCE } from '../rules/audiences.ts';
import { digestOf } from '../secrets.ts';
import { readSingleUse } from '../services/lookups.ts';
import type { Services } from '../services/services.ts';
import type { Subject } from '../tables/subjects.ts';
import { findUser } from './access.ts';
import { authenticateTokenHolder, type Call, type Caller } from './authenticate.ts';
import { issueForAudience, type PendingLogin } from './issue.ts';
import type { IssuedTokens } from './new-tokens.ts';
import { completeLogin, type GivenFactor } from './prove-second-factor.ts';
import { revoke } from './revoke.ts';
import { type NewUser, registerUser } from './users.ts';

/** Who is signed in, and the calls that are made in that user's name. */
export interface SignedIn {
  readonly user: Subject;
  readonly call: Call;
}

/** `call`: the tenant's public client, here and below. */
export function signIn(
  services: Services,
  call: Call,
  { username, password }: { readonly username: string; readonly password: string },
): Promise<IssuedTokens | PendingLogin> {
  call.notes?.note({ event: 'login', credential: 'user_password' });
  requirePermission(call.caller, 'issue');
  return issueForAudience(services, call, { kind: 'user', username, password }, PAGES_AUDIENCE);
}

export function completeSignIn(
  services: Services,
  call: Call,
  step: { readonly mfaToken: string; readonly factor: GivenFactor },
): Promise<IssuedTokens> {
  call.notes?.note({ event: 'login', credential: 'second_factor' });
  requirePermission(call.caller, 'issue');
  return completeLogin(services, call, step, { onPages: true });
}

/** Whether the first step of a sign-in can still be followed by the second. */
export async function isSignInPending(
  { store, clock }: Services,
  { caller }: Call,
  mfaToken: string,
): Promise<boolean> {
  const pending = await readSingleUse(store, caller.tenantId, 'second_factor', digestOf(mfaToken));
  return pending !== undefined && pending.familyId === null && pending.expireTime > clock();
}

/** Registers somebody, who is signed in by that. `requestId`: of the form, so that a form that is sent twice makes one user. */
export async function signUp(
  services: Services,
  call: Call,
  user: Pick<NewUser, 'loginName' | 'email' | 'displayName'> & { readonly password: string },
  requestId: string,
): Promise<{ readonly user: Subject; readonly accessToken: string }> {
  const withTokens = { scopes: [], audience: PAGES_AUDIENCE, requestId };
  const { subject, tokens } = await registerUser(services, call, { ...user, withTokens });
  if (tokens === undefined) {
    throw new Error('a user was registered without the tokens that were asked for');
  }
  return { user: subject, accessToken: tokens.accessToken };
}

/** Undefined for a token that has ended, is of another tenant, or is for anything else. */
export async function findSignedIn(services: Services, call: Call, token: string): Promise<SignedIn | undefined> {
  const { tenantId } = call.caller;
  const caller = await authenticateTokenHolder(services, tenantId, token, call.notes, { audience: PAGES_AUDIENCE });
  if (caller === undefined || !isOwnLogin(caller)) {
    return undefined;
  }
  const own = { ...call, caller };
  tellVisit(services, caller);
  const { subject } = await findUser(services, own, { by: 'user_id', userId: caller.subject.id });
  return { user: subject, call: own };
}

/** Nobody waits for it: a visit that was not written is told again with the next page. */
function tellVisit({ store, visits }: Services, { proof }: Caller): void {
  if (proof.by !== 'token' || !visits.isDue(proof.familyId)) {
    return;
  }
  const { familyId } = proof;
  store.execute({ kind: 'note_visit', familyId, authority: 'server' }).catch(() => visits.forget(familyId));
}

/** What a user let another client have signs nobody in here, whatever audience it has. */
function isOwnLogin(caller: Caller): caller is Caller & { readonly subject: NonNullable<Caller['subject']> } {
  return caller.subject?.kind === 'user' && caller.clientId === caller.tenantId;
}

/** Ends the login, and so the token of the cookie, wherever else it is. */
export async function signOut(services: Services, call: Call, token: string): Promise<void> {
  await revoke(services, call, { by: 'token', token });
}
