/** A server with the standard endpoints over a store of its own: two tenants, and a client of every sort. */
import { randomBytes } from 'node:crypto';
import { CLIENT_SECRET_PREFIX, digestOf, formatSecret, SECRET_BYTES } from '../../../src/core/secrets.ts';
import type { ClientRegistration, ClientRole } from '../../../src/core/tables/clients.ts';
import { Issuers } from '../../../src/http/issuers.ts';
import { oauth2Dialects } from '../../../src/http/oauth2/dialect.ts';
import { HttpServer } from '../../../src/http/server.ts';
import { make, makeTenant, makeUser, openTestBed, type TestBed } from '../../support.ts';
import { LogTape } from '../support.ts';

export const PASSWORD = 'correct horse';
export const ALL_GRANTS = [
  'authorization_code',
  'client_credentials',
  'refresh_token',
  'device_code',
  'password',
  'implicit',
] as const;

const PUBLIC_GRANTS = ALL_GRANTS.filter((grant) => grant !== 'client_credentials');

interface NewClient extends Partial<ClientRegistration> {
  readonly tenantId?: string;
  readonly roles?: readonly ClientRole[];
  readonly isPublic?: boolean;
}

export interface OAuthBed extends TestBed, AsyncDisposable {
  readonly url: string;
  readonly http: HttpServer;
  readonly tape: LogTape;
  /** Of each client that has one. */
  readonly secrets: ReadonlyMap<string, string>;
  makeClient(clientId: string, client?: NewClient): Promise<string>;
}

/** `acme` is the default tenant. */
export async function openOAuthBed({
  open = openTestBed,
  publicUrl,
  defaultTenant = 'acme',
}: {
  readonly open?: () => Promise<TestBed>;
  readonly publicUrl?: string;
  /** Empty: none. */
  readonly defaultTenant?: string;
} = {}): Promise<OAuthBed> {
  const bed = await open();
  const secrets = new Map<string, string>();
  await makeTenant(bed.store, 'acme', { loginAttempts: 10 });
  await makeTenant(bed.store, 'other');
  const user = { subjectId: 'user-1', loginName: 'ann', password: PASSWORD };
  await makeUser(bed.services, 'acme', user);
  const redirectUris = ['https://app.example/back'];
  const makeClient = async (clientId: string, { tenantId = 'acme', roles = [], isPublic, ...more }: NewClient = {}) => {
    const secret = isPublic ? '' : formatSecret(CLIENT_SECRET_PREFIX, randomBytes(SECRET_BYTES));
    const client = { clientId, tenantId, displayName: clientId, confidential: !isPublic, roles };
    await make(bed.store, {
      kind: 'create_client',
      client: { ...client, scopes: ['read', 'write'], ...more },
      ...(isPublic ? {} : { secret: { secretId: `cs_${clientId}`, digest: digestOf(secret), expireTime: null } }),
    });
    secrets.set(clientId, secret);
    return secret;
  };
  await makeClient('app', { firstParty: true, grants: ALL_GRANTS, redirectUris });
  await makeClient('page', { isPublic: true, firstParty: true, grants: PUBLIC_GRANTS, redirectUris });
  await makeClient('third', { grants: ALL_GRANTS.filter((grant) => grant !== 'password'), redirectUris });
  await makeClient('bare', { grants: [] });
  await makeClient('gate', { roles: ['introspect'] });
  await makeClient('boss', { roles: ['admin'] });
  await makeClient('stranger', { tenantId: 'other', roles: ['admin'] });
  const tape = new LogTape();
  let url = '';
  const issuers = new Issuers({ publicUrl, defaultTenant: defaultTenant || undefined }, () => url);
  const http = await HttpServer.start({
    services: bed.services,
    log: tape.log,
    dialects: oauth2Dialects(issuers),
    address: '127.0.0.1:0',
  });
  url = http.url;
  const close = async () => {
    await http.drain(0);
    await bed.close();
  };
  return { ...bed, url, http, tape, secrets, makeClient, close, [Symbol.asyncDispose]: close };
}

export interface OAuthAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: as a test looks into it
  readonly json: any;
}

export const FORM = 'application/x-www-form-urlencoded';

/** `form`: pairs, or text as it is. */
export async function post(
  bed: OAuthBed,
  path: string,
  form: Record<string, string> | string,
  headers: Record<string, string> = {},
): Promise<OAuthAnswer> {
  const response = await fetch(bed.url + path, {
    method: 'POST',
    headers: { 'content-type': FORM, ...headers },
    body: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
    redirect: 'manual',
  });
  return { status: response.status, headers: response.headers, json: await response.json() };
}

/** As most clients send it: both halves form-encoded. */
export function basic(
  bed: OAuthBed,
  clientId: string,
  secret = bed.secrets.get(clientId) ?? '',
): Record<string, string> {
  const pair = `${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** The client's credentials for the body. */
export function inBody(bed: OAuthBed, clientId: string): Record<string, string> {
  const secret = bed.secrets.get(clientId) ?? '';
  return { client_id: clientId, ...(secret === '' ? {} : { client_secret: secret }) };
}

export const TOKEN = '/t/acme/oauth2/token';
export const INTROSPECT = '/t/acme/oauth2/introspect';
export const REVOKE = '/t/acme/oauth2/revoke';

/** Tokens of ann's, issued to the client. */
export async function logIn(bed: OAuthBed, clientId = 'app', more: Record<string, string> = {}) {
  const form = { grant_type: 'password', username: 'ann', password: PASSWORD, ...inBody(bed, clientId), ...more };
  const { json } = await post(bed, TOKEN, form);
  return json as { access_token: string; refresh_token: string; expires_in: number; scope: string };
}

export async function isActive(bed: OAuthBed, token: string): Promise<boolean> {
  const { json } = await post(bed, INTROSPECT, { token }, basic(bed, 'gate'));
  return json.active;
}
