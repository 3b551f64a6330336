/** The one table of who may call what. An operation that is not in it is nobody's. */
import { SymbolonError } from './errors.ts';
import type { Caller } from './operations/authenticate.ts';

/** `public`: a client that only named itself. `client`: one that proved itself. The others are roles of a proven client. */
export type Standing = 'public' | 'client' | 'introspect' | 'admin';

export const PERMISSIONS = {
  issue: ['public', 'client'],
  refresh: ['public', 'client'],
  introspect: ['introspect', 'admin'],
  /** By the token itself: whoever holds it. */
  revoke_token: ['public', 'client'],
  /** By a public id: what was issued to the caller. */
  revoke_own: ['client'],
  /** By a public id: anything in the tenant. */
  revoke_any: ['admin'],
} as const satisfies Record<string, readonly Standing[]>;

export type Permission = keyof typeof PERMISSIONS;

export function isPermitted(caller: Caller, permission: Permission): boolean {
  const standings: readonly Standing[] = PERMISSIONS[permission];
  return caller.standings.some((standing) => standings.includes(standing));
}

/** Throws `permission_denied` unless the caller may do this. */
export function requirePermission(caller: Caller, permission: Permission): void {
  if (!isPermitted(caller, permission)) {
    throw new SymbolonError('permission_denied', 'The caller has no right to this call');
  }
}
