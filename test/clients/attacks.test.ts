/** Attacks of RFC 9700 section 4 on what real clients send and get: what is stolen or changed on its way is of no use. */
import { request } from 'node:http';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClientsBed, openClientsBed } from './bed.ts';

type Name = keyof ClientsBed['clients'];

let bed: ClientsBed;

beforeAll(async () => {
  bed = await openClientsBed();
});

afterAll(() => bed[Symbol.asyncDispose]());

const INSECURE: client.DiscoveryRequestOptions = { execute: [client.allowInsecureRequests], algorithm: 'oauth2' };

function discovered(name: Name, issuer = bed.issuer): Promise<client.Configuration> {
  const { client_id, client_secret } = bed.clients[name];
  const proof = client_secret === '' ? client.None() : client.ClientSecretBasic(client_secret);
  return client.discovery(new URL(issuer), client_id, undefined, proof, INSECURE);
}

/** A login that a client has begun: the link that its user follows, and what it keeps to itself. */
interface Begun {
  readonly config: client.Configuration;
  readonly link: URL;
  readonly checks: client.AuthorizationCodeGrantChecks;
}

async function begin(name: Name, issuer?: string): Promise<Begun> {
  const config = await discovered(name, issuer);
  const [pkceCodeVerifier, expectedState] = [client.randomPKCECodeVerifier(), client.randomState()];
  const link = client.buildAuthorizationUrl(config, {
    redirect_uri: bed.clients[name].redirect_uri,
    scope: 'read',
    state: expectedState,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  });
  return { config, link, checks: { pkceCodeVerifier, expectedState } };
}

/** What a client does with the answer that its user brings back. */
const finish = ({ config, checks }: Begun, back: URL) => client.authorizationCodeGrant(config, back, checks);

const INVALID_GRANT = { error: 'invalid_grant', status: 400 };

function changed(url: URL, change: (parameters: URLSearchParams) => void): URL {
  const other = new URL(url);
  change(other.searchParams);
  return other;
}

describe('4.5 a code that was stolen', () => {
  it.each(['web', 'native'] as const)('does not fit a login that the thief began at the same app: %s', async (name) => {
    const [own, thiefs] = [await begin(name), await begin(name)];
    const back = await bed.visitor.decide(own.link);
    const injected = changed(back, (answer) => answer.set('state', String(thiefs.checks.expectedState)));
    await expect(finish(thiefs, injected)).rejects.toMatchObject(INVALID_GRANT);
    // Nor does it end the login of whom it was stolen from.
    const { access_token } = await finish(own, back);
    expect(await bed.told(access_token)).toMatchObject({ active: true, sub: bed.user.id });
  });

  it('is of no use to another client, with all that belongs to it', async () => {
    const own = await begin('native');
    const back = await bed.visitor.decide(own.link);
    const others = { ...own, config: await discovered('web') };
    await expect(finish(others, back)).rejects.toMatchObject(INVALID_GRANT);
  });

  it('is of no use where it was sent to another place than the client’s own', async () => {
    const own = await begin('web');
    // Another program on the same machine, on a port of its own.
    const link = changed(own.link, (asked) => asked.set('redirect_uri', 'http://localhost:6666/callback'));
    const back = await bed.visitor.decide(link);
    expect(back.port).toBe('6666');
    const injected = new URL(`${bed.clients.web.redirect_uri}${back.search}`);
    await expect(finish(own, injected)).rejects.toMatchObject(INVALID_GRANT);
  });
});

describe('4.4 mix-up', () => {
  it.each([
    ['names another issuer', () => undefined],
    ['names none', (answer: URLSearchParams) => answer.delete('iss')],
  ])('a client of one issuer sends it no code of an answer that %s', async (_, change) => {
    const atRoot = await begin('web', bed.url);
    const link = new URL(`${bed.issuer}/oauth2/authorize${atRoot.link.search}`);
    const back = await bed.visitor.decide(link);
    expect(back.searchParams.get('iss')).toBe(bed.issuer);
    await expect(finish(atRoot, changed(back, change))).rejects.toMatchObject({ code: 'OAUTH_INVALID_RESPONSE' });
  });
});

