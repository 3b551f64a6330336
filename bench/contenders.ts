/** The loads of the claims that are about a server that does nothing. */

import type { IssuedTokens } from '../gen/ts/symbolon/v1/token_service.ts';
import type { Codes } from './codes.ts';
import { issue as issueLogins, introspectMessage as messageOf, refreshMessage } from './compare/calls.ts';
import type { LoadPlan } from './load/plan.ts';
import type { Started, Symbolon } from './processes.ts';
import type { Contender } from './rounds.ts';
import { basic, introspectMessage, issueMessage } from './tokens.ts';

/** Enough that look-ups are not all of the same rows. */
const TOKENS = 10_000;
/** The first field of a live token's Introspect: `active`, true. */
const ACTIVE = '0801';
/** `{"active":true`. */
const ACTIVE_JSON = Buffer.from('{"active":true').toString('hex');
const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

const LOAD = {
  connections: 4,
  streams: 8,
  // The first seconds are the compiler's.
  warmupSeconds: 3,
  seconds: 4,
} as const;

const path = (method: string) => `/symbolon.v1.TokenService/${method}`;

export function doingNothing({ address, pid }: Started): Contender {
  const messages = Array.from({ length: TOKENS }, (_, i) => introspectMessage(String(i).padStart(70, '0')));
  const called = { address, path: path('Introspect'), authorization: 'Basic bm8tb3A6bm8tb3A=' };
  const plan: LoadPlan = { ...LOAD, ...called, messages, answerStart: ACTIVE, serverPid: pid };
  return { name: 'no-op', plan: () => plan };
}

interface Changes {
  readonly storePid?: number;
  readonly changes?: Partial<LoadPlan>;
}

export async function introspecting(name: string, server: Symbolon, changes: Changes = {}): Promise<Contender> {
  const logins = await issueLogins({ server, client: server.demo.service }, TOKENS);
  return introspectingThese(name, server, logins, changes);
}

export function introspectingThese(
  name: string,
  server: Symbolon,
  logins: readonly IssuedTokens[],
  { storePid, changes }: Changes = {},
): Contender {
  const messages = logins.map(messageOf);
  const plan: LoadPlan = { ...planOf(server, 'Introspect', storePid), messages, answerStart: ACTIVE, ...changes };
  return { name, plan: () => plan };
}

/** By client credentials, with a refresh token. */
export function issuing(server: Symbolon, streams: number): Contender {
  const messages = [issueMessage(server.demo.service)];
  const plan = { ...planOf(server, 'Issue'), messages, streams };
  return { name: 'Issue', plan: () => plan };
}

export function refreshing(server: Symbolon, streams: number): Contender {
  return {
    name: 'Refresh',
    plan: async () => {
      const logins = await issueLogins({ server, client: server.demo.service }, TOKENS);
      return { ...planOf(server, 'Refresh'), messages: logins.map(refreshMessage), order: 'refresh', streams };
    },
  };
}

/** The same as `issuing` by HTTP/1.1, with as many calls in flight. The app is the tenant's public client. */
export function postingForTokens(server: Symbolon, connections: number): Contender {
  const { http: address, tenant_id, service } = server.demo;
  const body = Buffer.from(JSON.stringify(service)).toString('base64');
  const called = { protocol: 'http', address, path: '/api/oauth2/token', contentType: JSON_TYPE } as const;
  const authorization = basic({ client_id: tenant_id, client_secret: 'any' });
  const plan = { ...planOf(server, 'Issue'), ...called, authorization, messages: [body], connections, streams: 1 };
  return { name: 'POST /api/oauth2/token', plan: () => plan };
}

/** The same as `introspecting` at the standard endpoint by HTTP/1.1, with as many calls in flight. */
export async function introspectingOverHttp(server: Symbolon, connections: number): Promise<Contender> {
  const logins = await issueLogins({ server, client: server.demo.service }, TOKENS);
  const messages = logins.map(({ accessToken }) => Buffer.from(`token=${accessToken}`).toString('base64'));
  const plan = { ...overHttp(server, '/t/demo/oauth2/introspect', connections), messages, answerStart: ACTIVE_JSON };
  return { name: 'POST introspect', plan: () => plan };
}

/** The token call of the code flow, each with a code of its own; as many of them in each round. */
export function redeemingOverHttp(
  server: Symbolon,
  { client, forms }: Codes,
  connections: number,
  calls: number,
): Contender {
  let next = 0;
  const plan = (): LoadPlan => {
    const messages = forms.slice(next, next + calls);
    next += calls;
    const called = overHttp(server, '/t/demo/oauth2/token', connections);
    return { ...called, authorization: basic(client), messages, order: 'once', warmupSeconds: 1 };
  };
  return { name: 'POST token, by code', plan };
}

function overHttp(server: Symbolon, url: string, connections: number) {
  const called = { protocol: 'http', address: server.demo.http, path: url, contentType: FORM_TYPE } as const;
  return { ...planOf(server, 'Introspect'), ...called, connections, streams: 1 };
}

function planOf({ address, pid, demo }: Symbolon, method: string, storePid?: number) {
  const authorization = basic(demo.service);
  const measured = storePid === undefined ? { serverPid: pid } : { serverPid: pid, storePid };
  return { ...LOAD, ...measured, address, path: path(method), authorization };
}
