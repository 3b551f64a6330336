/** Whether the bearer of a request's token may do something with what the request is about: what every `requirePermission` asks. */
import { type Names, requireOption } from '../../../client/src/internal.ts';
import { type Access, checkPermissionName, checkQuestion, type Permission, type Target } from '../access.ts';
import type { Caller } from '../caller.ts';
import { checkGuardOptions, type GuardOptions, isCaller, isFor, readBearer } from './admit.ts';
import { Refusal, unknownBy } from './refusals.ts';

/** What a requirement of a permission needs of a Verifier. */
export interface PermissionChecker {
  checkPermission(token: string, permission: Permission, target: Target): Access | Promise<Access>;
}

/** Answers the caller, or why there is none. It fails as `target` does, and where that is no target. */
export type AdmitPermission = (
  authorization: readonly string[],
  target: () => Target | Promise<Target>,
  realm?: string,
) => Promise<Caller | Refusal>;

const NAMES: Names<GuardOptions> = { realm: true, audience: true };
/** What the user, or the token, must be granted more for (RFC 6750 section 3.1). */
const TOO_LITTLE: readonly string[] = ['SCOPE_MISSING', 'NO_CONSENT'];

/** @throws SymbolonError when an option is wrong */
export function admitPermission(
  checker: PermissionChecker,
  permission: Permission,
  target: unknown,
  options: GuardOptions,
): AdmitPermission {
  requireOption(typeof checker?.checkPermission === 'function', 'verifier must be a Verifier');
  checkPermissionName(permission);
  requireOption(target === undefined || typeof target === 'function', 'target must be a function of the request');
  checkGuardOptions(options, NAMES);
  return async (authorization, targetOf, realm = options.realm) => {
    const { token, wrong } = readBearer(authorization);
    if (token === undefined) {
      return new Refusal(wrong, { realm });
    }
    const asked = await targetOf();
    // A wrong target is a fault of the service and not of the request. It is never taken for that of the token.
    checkQuestion(permission, asked);
    let access: unknown;
    try {
      access = await checker.checkPermission(token, permission, asked);
    } catch (error) {
      return unknownBy(error);
    }
    return outcomeOf(access, { ...options, realm });
  };
}

function outcomeOf(access: unknown, options: { readonly realm?: string | undefined; readonly audience?: string }) {
  const { allowed, reason, caller } = Object(access) as Partial<Access>;
  const { realm } = options;
  if (allowed === true && isCaller(caller)) {
    return isFor(caller, options) ? caller : new Refusal('invalid_token', { realm });
  }
  if (allowed !== false || typeof reason !== 'string') {
    // Of a verifier that somebody wrote by hand. Nobody knows what it means.
    return new Refusal('unknown', {});
  }
  if (reason === 'TOKEN_NOT_LIVE' || (isCaller(caller) && !isFor(caller, options))) {
    return new Refusal('invalid_token', { realm });
  }
  return new Refusal(TOO_LITTLE.includes(reason) ? 'insufficient_scope' : 'not_allowed', { realm, reason });
}
