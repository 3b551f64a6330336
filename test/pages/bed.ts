/** The server of the pages with a client that people really come back to, and who visits it. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beginDeviceAuthorization } from '../../src/core/operations/device-authorization.ts';
import { confirmTotp, enrollTotp } from '../../src/core/operations/second-factors.ts';
import { totpCode } from '../../src/core/totp.ts';
import {
  authorizeUrl,
  makeAppClient,
  openPagesBed,
  PASSWORD,
  type PagesBed,
  signIn,
  TENANT,
} from '../http/pages/bed.ts';
import { callerOf, make, makeClient, makeUser } from '../support.ts';
import type { Visit } from './chromium.ts';
import { makeHousehold } from './household.ts';
import { BRANDS, MANY } from './looks.ts';

export interface RealBed extends PagesBed {
  /** Without a slash at the end. */
  readonly origin: string;
  /** Where the client is, and its redirect URI. */
  readonly back: string;
  /** What the client was sent, by path and query. */
  readonly arrived: string[];
  /** A user with a second factor. */
  readonly factor: { readonly username: string; readonly secret: string; readonly recoveryCodes: readonly string[] };
}

export async function openRealBed(): Promise<RealBed> {
  const bed = await openPagesBed({ policy: { loginAttempts: 100, selfRegistration: true } });
  const arrived: string[] = [];
  const client = await serveClient(arrived);
  const registration = { grants: ['authorization_code'], redirectUris: ['http://127.0.0.1/back'] } as const;
  await makeAppClient(bed, 'local', registration, { confidential: false, displayName: 'Photo Frame' });
  // Which a secret tells from others that could take its address, so that what was agreed is kept.
  await makeAppClient(bed, 'shop', registration, { displayName: 'Print Shop' });
  for (const [clientId, { displayName, ...look }] of Object.entries(BRANDS)) {
    await makeAppClient(bed, clientId, { ...registration, ...look }, { displayName, scopes: MANY });
  }
  await make(bed.store, { kind: 'update_tenant', tenantId: TENANT, displayName: 'Acme Home' });
  await makeHousehold(bed);
  const factor = await enroll(bed);
  return {
    ...bed,
    origin: `http://${bed.http.address}`,
    back: `http://127.0.0.1:${(client.address() as AddressInfo).port}/back`,
    arrived,
    factor,
    close: async () => {
      client.closeAllConnections();
      client.close();
      await bed.close();
    },
  };
}

async function serveClient(arrived: string[]): Promise<Server> {
  const server = createServer((request, response) => {
    arrived.push(request.url ?? '');
    response.setHeader('Content-Type', 'text/html;charset=UTF-8');
    response.end('<!doctype html><html lang="en"><title>App</title><link rel="icon" href="data:,"><h1>back at the app');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function enroll(bed: PagesBed): Promise<RealBed['factor']> {
  const username = 'fiona';
  await makeUser(bed.services, TENANT, { subjectId: username, loginName: username, password: PASSWORD });
  const secretOfAdmin = await makeClient(bed.store, TENANT, 'factor-admin', ['admin']);
  const caller = await callerOf(bed.services, 'factor-admin', secretOfAdmin);
  const ref = { by: 'user_id', userId: username } as const;
  const { secret } = await enrollTotp(bed.services, { caller }, ref, undefined);
  const recoveryCodes = await confirmTotp(bed.services, { caller }, ref, totpCode(secret, bed.clock.now));
  return { username, secret, recoveryCodes };
}

/** The address by which the client sends people. */
export function askUrl(bed: RealBed, parameters: Readonly<Record<string, string>> = {}): string {
  return bed.origin + authorizeUrl({ client_id: 'local', redirect_uri: bed.back, ...parameters });
}

/** Puts the cookies of a sign-in into the browser: the pages for it have visits of their own. */
export async function signInAs(bed: RealBed, visit: Visit, username = 'ann'): Promise<void> {
  const browser = bed.newBrowser();
  await signIn(browser, authorizeUrl(), username);
  await visit.context.addCookies([...browser.cookies].map(([name, value]) => ({ name, value, url: bed.origin })));
}

/** What a device shows, and what it waits with. */
export async function beginDevice(
  { services }: RealBed,
  scopes = ['read', 'write'],
  clientId = 'tv',
): Promise<{ readonly userCode: string; readonly deviceCode: string }> {
  return beginDeviceAuthorization(services, { caller: await callerOf(services, clientId) }, { scopes });
}
