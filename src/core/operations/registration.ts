/** What registering a user and registering a device have in common. */
import {
  type Created,
  type CreateSubject,
  type FirstTokens,
  NO_SELF_REGISTRATION,
} from '../commands/create-subject.ts';
import { SymbolonError } from '../errors.ts';
import { orderedText } from '../json.ts';
import type { Instant } from '../model.ts';
import { isPermitted, type Permission, requirePermission } from '../permissions.ts';
import type { NewCode } from '../rules/codes.ts';
import { readTenant } from '../services/lookups.ts';
import type { Services } from '../services/services.ts';
import type { Subject } from '../tables/subjects.ts';
import type { Password } from '../text/passwords.ts';
import { type Call, isStranger } from './authenticate.ts';
import { requestOf, sealPair } from './kept-answers.ts';
import { type IssuedTokens, issuedTokens, newFamily } from './new-tokens.ts';
import { noteIssued } from './notes.ts';
import type { TokenPair } from './pair.ts';
import { perform } from './perform.ts';
import { repeatedRegistration } from './repeat-registration.ts';
import { requireRequestId, requireScopes } from './validate.ts';

/** What kind of tokens a new subject shall have. */
export interface TokenWish {
  readonly scopes: readonly string[];
  readonly expireTime?: Instant;
  /** One of the server's own, which no caller can ask for; absent: any. */
  readonly audience?: string;
  /** Makes the call safe to repeat. */
  readonly requestId?: string;
}

/** A user or device that is to be made, with all that was asked for checked. */
export interface Registration {
  readonly subject: Omit<CreateSubject['subject'], 'tenantId' | 'passwordHash'>;
  /** Undefined: none. */
  readonly password: Password | undefined;
  readonly withTokens: TokenWish | undefined;
  /** What is sent to its addresses. */
  readonly makeCodes?: () => Promise<readonly NewCode[]>;
  /** It was counted to the budget of its network address. */
  readonly isCounted?: boolean;
}

export interface Registered {
  readonly subject: Subject;
  /** When they were asked for. */
  readonly tokens: IssuedTokens | undefined;
}

/** Whether people may register themselves is the tenant's policy; an admin may always. */
export async function requireRegistration({ store }: Services, { caller }: Call): Promise<void> {
  requirePermission(caller, 'register');
  if (!isPermitted(caller, 'manage_subjects') && !(await isSelfRegistration(store, caller.tenantId))) {
    throw SymbolonError.of(NO_SELF_REGISTRATION);
  }
}

/** Whether the tenant's policy lets people register themselves. */
export async function isSelfRegistration(store: Services['store'], tenantId: string): Promise<boolean> {
  return (await readTenant(store, tenantId))?.policy.selfRegistration === true;
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

/** Makes it, or answers what the same request made before. */
export async function register(services: Services, call: Call, asked: Registration): Promise<Registered> {
  const { password, withTokens } = asked;
  const { requestId } = withTokens ?? {};
  if (requestId === undefined) {
    return make(services, call, asked);
  }
  requireRequestId(requestId);
  const request = { requestId, permission: registering(call), ...requestOf(call, requestId, textOf(asked)) };
  const isOpenedById = password === undefined;
  if (isOpenedById) {
    // Before anything is looked at: no other count bounds guesses at the id.
    await countRegistration(services, call);
  }
  const repeated = await repeatedRegistration(services, call, request, password);
  if (repeated !== undefined) {
    return repeated;
  }
  try {
    return await make(services, call, isOpenedById ? { ...asked, isCounted: true } : asked);
  } catch (error) {
    // The same request may have come twice at once. Its password is not checked against what the other one made yet.
    const isReused = error instanceof SymbolonError && error.code === 'request_id_reused';
    const meanwhile = isReused ? await repeatedRegistration(services, call, request, password) : undefined;
    if (meanwhile === undefined) {
      throw error;
    }
    return meanwhile;
  }
}

/** All that was asked for but the password, of which nothing is kept that is easier to guess it by than its hash. */
function textOf({ subject: { subjectId: _, attributes = '{}', ...profile }, withTokens }: Registration): string {
  const { scopes = [], expireTime = null, audience } = withTokens ?? {};
  const all = ['register', profile, orderedText(attributes), requireScopes(scopes), expireTime];
  return JSON.stringify(audience === undefined ? all : [...all, audience]);
}

async function make(services: Services, call: Call, asked: Registration): Promise<Registered> {
  const { subject, password, makeCodes, isCounted = false } = asked;
  if (!isCounted) {
    await countRegistration(services, call);
  }
  const wanted = await wantedTokens(services, call, asked);
  const passwordHash = password === undefined ? null : await services.passwords.hash(password, call.isAbandoned);
  const answer = await perform(services, call, registering(call), {
    kind: 'create_subject',
    byItself: registering(call) === 'register',
    subject: { ...subject, tenantId: call.caller.tenantId, passwordHash },
    issue: wanted?.issue,
    codes: await makeCodes?.(),
  });
  return registered(call, answer, wanted?.pair);
}

/** The tokens that a registration asks for, as its command takes them. */
async function wantedTokens(
  services: Services,
  call: Call,
  { subject, withTokens, ...asked }: Registration,
): Promise<{ readonly issue: FirstTokens; readonly pair: TokenPair } | undefined> {
  if (withTokens === undefined) {
    return undefined;
  }
  const { clientId, operator } = call.caller;
  if (operator !== undefined) {
    throw new SymbolonError(
      'permission_denied',
      'with_token is for clients: the operator on the machine is given none',
    );
  }
  const { pair, begun } = await newFamily(services, subject.kind === 'user' ? 'USER' : 'DEVICE', call);
  const { expireTime, audience, requestId } = withTokens;
  const scopes = requireScopes(withTokens.scopes);
  const request =
    requestId === undefined
      ? undefined
      : {
          ...requestOf(call, requestId, textOf({ subject, withTokens, ...asked })),
          box: sealPair(services, call, requestId, pair),
        };
  return { issue: { clientId, refreshClientId: clientId, scopes, expireTime, audience, request, ...begun }, pair };
}

function registered(call: Call, { subject, issued }: Created, pair: TokenPair | undefined): Registered {
  if (issued === undefined || pair === undefined) {
    return { subject, tokens: undefined };
  }
  noteIssued(call.notes, issued);
  call.notes?.note({ event: 'login', credential: 'registration' });
  return { subject, tokens: issuedTokens(issued, pair) };
}
