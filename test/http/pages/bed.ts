/** A server with the pages, two tenants, and clients of every kind that comes to them. */
import type { TenantPolicy } from '../../../src/core/policy.ts';
import type { ClientRegistration } from '../../../src/core/tables/clients.ts';
import { artikDialects } from '../../../src/http/artik/dialect.ts';
import { Issuers } from '../../../src/http/issuers.ts';
import { KII_DIALECTS } from '../../../src/http/kii/dialect.ts';
import { oauth2Dialects } from '../../../src/http/oauth2/dialect.ts';
import { pagesDialect } from '../../../src/http/pages/dialect.ts';
import { endBrowserLogin } from '../../../src/http/pages/sign-out.ts';
import { HttpServer } from '../../../src/http/server.ts';
import { make, makeTenant, makeUser, openTestBed, type TestBed } from '../../support.ts';
import { LogTape } from '../support.ts';
import { Browser, type Shown } from './browser.ts';

export const TENANT = 'acme';
export const OTHER = 'umbrella';
export const PASSWORD = 'correct horse battery staple';
export const WEB = 'https://app.example/back';
export const WEB_QUERY = 'https://app.example/back?a=1';
export const NATIVE = 'com.example.app:/back';
export const LOOPBACK = 'http://127.0.0.1/back';
export const SCRIPT = `<script>alert(1)</script>"'><img src=x onerror=alert(2)>`;
/** RFC 7636 appendix B. */
export const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
export const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

export interface PagesBed extends TestBed {
  readonly http: HttpServer;
  readonly tape: LogTape;
  /** What the server calls itself. */
  readonly publicUrl: string;
  newBrowser(): Browser;
}

export interface PagesBedOptions {
  readonly policy?: Partial<TenantPolicy>;
  /** Absent: where it listens. */
  readonly publicUrl?: string;
  /** Whose pages clients of ARTIK Cloud come to, too. */
  readonly artikTenant?: string;
}

export async function openPagesBed({
  policy = {},
  publicUrl,
  artikTenant = TENANT,
}: PagesBedOptions = {}): Promise<PagesBed> {
  const bed = await openTestBed();
  for (const tenantId of [TENANT, OTHER]) {
    await makeTenant(bed.store, tenantId, policy);
    await makeUser(bed.services, tenantId, { subjectId: `ann-${tenantId}`, loginName: 'ann', password: PASSWORD });
    await makeUser(bed.services, tenantId, { subjectId: `bob-${tenantId}`, loginName: 'bob', password: PASSWORD });
  }
  const code = { grants: ['authorization_code', 'refresh_token'], redirectUris: [WEB] } as const;
  await makeAppClient(bed, 'web', code);
  await makeAppClient(bed, 'query', { ...code, redirectUris: [WEB_QUERY] });
  await makeAppClient(bed, 'two', { ...code, redirectUris: [WEB, WEB_QUERY] });
  await makeAppClient(bed, 'spa', { ...code, grants: [...code.grants, 'implicit'] }, { confidential: false });
  const implicit = { ...code, grants: ['implicit'] } as const;
  await makeAppClient(bed, 'short', implicit, { confidential: false });
  await makeAppClient(bed, 'native', { ...code, redirectUris: [NATIVE, LOOPBACK] }, { confidential: false });
  await makeAppClient(bed, 'evil', code, { displayName: SCRIPT, scopes: ['read', '<b>'] });
  await makeAppClient(bed, 'tv', { ...code, grants: ['device_code'], redirectUris: [] }, { confidential: false });
  const tape = new LogTape();
  let own = '';
  const issuers = new Issuers({ publicUrl, defaultTenant: TENANT, artikTenant }, () => own);
  const http = await HttpServer.start({
    services: bed.services,
    log: tape.log,
    // All that share the root with the pages.
    dialects: [
      ...KII_DIALECTS,
      ...oauth2Dialects(issuers),
      ...artikDialects(TENANT, issuers, endBrowserLogin(issuers)),
      pagesDialect(issuers),
    ],
    address: '127.0.0.1:0',
  });
  own = `http://${http.address}`;
  return {
    ...bed,
    http,
    tape,
    publicUrl: publicUrl ?? own,
    newBrowser: () => new Browser(http.address),
    close: async () => {
      await http.drain(0);
      await bed.close();
    },
  };
}

export async function makeAppClient(
  { store }: TestBed,
  clientId: string,
  registration: Partial<ClientRegistration>,
  {
    confidential = true,
    displayName = `The ${clientId} app`,
    scopes = ['read', 'write', 'profile.read'],
  }: { confidential?: boolean; displayName?: string; scopes?: readonly string[] } = {},
): Promise<void> {
  const own = { clientId, tenantId: TENANT, displayName, confidential, roles: [], scopes };
  await make(store, { kind: 'create_client', client: { ...own, ...registration } });
}

export const AUTHORIZE = `/t/${TENANT}/oauth2/authorize`;

export function authorizeUrl(parameters: Readonly<Record<string, string>> = {}, path = AUTHORIZE): string {
  const pkce = { code_challenge: CHALLENGE, code_challenge_method: 'S256' };
  const standard = { client_id: 'web', response_type: 'code', scope: 'read', state: 'a b+c/=&?', ...pkce };
  return `${path}?${new URLSearchParams({ ...standard, ...parameters })}`;
}

/** Signs in on the page and answers where that leads. */
export async function signIn(browser: Browser, url: string, username = 'ann', password = PASSWORD): Promise<Shown> {
  return browser.submit(await browser.get(url), { username, password });
}

/** Signs in, and answers the page behind it. */
export async function signedInAt(browser: Browser, url: string, username = 'ann'): Promise<Shown> {
  const answer = await signIn(browser, url, username);
  return browser.get(answer.location ?? '');
}

export function queryOf(location: string | undefined): Record<string, string> {
  return Object.fromEntries(new URL(location ?? '').searchParams);
}
