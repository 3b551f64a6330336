/** The fields of a token request, and the token that it bears, to what the core is asked for. */
import { INVALID_SECOND_FACTOR, SymbolonError } from '../../core/errors.ts';
import type { Credential } from '../../core/operations/credentials.ts';
import type { IssueRequest } from '../../core/operations/issue.ts';
import type { GivenFactor } from '../../core/operations/prove-second-factor.ts';
import type { RefreshRequest } from '../../core/operations/refresh.ts';
import { requireText } from '../../core/operations/validate.ts';
import { HttpError } from '../failure.ts';
import { type Fields, instantField, textField } from './fields.ts';

export interface ClientPair {
  readonly clientId: string;
  readonly secret: string;
}

export type TokenRequest = (
  | { readonly operation: 'issue'; readonly request: IssueRequest }
  | { readonly operation: 'refresh'; readonly request: RefreshRequest }
) & {
  /** The client that the body names as the one who calls; undefined when it names none, or is the credential itself. */
  readonly client?: ClientPair | undefined;
};

const THING_PREFIX = 'VENDOR_THING_ID:';
const MAX_CREDENTIAL = 256;

/** What the Authorization header brings. */
export interface Authorized {
  /** A Bearer token, which the second step of a login takes. */
  readonly bearer: string | undefined;
  /** A client other than the app, by Basic. */
  readonly basic: ClientPair | undefined;
}

export function tokenRequestOf(fields: Fields, appId: string, { bearer, basic }: Authorized): TokenRequest {
  const grantType = textField(fields, 'grant_type') ?? inferGrantType(fields);
  switch (grantType) {
    case 'password':
      return { ...issueRequest(fields, passwordCredential(fields)), client: otherClient(fields, appId) };
    case 'client_credentials':
      return issueRequest(fields, clientCredentials(fields, appId, basic));
    case 'refresh_token':
      return refreshRequest(fields);
    case 'mfa':
      return {
        operation: 'issue',
        request: { credential: secondFactor(fields, bearer) },
        client: otherClient(fields, appId),
      };
    default:
      throw new HttpError(
        'unsupported_grant_type',
        'grant_type must be password, client_credentials, refresh_token or mfa',
      );
  }
}

/** Most SDKs send no grant type; what they send tells it. `code` comes with a client's id and secret, which are no admin's then. */
function inferGrantType(fields: Fields): string {
  const has = (name: string) => (fields.get(name) ?? undefined) !== undefined;
  if (has('refresh_token')) {
    return 'refresh_token';
  }
  if (has('code')) {
    return 'authorization_code';
  }
  if (has('totp_code') || has('recovery_code')) {
    return 'mfa';
  }
  if (has('username') || has('password')) {
    return 'password';
  }
  if (has('client_id') || has('client_secret')) {
    return 'client_credentials';
  }
  throw new SymbolonError('invalid_argument', 'The request must have username, client_id or refresh_token');
}

function issueRequest(fields: Fields, credential: Credential): TokenRequest {
  return { operation: 'issue', request: { credential, ...expiry(fields) } };
}

function passwordCredential(fields: Fields): Credential {
  const username = textField(fields, 'username') ?? '';
  const password = textField(fields, 'password') ?? '';
  return username.startsWith(THING_PREFIX)
    ? { kind: 'device_by_vendor_id', vendorId: username.slice(THING_PREFIX.length), password }
    : { kind: 'user', username, password };
}

/**
 * The app's own id asks for an anonymous token, whatever the secret beside it: the app key is no secret. What the body leaves out,
 * Basic has.
 */
function clientCredentials(fields: Fields, appId: string, basic: ClientPair | undefined): Credential {
  const clientId = textField(fields, 'client_id') ?? basic?.clientId ?? '';
  const secret = clientId === basic?.clientId ? basic.secret : '';
  const clientSecret = textField(fields, 'client_secret') ?? secret;
  return clientId === appId ? { kind: 'anonymous', clientId } : { kind: 'client', clientId, clientSecret };
}

/** docs/kii-wire.md section 1.4.7: by the token of the first step. */
function secondFactor(fields: Fields, mfaToken: string | undefined): Credential {
  const factor = givenFactor(textField(fields, 'totp_code'), textField(fields, 'recovery_code'));
  if (factor === undefined) {
    throw new SymbolonError('invalid_argument', EITHER_FACTOR);
  }
  if (mfaToken === undefined) {
    throw SymbolonError.of(INVALID_SECOND_FACTOR);
  }
  return { kind: 'second_factor', mfaToken, factor };
}

const EITHER_FACTOR = 'The request must have either totp_code or recovery_code';

/** Undefined: none was given. */
export function givenFactor(totp: string | undefined, recovery: string | undefined): GivenFactor | undefined {
  if (totp !== undefined && recovery !== undefined) {
    throw new SymbolonError('invalid_argument', EITHER_FACTOR);
  }
  if (totp !== undefined) {
    return { by: 'totp', code: totp };
  }
  return recovery === undefined ? undefined : { by: 'recovery_code', code: recovery };
}

function refreshRequest(fields: Fields): TokenRequest {
  const refreshToken = textField(fields, 'refresh_token') ?? '';
  return { operation: 'refresh', request: { refreshToken, ...expiry(fields) }, client: bodyClient(fields) };
}

/** Beside a user's credential: the app's own id says nothing there, and neither does a lone secret. */
function otherClient(fields: Fields, appId: string): ClientPair | undefined {
  const clientId = textField(fields, 'client_id') ?? '';
  return clientId === '' || clientId === appId ? undefined : bodyClient(fields);
}

/** RFC 6749 section 2.3.1: the client's credentials in the body. */
function bodyClient(fields: Fields): ClientPair | undefined {
  const clientId = textField(fields, 'client_id');
  const secret = textField(fields, 'client_secret');
  if (clientId === undefined && secret === undefined) {
    return undefined;
  }
  requireText(clientId ?? '', 'client_id', MAX_CREDENTIAL);
  if (secret !== undefined) {
    requireText(secret, 'client_secret', MAX_CREDENTIAL);
  }
  return { clientId: clientId ?? '', secret: secret ?? '' };
}

function expiry(fields: Fields): { expireTime?: number } {
  const expireTime = instantField(fields, 'expiresAt');
  return expireTime === undefined ? {} : { expireTime };
}
