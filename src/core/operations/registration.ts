/** What registering a user and registering a device have in common. */
import { type Created, type FirstTokens, NO_SELF_REGISTRATION } from '../commands/create-subject.ts';
import { SymbolonError } from '../errors.ts';
import type { Instant } from '../model.ts';
import { isPermitted, type Permission, requirePermission } from '../permissions.ts';
import { readTenant } from '../services/lookups.ts';
import type { Services } from '../services/services.ts';
import type { Subject } from '../tables/subjects.ts';
import { type Call, isStranger } from './authenticate.ts';
import { type IssuedTokens, issuedTokens, newFamily } from './new-tokens.ts';
import { noteIssued } from './notes.ts';
import type { TokenPair } from './pair.ts';
import { requireScopes } from './validate.ts';

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
  const tenant = await readTenant(store, caller.tenantId);
  if (tenant?.policy.selfRegistration !== true) {
    throw SymbolonError.of(NO_SELF_REGISTRATION);
  }
}

/** Before it costs a hash. What a client registers that has proven itself has no bound. */
export async function countRegistration(services: Services, call: Call): Promise<void> {
  const { tenantId } = call.caller;
  if (isStranger(call.caller)) {
    const tenant = await readTenant(services.store, tenantId);
    const most = tenant?.policy.registrationsPerAddress ?? 0;
    await services.addressBudgets.registrations.spend(tenantId, call.address, most);
  }
}

/** What an admin may do besides must still be its right in the transaction. */
export function registering({ caller }: Call): Permission {
  return isPermitted(caller, 'manage_subjects') ? 'manage_subjects' : 'register';
}

export function requireAdminFor({ caller }: Call, isAsked: boolean, what: string): void {
  if (isAsked && !isPermitted(caller, 'manage_subjects')) {
    throw new SymbolonError('permission_denied', `Only an admin sets ${what}`);
  }
}

/** The tokens that a registration asks for, as its command takes them. */
export async function wantedTokens(
  services: Services,
  { caller: { clientId, operator } }: Call,
  kind: Subject['kind'],
  wish: TokenWish | undefined,
): Promise<{ readonly issue: FirstTokens; readonly pair: TokenPair } | undefined> {
  if (wish === undefined) {
    return undefined;
  }
  if (operator !== undefined) {
    throw new SymbolonError(
      'permission_denied',
      'with_token is for clients: the operator on the machine is given none',
    );
  }
  const { pair, begun } = await newFamily(services, kind === 'user' ? 'USER' : 'DEVICE');
  const { expireTime } = wish;
  const scopes = requireScopes(wish.scopes);
  return { issue: { clientId, refreshClientId: clientId, scopes, expireTime, ...begun }, pair };
}

export function registered(call: Call, { subject, issued }: Created, pair: TokenPair | undefined): Registered {
  if (issued === undefined || pair === undefined) {
    return { subject, tokens: undefined };
  }
  noteIssued(call.notes, issued);
  call.notes?.note({ event: 'login', credential: 'registration' });
  return { subject, tokens: issuedTokens(issued, pair) };
}
