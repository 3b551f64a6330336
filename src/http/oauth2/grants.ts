/** The grants of the token endpoint: which a client must be registered for, and what each is proven by. */
import { isBoundTo } from '../../core/commands/refresh.ts';
import { INVALID_REFRESH_TOKEN, SymbolonError } from '../../core/errors.ts';
import type { Call } from '../../core/operations/authenticate.ts';
import type { Credential } from '../../core/operations/credentials.ts';
import { issue, type PendingLogin } from '../../core/operations/issue.ts';
import type { IssuedTokens } from '../../core/operations/new-tokens.ts';
import { refresh } from '../../core/operations/refresh.ts';
import { scopesFor } from '../../core/operations/resource-servers.ts';
import { one } from '../../core/plan.ts';
import type { Services } from '../../core/services/services.ts';
import type { Client, GrantType } from '../../core/tables/clients.ts';
import { FAMILY } from '../../core/tables/families.ts';
import { parseToken } from '../../core/token-form.ts';
import { resourceIn, scopesIn } from './asked.ts';
import { OAuthError } from './errors.ts';
import type { Form } from './form.ts';
import { DEVICE_CODE, SECOND_FACTOR } from './grant-types.ts';

export interface TokenRequest {
  readonly services: Services;
  readonly call: Call;
  readonly client: Client;
  readonly form: Form;
}

export interface Grant {
  readonly needs: GrantType;
  /** Whether its transaction looks for itself whether the client may. */
  readonly isHeldByCore?: true;
  readonly run: (request: TokenRequest) => Promise<IssuedTokens>;
}

/** By `grant_type`. */
export const GRANTS: ReadonlyMap<string, Grant> = new Map<string, Grant>([
  ['authorization_code', { needs: 'authorization_code', isHeldByCore: true, run: byAuthorizationCode }],
  [DEVICE_CODE, { needs: 'device_code', isHeldByCore: true, run: byDeviceCode }],
  ['client_credentials', { needs: 'client_credentials', run: byClientCredentials }],
  ['refresh_token', { needs: 'refresh_token', run: byRefreshToken }],
  ['password', { needs: 'password', run: byPassword }],
  [SECOND_FACTOR, { needs: 'password', run: bySecondFactor }],
]);

/** RFC 6749 section 4.1.3, with the verifier of RFC 7636 section 4.5. */
async function byAuthorizationCode({ services, call, form }: TokenRequest): Promise<IssuedTokens> {
  const code = form.required('code');
  const [redirectUri, codeVerifier] = [form.text('redirect_uri'), form.text('code_verifier')];
  const credential = { kind: 'authorization_code', code, redirectUri, codeVerifier } as const;
  return whole(await issue(services, call, { credential, resource: resourceIn(form) }));
}

/** RFC 8628 section 3.4. */
async function byDeviceCode({ services, call, form }: TokenRequest): Promise<IssuedTokens> {
  const credential = { kind: 'device_code', deviceCode: form.required('device_code') } as const;
  return whole(await issue(services, call, { credential, resource: resourceIn(form) }));
}

/** RFC 6749 section 4.4. No refresh token comes of it: the client can ask again (section 4.4.3). */
async function byClientCredentials(request: TokenRequest): Promise<IssuedTokens> {
  const { credential, clientId } = request.call.caller;
  const clientSecret = credential.kind === 'client' ? credential.secret : '';
  const issued = await issueAsked(request, { kind: 'client', clientId, clientSecret });
  return { ...issued, refreshToken: undefined };
}

/** RFC 9700 section 2.4: the core registers the platform's own clients alone for it. */
async function byPassword(request: TokenRequest): Promise<IssuedTokens> {
  const { form } = request;
  const [username, password] = [form.required('username'), form.required('password')];
  return issueAsked(request, { kind: 'user', username, password });
}

async function bySecondFactor(request: TokenRequest): Promise<IssuedTokens> {
  const { form } = request;
  const [mfaToken, otp, recovery] = [form.required('mfa_token'), form.text('otp'), form.text('recovery_code')];
  if ((otp === undefined) === (recovery === undefined)) {
    throw new OAuthError('invalid_request', 'The request must have either otp or recovery_code');
  }
  const factor =
    otp === undefined ? ({ by: 'recovery_code', code: recovery ?? '' } as const) : ({ by: 'totp', code: otp } as const);
  return whole(
    await issue(request.services, request.call, { credential: { kind: 'second_factor', mfaToken, factor } }),
  );
}

/** Who names no scopes gets all that the client is registered for, and that the resource server knows (RFC 6749 section 3.3). */
async function issueAsked(
  { services, call, client, form }: TokenRequest,
  credential: Credential,
): Promise<IssuedTokens> {
  const resource = resourceIn(form);
  const scopes = scopesIn(form) ?? (await scopesFor(services, client, resource));
  return whole(await issue(services, call, { credential, scopes, resource }));
}

/** The password was right: the second step takes `mfa_token`. */
function whole(issued: IssuedTokens | PendingLogin): IssuedTokens {
  if ('mfaToken' in issued) {
    const message = `The login needs a second factor. Send grant_type ${SECOND_FACTOR} with mfa_token and otp`;
    throw new OAuthError('mfa_required', message, { mfa_token: issued.mfaToken });
  }
  return issued;
}

async function byRefreshToken(request: TokenRequest): Promise<IssuedTokens> {
  const { services, call, form } = request;
  const refreshToken = form.required('refresh_token');
  await requireSame(request, refreshToken);
  return refresh(services, call, { refreshToken });
}

/**
 * RFC 6749 section 6: a scope that was not granted is refused. A narrower one is too: a login has one set of scopes, and section 3.3 lets
 * a server say so. What the login is not of the client learns from the refresh itself.
 */
async function requireSame({ services, call, form }: TokenRequest, refreshToken: string): Promise<void> {
  const [scopes, resource] = [scopesIn(form), resourceIn(form)];
  if (scopes === undefined && resource === undefined) {
    return;
  }
  const token = parseToken(refreshToken);
  if (token === undefined || (await services.tagKeys.judge(token)) === 'made_up') {
    throw SymbolonError.of(INVALID_REFRESH_TOKEN);
  }
  const { tenantId, clientId } = call.caller;
  const { familyId } = token;
  const { family } = await services.store.read({ family: one(FAMILY, { familyId, tenantId }) });
  if (family === undefined || !isBoundTo(family, clientId)) {
    return;
  }
  if (scopes !== undefined && !isSameSet(scopes, family.scopes)) {
    throw new OAuthError('invalid_scope', 'scope must be that of the login, or be left out');
  }
  if (resource !== undefined && resource !== family.audience) {
    throw new OAuthError('invalid_target', 'resource must be that of the login, or be left out');
  }
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === new Set(other).size && other.every((each) => one.includes(each));
}
