/** What a Login is told, and what it tells of its user. */
import type { RegisterUserRequest } from '../../../../../gen/web/symbolon/v1/user_service.ts';
import { SymbolonError } from '../errors/symbolon-error.ts';
import type { LoginEvent } from './events.ts';
import type { LoginRecord } from './record.ts';
import type { LoginStore } from './store.ts';

/** What every Login is told. */
export interface LoginOptions {
  /** What its tokens may do: each one that the client may ask for. None unless set. */
  readonly scopes?: readonly string[];
  /** The id of the resource server that its tokens are for alone (RFC 8707). For all unless set. A sign-up makes tokens for all. */
  readonly resource?: string;
  /** Where it is kept. In memory unless set, so that it ends with the process. */
  readonly store?: LoginStore;
  /** Told of each event, one after the other. What it throws is passed over. */
  readonly onEvent?: (event: LoginEvent) => unknown;
}

/** @throws SymbolonError that names the option */
export function checkLoginOptions({ scopes, resource, store, onEvent }: LoginOptions): void {
  const isOfTexts = scopes === undefined || (Array.isArray(scopes) && scopes.every((each) => typeof each === 'string'));
  const isStore = store === undefined || STORE.every((name) => typeof store?.[name] === 'function');
  const wrong = [
    [isOfTexts, 'scopes must be a list of texts'],
    [
      resource === undefined || (typeof resource === 'string' && resource !== ''),
      'resource must be the id of a resource server',
    ],
    [isStore, `store must have ${STORE.join(', ')}, as a FileStore has`],
    [onEvent === undefined || typeof onEvent === 'function', 'onEvent must be a function'],
  ].find(([isGood]) => isGood === false);
  if (wrong !== undefined) {
    throw new SymbolonError('INVALID_ARGUMENT', String(wrong[1]));
  }
}

const STORE = ['load', 'save', 'clear'] as const;

export type LoginKind = 'user' | 'device' | 'application' | 'admin' | 'anonymous';

/** Who is signed in. It holds no token. */
export interface CurrentUser {
  readonly kind: LoginKind;
  readonly subjectId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly tokenId: string;
  readonly familyId: string;
}

/** At least one of login name, e-mail and phone, and a password. */
export type NewUser = Partial<
  Pick<
    RegisterUserRequest,
    'loginName' | 'email' | 'phone' | 'phoneCountry' | 'displayName' | 'attributes' | 'password'
  >
>;

export function deviceOf(id: string) {
  return { $case: id.startsWith('th.') ? ('deviceId' as const) : ('vendorId' as const), value: id };
}

export function currentUserOf({ kind, subject_id, client_id, scopes, token_id, family_id }: LoginRecord): CurrentUser {
  return {
    ...{ kind: kind.toLowerCase() as LoginKind, subjectId: subject_id, clientId: client_id, scopes: [...scopes] },
    ...{ tokenId: token_id, familyId: family_id },
  };
}
