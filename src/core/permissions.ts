/** The one table of who may call what. An operation that is not in it is nobody's. */
import { SymbolonError } from './errors.ts';

/**
 * `public`: a client that only named itself. `client`: one that proved itself; `introspect`, `admin` and `operator` are roles of it.
 * `user`, `device`, `anonymous`: the bearer of a token of that kind, where a dialect takes those. `machine`: the operator on the
 * machine, at the command line; it gets no tokens, for no client stands behind it.
 */
export type Standing =
  | 'public'
  | 'client'
  | 'introspect'
  | 'admin'
  | 'operator'
  | 'user'
  | 'device'
  | 'anonymous'
  | 'machine';

export const PERMISSIONS = {
  issue: ['public', 'client'],
  refresh: ['public', 'client'],
  introspect: ['introspect', 'admin', 'machine'],
  /** What a token is, by the token itself. */
  describe_token: ['public', 'client', 'machine'],
  /** By the token itself: no matter who holds it. */
  revoke_token: ['public', 'client', 'machine'],
  /** By a public id: what was issued to the caller. */
  revoke_own: ['client', 'machine'],
  /** By a public id: anything in the tenant. */
  revoke_any: ['admin', 'machine'],
  /** Its own tenant; an operator any. */
  read_tenant: ['admin', 'operator', 'machine'],
  update_tenant: ['admin', 'operator', 'machine'],
  /** All of them. */
  manage_tenants: ['operator', 'machine'],
  manage_clients: ['admin', 'operator', 'machine'],
  /** Whom tokens may be for. */
  manage_resource_servers: ['admin', 'machine'],
  /** Where the tenant lets people register themselves; an admin always. */
  register: ['public', 'client', 'admin', 'machine'],
  /** Any user or device of the tenant. */
  manage_subjects: ['admin', 'machine'],
  /** With a user's own password, code or token. */
  act_for_user: ['public', 'client', 'admin', 'user', 'machine'],
  /** A device in person, for a device behind it too, or a user who owns it. */
  act_for_device: ['admin', 'user', 'device', 'machine'],
  /** What all users see of each other. */
  read_public_profile: ['user', 'admin', 'machine'],
  list_tokens: ['admin', 'machine'],
  revoke_all: ['admin', 'machine'],
  read_messages: ['admin', 'machine'],
  read_audit: ['admin', 'machine'],
  read_server: ['operator', 'machine'],
} as const satisfies Record<string, readonly Standing[]>;

const ROLES = ['introspect', 'admin', 'operator'] as const satisfies readonly Standing[];

export type Permission = keyof typeof PERMISSIONS;

export function isPermittedTo(standings: readonly Standing[], permission: Permission): boolean {
  const permitted: readonly Standing[] = PERMISSIONS[permission];
  return standings.some((standing) => permitted.includes(standing));
}

/** Who calls, as far as rights go. */
export interface Standings {
  readonly standings: readonly Standing[];
}

export function isPermitted({ standings }: Standings, permission: Permission): boolean {
  return isPermittedTo(standings, permission);
}

/** What an operator needs besides, where the transaction tells whether an operator's client is touched. */
export function operatorsRight(caller: Standings): readonly Permission[] {
  return isPermitted(caller, 'manage_tenants') ? ['manage_tenants'] : [];
}

/** Throws `permission_denied` unless the caller may do this. */
export function requirePermission(caller: Standings, permission: Permission): void {
  if (!isPermitted(caller, permission)) {
    throw new SymbolonError('permission_denied', `The caller may not make this call. ${whoMay(permission)}`);
  }
}

function whoMay(permission: Permission): string {
  const permitted: readonly Standing[] = PERMISSIONS[permission];
  const roles = ROLES.filter((role) => permitted.includes(role));
  return roles.length === 0 ? 'Ask as a client' : `Ask as a client with the role ${roles.join(' or ')}`;
}