describe('4.8 PKCE downgrade', () => {
  const strip = (asked: URLSearchParams) => {
    asked.delete('code_challenge');
    asked.delete('code_challenge_method');
  };

  it('gives nothing for a verifier where the challenge was taken out of the link', async () => {
    const own = await begin('web');
    const back = await bed.visitor.decide(changed(own.link, strip));
    await expect(finish(own, back)).rejects.toMatchObject(INVALID_GRANT);
  });

  it.each<[Name, string, (asked: URLSearchParams) => void]>([
    ['native', 'without a challenge', strip],
    ['native', 'with plain', (asked) => asked.set('code_challenge_method', 'plain')],
    ['native', 'without a method, which is plain', (asked) => asked.delete('code_challenge_method')],
    ['web', 'with plain', (asked) => asked.set('code_challenge_method', 'plain')],
  ])('gives %s no code for a link %s', async (name, _, change) => {
    const own = await begin(name);
    const back = await bed.visitor.decide(changed(own.link, change));
    expect(back.searchParams.has('code')).toBe(false);
    await expect(finish(own, back)).rejects.toMatchObject({ error: 'invalid_request' });
  });
});

describe('4.14 a refresh token that was stolen', () => {
  it('ends the login of both once the second of them brings it', async () => {
    const own = await begin('native');
    const { refresh_token = '' } = await finish(own, await bed.visitor.decide(own.link));
    const refreshed = (token = '') => client.refreshTokenGrant(own.config, token);
    // Who was answered once may be answered the same again, until what came is used.
    const first = await refreshed(refresh_token);
    const thiefs = await refreshed(first.refresh_token);
    await expect(refreshed(refresh_token)).rejects.toMatchObject(INVALID_GRANT);
    expect(await bed.told(thiefs.access_token)).toEqual({ active: false });
    await expect(refreshed(thiefs.refresh_token)).rejects.toMatchObject(INVALID_GRANT);
  });

  it('is of no use to another client, and lives on', async () => {
    const own = await begin('native');
    const { refresh_token = '' } = await finish(own, await bed.visitor.decide(own.link));
    const stolen = client.refreshTokenGrant(await discovered('web'), refresh_token);
    await expect(stolen).rejects.toMatchObject(INVALID_GRANT);
    const { access_token } = await client.refreshTokenGrant(own.config, refresh_token);
    expect(await bed.told(access_token)).toMatchObject({ active: true });
  });
});

describe('4.13 what a request says of a proxy', () => {
  const EVIL = 'evil.example';
  const SAID = {
    host: EVIL,
    forwarded: `host=${EVIL};proto=https`,
    'x-forwarded-host': EVIL,
    'x-forwarded-proto': 'https',
    'x-forwarded-prefix': `/${EVIL}`,
    'x-original-url': `/${EVIL}`,
  };

  it.each([
    ['GET', '/.well-known/oauth-authorization-server'],
    ['GET', '/oauth2/authorize?response_type=code&client_id=demo-web&scope=read&state=a&prompt=none'],
    ['GET', '/oauth2/authorize?response_type=code&client_id=demo-web&scope=read&state=a'],
    ['GET', '/device'],
    ['POST', '/oauth2/device_authorization'],
  ])('changes no address that the server tells: %s %s', async (method, path) => {
    const { status, all } = await answerTo(method, path);
    expect(status).toBeLessThan(400);
    expect(all).not.toContain(EVIL);
    expect(all).not.toContain('https:');
  });

  async function answerTo(method: string, path: string): Promise<{ status: number; all: string }> {
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const { promise, resolve, reject } = Promise.withResolvers<{ status: number; all: string }>();
    const sent = request(bed.url + path, { method, headers: { ...SAID, ...type } }, async (response) => {
      const chunks = await response.toArray();
      const all = JSON.stringify(response.headers) + Buffer.concat(chunks).toString();
      resolve({ status: response.statusCode ?? 0, all });
    });
    sent.once('error', reject).end(method === 'POST' ? `client_id=${bed.clients.tv.client_id}` : undefined);
    return promise;
  }
});
