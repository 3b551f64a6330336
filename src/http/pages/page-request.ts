/** A request for a page: whose it is, what it asks, who is signed in. */
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { isOver } from '../../calls/deadline.ts';
import { peerAddress } from '../../calls/peer.ts';
import { timedServices } from '../../calls/timed-services.ts';
import type { Instant } from '../../core/model.ts';
import { authenticate, type Call, clientCredential } from '../../core/operations/authenticate.ts';
import { findSignedIn, type SignedIn } from '../../core/operations/browser-sessions.ts';
import type { Services } from '../../core/services/services.ts';
import { type FailureCode, HttpError } from '../failure.ts';
import { type Issuers, tenantNotFound } from '../issuers.ts';
import { browserCookie, readCookie, sessionCookie } from './cookies.ts';
import { isBrowser, newBrowser } from './form-tokens.ts';
import { frameOf, type ShownTenant } from './frame.ts';
import { type Parameters, parametersOf } from './parameters.ts';
import { type Site, siteOf } from './place.ts';
import type { Frame } from './views/frame.ts';

export interface PageRequest {
  readonly services: Services;
  readonly site: Site;
  readonly frame: Frame;
  /** As the tenant's public client. */
  readonly call: Call;
  readonly query: Parameters;
  /** Empty of a GET. */
  readonly form: Parameters;
  readonly headers: IncomingHttpHeaders;
  /** Says in the log how it ended, where the answer is a page or a redirect all the same. */
  readonly noteFailure: (code: FailureCode) => void;
  readonly browser: Browser;
  /** Undefined: nobody is signed in at this tenant. */
  readonly signedIn: SignedIn | undefined;
  /** What the cookie holds by which somebody is signed in. */
  readonly token: string | undefined;
}

/** Which browser it is: forms are bound to it. */
export interface Browser {
  readonly id: string;
  /** Whether it is to be told so first: no form can have come of it yet. */
  readonly isNew: boolean;
}

export async function pageRequestOf(
  given: Services,
  issuers: Issuers,
  request: FastifyRequest,
  deadline: Instant,
): Promise<PageRequest> {
  const { headers, record, body } = request;
  const services = timedServices(given, record);
  const site = siteOf(issuers, request);
  const tenant = await requireOpenTenant(services, site.tenantId);
  const frame = frameOf(request, tenant);
  const caller = await authenticate(services, clientCredential(site.tenantId, ''));
  record.caller = caller;
  const call: Call = {
    caller,
    deadline,
    notes: record,
    isAbandoned: () => request.socket.destroyed || isOver(deadline),
    address: peerAddress(request.socket.remoteAddress),
    agent: headers['user-agent'],
    requestId: request.id,
  };
  const query = parametersOf(request.url.split('?').slice(1).join('?'));
  const form = parametersOf(Buffer.isBuffer(body) ? body.toString('utf8') : '');
  const token = readCookie(headers, sessionCookie(site));
  const signedIn = token === undefined ? undefined : await findSignedIn(services, call, token);
  record.caller = signedIn?.call.caller ?? caller;
  const noteFailure = (code: FailureCode) => {
    record.code = code;
  };
  const browser = browserOf(services, site, headers);
  return { services, site, frame, call, query, form, headers, noteFailure, browser, signedIn, token };
}

function browserOf(services: Services, site: Site, headers: IncomingHttpHeaders): Browser {
  const known = readCookie(headers, browserCookie(site));
  return isBrowser(known) ? { id: known, isNew: false } : { id: newBrowser(services), isNew: true };
}

/** What pages show of the tenant. They call as its public client, whose id is the tenant's. */
async function requireOpenTenant(services: Services, tenantId: string): Promise<ShownTenant> {
  const reading = await services.knownClients.read(tenantId);
  if (reading?.client.tenantId !== tenantId) {
    throw tenantNotFound();
  }
  if (reading.tenant.disabled || reading.client.disabled) {
    throw new HttpError('tenant_disabled', 'Nobody can sign in here at present');
  }
  const { displayName, logoUri, accentColor } = reading.tenant;
  return { tenantId, displayName, logoUri, accentColor };
}
