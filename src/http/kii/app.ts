/** Which app a request names, and the caller that the app is. An app is a tenant, and calls as the tenant's public client. */
import type { IncomingHttpHeaders } from 'node:http';
import type { CallNotes } from '../../core/call-notes.ts';
import { INVALID_CREDENTIALS, SymbolonError } from '../../core/errors.ts';
import { TENANT_ID_FORM } from '../../core/names.ts';
import {
  authenticate,
  type Caller,
  clientCredential,
  knownCaller,
  parseAuthorization,
} from '../../core/operations/authenticate.ts';
import type { Services } from '../../core/services/services.ts';
import { HttpError } from '../failure.ts';
import type { ClientPair } from './token-request.ts';

/** Who calls, but for what it bears: the app, and the client of it that proved itself by Basic, if one did. */
export interface AppCallers {
  readonly app: Caller;
  readonly client: { readonly caller: Caller; readonly pair: ClientPair } | undefined;
}

/** The path is enough; what the headers name besides has to be the same app, or by Basic a client of it. */
export async function appCallers(
  services: Services,
  pathAppId: string | undefined,
  headers: IncomingHttpHeaders,
  notes: CallNotes,
): Promise<AppCallers> {
  const basic = basicPair(headers.authorization);
  const [named, other] = [pathAppId, headerAppId(headers['x-kii-appid'])].filter((name) => name !== undefined);
  if (other !== undefined && other !== named) {
    throw twoApps();
  }
  const appId = named ?? basic?.clientId;
  if (appId === undefined) {
    throw new HttpError(
      'tenant_not_named',
      'The request does not name an app. Send Authorization: Basic or X-Kii-AppID',
    );
  }
  const app = await appCaller(services, appId);
  const isApp = basic === undefined || basic.clientId === appId;
  return { app, client: isApp ? undefined : await basicCaller(services, app, basic, notes) };
}

/** RFC 6749 section 2.3.1. Of the app itself the password half may be anything; another client proves itself by it. */
async function basicCaller(
  services: Services,
  app: Caller,
  basic: ClientPair,
  notes: CallNotes,
): Promise<AppCallers['client']> {
  const reading = await services.knownClients.read(basic.clientId);
  if (reading?.client.tenantId !== app.tenantId) {
    throw twoApps();
  }
  return { caller: await clientCaller(services, app, basic, notes), pair: basic };
}

function twoApps(): SymbolonError {
  return new SymbolonError(
    'invalid_argument',
    'The request names two different apps. Name one in its path and headers',
  );
}

/** Other schemes name no app: a Bearer token belongs to another step. */
function basicPair(authorization: string | undefined): ClientPair | undefined {
  if (authorization === undefined || !/^basic(?: |$)/i.test(authorization)) {
    return undefined;
  }
  const credential = parseAuthorization(authorization);
  if (credential?.kind !== 'client') {
    throw new SymbolonError(
      'invalid_argument',
      'The Authorization header is not valid. Send Basic and appID:appKey in base64',
    );
  }
  return credential;
}

/** The token of a Bearer header: clients write the scheme in any case (docs/kii-wire.md section 1.3). */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
}

function headerAppId(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

async function appCaller(services: Services, appId: string): Promise<Caller> {
  const reading = TENANT_ID_FORM.test(appId) ? await services.knownClients.read(appId) : undefined;
  // Any other client, confidential or not, has an id that is no tenant's.
  if (reading?.client.tenantId !== appId) {
    throw new HttpError('tenant_not_found', 'The app was not found. Check the appID');
  }
  if (reading.tenant.disabled || reading.client.disabled) {
    throw new HttpError('tenant_disabled', 'The app is disabled');
  }
  const credential = clientCredential(appId, '');
  // It was read just now.
  return knownCaller(services, credential) ?? authenticate(services, credential);
}

/**
 * The client that calls when it is not the app itself (RFC 6749 section 2.3.1). A wrong secret is a 400 on this surface, and no
 * challenge that would make a browser ask for a password; a client of another app is as unknown.
 */
export async function clientCaller(
  services: Services,
  app: Caller,
  client: ClientPair,
  notes: CallNotes,
): Promise<Caller> {
  const credential = clientCredential(client.clientId, client.secret);
  const caller = await authenticate(services, credential, notes).catch(asGrantError);
  if (caller.tenantId !== app.tenantId) {
    throw SymbolonError.of(INVALID_CREDENTIALS);
  }
  return caller;
}

function asGrantError(error: unknown): never {
  throw error instanceof SymbolonError && error.code === 'caller_unauthenticated'
    ? SymbolonError.of(INVALID_CREDENTIALS)
    : error;
}
