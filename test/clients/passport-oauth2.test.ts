/** passport-oauth2 in an app of Express, as its documentation has it. It signs in by code and does nothing else. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler } from 'express';
import passport from 'passport';
import OAuth2Strategy from 'passport-oauth2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClientsBed, openClientsBed } from './bed.ts';

let bed: ClientsBed;
/** An app of each client, and where it is. */
const apps = new Map<string, { readonly server: Server; readonly url: string }>();

beforeAll(async () => {
  bed = await openClientsBed();
  for (const name of ['web', 'native'] as const) {
    apps.set(name, await serveApp(name));
  }
});

afterAll(async () => {
  for (const { server } of apps.values()) {
    server.close();
  }
  await bed[Symbol.asyncDispose]();
});

/** Its redirect URI is the registered one, with the port that it has. */
async function serveApp(name: 'web' | 'native'): Promise<{ server: Server; url: string }> {
  const { client_id, client_secret, redirect_uri } = bed.clients[name];
  const callback = new URL(redirect_uri);
  const app = express();
  const server = createServer(app).listen(0, callback.hostname);
  await once(server, 'listening');
  callback.port = String((server.address() as AddressInfo).port);
  const strategy = new OAuth2Strategy(
    {
      authorizationURL: `${bed.issuer}/oauth2/authorize`,
      tokenURL: `${bed.issuer}/oauth2/token`,
      clientID: client_id,
      clientSecret: client_secret,
      callbackURL: callback.href,
      scope: ['read', 'write'],
      state: true,
      pkce: true,
    },
    (accessToken, refreshToken, _profile, done) => done(null, { accessToken, refreshToken }),
  );
  const signIn = new passport.Passport().use('symbolon', strategy).authenticate('symbolon', { session: false });
  // One browser, so one session.
  const session = {};
  app.use((request, _response, next) => next(void Object.assign(request, { session })));
  app.get('/login', signIn);
  app.get(callback.pathname, signIn, (request, response) => {
    response.json((request as unknown as { user: object }).user);
  });
  const failed: ErrorRequestHandler = (error, _request, response, _next) => {
    response.status(500).json({ code: error.code });
  };
  app.use(failed);
  return { server, url: callback.origin };
}

const get = (name: string, path: string) => fetch(`${apps.get(name)?.url}${path}`, { redirect: 'manual' });

/** Where the app sends people. */
const sentBy = async (name: string) => (await get(name, '/login')).headers.get('location') ?? '';

describe.each(['web', 'native'] as const)('passport-oauth2 as %s', (name) => {
  it('signs in by code with PKCE', async () => {
    const asked = await sentBy(name);
    expect(asked).toContain('code_challenge_method=S256');
    const { pathname, search } = await bed.visitor.decide(asked);
    const answer = await get(name, pathname + search);
    expect(answer.status).toBe(200);
    const { accessToken, refreshToken } = (await answer.json()) as Record<string, string>;
    const { client_id } = bed.clients[name];
    const told = { active: true, sub: bed.user.id, client_id, scope: 'read write' };
    expect(await bed.told(accessToken ?? '')).toMatchObject(told);
    expect(refreshToken).toBeTruthy();
  });

  it('takes no code with another state', async () => {
    const { pathname, searchParams } = await bed.visitor.decide(await sentBy(name));
    searchParams.set('state', 'another');
    expect((await get(name, `${pathname}?${searchParams}`)).status).toBe(403);
  });

  it('reads why a code was refused', async () => {
    const { pathname, searchParams } = await bed.visitor.decide(await sentBy(name));
    searchParams.set('code', 'made-up');
    const answer = await get(name, `${pathname}?${searchParams}`);
    expect([answer.status, await answer.json()]).toEqual([500, { code: 'invalid_grant' }]);
  });
});
