/** A server with ARTIK's paths over a store of its own: two tenants, of which one is served so, and an app of each sort. */
import { randomBytes } from 'node:crypto';
import { authenticateTokenHolder } from '../../../src/core/operations/authenticate.ts';
import { authorize } from '../../../src/core/operations/authorize.ts';
import { checkAuthorization } from '../../../src/core/operations/check-authorization.ts';
import { issue } from '../../../src/core/operations/issue.ts';
import { CLIENT_SECRET_PREFIX, digestOf, formatSecret, SECRET_BYTES } from '../../../src/core/secrets.ts';
import type { ClientRegistration } from '../../../src/core/tables/clients.ts';
import { artikDialects } from '../../../src/http/artik/dialect.ts';
import { Issuers } from '../../../src/http/issuers.ts';
import { endBrowserLogin } from '../../../src/http/pages/sign-out.ts';
import { HttpServer } from '../../../src/http/server.ts';
import { callerOf, make, makeTenant, makeUser, openMemoryTestBed, type TestBed } from '../../support.ts';
import { LogTape } from '../support.ts';

export const PASSWORD = 'correct horse';
export const REDIRECT = 'my-uri://';
export const WEB_REDIRECT = 'https://app.example/back';

export interface ArtikAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: as a test looks into it
  readonly json: any;
}

export interface ArtikBed extends TestBed, AsyncDisposable {
  readonly url: string;
  readonly tape: LogTape;
  readonly secrets: ReadonlyMap<string, string>;
  ask(method: string, path: string, options?: Asking): Promise<ArtikAnswer>;
  /** A user's token that came by consent, as a code gives it. */
  consented(clientId?: string, userId?: string, scopes?: readonly string[]): Promise<Tokens>;
  /** The code alone, and the redirect URI is to be named again. */
  code(clientId?: string, userId?: string, scopes?: readonly string[], challenge?: string): Promise<string>;
  /** A user's own, by password. */
  own(userId?: string): Promise<string>;
}

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

interface Asking {
  readonly bearer?: string;
  readonly basic?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A form, or a body as it is. */
  readonly form?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export async function openArtikBed({ served = true } = {}): Promise<ArtikBed> {
  const bed = await openMemoryTestBed();
  const { services, store } = bed;
  const secrets = new Map<string, string>();
  for (const tenantId of ['acme', 'other']) {
    await makeTenant(store, tenantId, { loginAttempts: 10 });
  }
  for (const [tenantId, loginName] of [
    ['acme', 'ann'],
    ['acme', 'bob'],
    ['acme', 'cyd'],
    ['other', 'eve'],
  ] as const) {
    await makeUser(services, tenantId, { subjectId: `user-${loginName}`, loginName, password: PASSWORD });
  }
  const makeClient = async (
    clientId: string,
    more: Partial<ClientRegistration> & { readonly scopes?: readonly string[] },
    tenantId = 'acme',
    isPublic = false,
  ) => {
    const secret = isPublic ? '' : formatSecret(CLIENT_SECRET_PREFIX, randomBytes(SECRET_BYTES));
    const client = { clientId, tenantId, displayName: clientId, confidential: !isPublic, roles: [] };
    await make(store, {
      kind: 'create_client',
      client: { ...client, scopes: ['read', 'write', 'profile.read'], ...more },
      ...(isPublic ? {} : { secret: { secretId: `cs_${clientId}`, digest: digestOf(secret), expireTime: null } }),
    });
    secrets.set(clientId, secret);
  };
  const codes = ['authorization_code', 'refresh_token'] as const;
  await makeClient('web', { grants: [...codes, 'client_credentials'], redirectUris: [WEB_REDIRECT] });
  await makeClient('mobile', { grants: codes, redirectUris: [REDIRECT] }, 'acme', true);
  await makeClient(
    'page',
    { grants: ['implicit', 'refresh_token'], redirectUris: ['https://page.example/'] },
    'acme',
    true,
  );
  await makeClient('tv', { grants: ['device_code', 'refresh_token'] }, 'acme', true);
  await makeClient('typed', { grants: codes, redirectUris: [WEB_REDIRECT], scopes: ['read:lamp', 'write:lamp'] });
  await makeClient('rival', { grants: ['client_credentials'] });
  await makeClient('first', { grants: [], firstParty: true });
  await makeClient('bare', { grants: [] });
  await makeClient('stranger', { grants: [...codes, 'client_credentials'], redirectUris: [WEB_REDIRECT] }, 'other');
  const tape = new LogTape();
  let url = '';
  const issuers = new Issuers({ publicUrl: undefined, defaultTenant: undefined }, () => url);
  const dialects = artikDialects(served ? 'acme' : undefined, issuers, endBrowserLogin(issuers));
  const http = await HttpServer.start({ services, log: tape.log, dialects, address: '127.0.0.1:0' });
  url = http.url;

  const ask = async (method: string, path: string, { bearer, basic, headers, form, body }: Asking = {}) => {
    const pair = basic === undefined ? undefined : Buffer.from(`${basic}:${secrets.get(basic)}`).toString('base64');
    const response = await fetch(url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(bearer === undefined ? {} : { authorization: `bearer ${bearer}` }),
        ...(pair === undefined ? {} : { authorization: `Basic ${pair}` }),
        ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        ...headers,
      },
      body: form === undefined ? (body ?? null) : new URLSearchParams(form).toString(),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: text.startsWith('{') ? JSON.parse(text) : undefined,
    };
  };
  const own = async (userId = 'user-ann') => {
    const caller = await callerOf(services, 'first', secrets.get('first') ?? '');
    const username = userId.slice('user-'.length);
    const issued = await issue(services, { caller }, { credential: { kind: 'user', username, password: PASSWORD } });
    return (issued as { accessToken: string }).accessToken;
  };
  const agree = async (clientId: string, userId: string, scopes: readonly string[], challenge?: string) => {
    const caller = await authenticateTokenHolder(services, 'acme', await own(userId));
    const isImplicit = clientId === 'page';
    const redirectUri = { web: WEB_REDIRECT, mobile: REDIRECT }[clientId];
    const checked = await checkAuthorization(services, 'acme', {
      clientId,
      redirectUri,
      responseType: isImplicit ? 'token' : 'code',
      scopes,
      ...(challenge === undefined ? {} : { codeChallenge: challenge, codeChallengeMethod: 'S256' }),
    });
    return authorize(services, { caller: caller as NonNullable<typeof caller> }, checked);
  };
  const code: ArtikBed['code'] = async (clientId = 'web', userId = 'user-ann', scopes = [], challenge) => {
    const agreed = await agree(clientId, userId, scopes, challenge);
    return (agreed as { code: string }).code;
  };
  const consented: ArtikBed['consented'] = async (clientId = 'web', userId = 'user-ann', scopes = []) => {
    if (clientId === 'page') {
      const agreed = await agree(clientId, userId, scopes);
      const { tokens } = agreed as { tokens: { accessToken: string; refreshToken: string } };
      return { access_token: tokens.accessToken, refresh_token: tokens.refreshToken };
    }
    const form = {
      grant_type: 'authorization_code',
      code: await code(clientId, userId, scopes),
      redirect_uri: WEB_REDIRECT,
    };
    return (await ask('POST', '/token', { basic: clientId, form })).json;
  };
  const close = async () => {
    await http.drain(0);
    await bed.close();
  };
  return { ...bed, url, tape, secrets, ask, own, code, consented, close, [Symbol.asyncDispose]: close };
}
