/** openid-client, as its documentation uses it. */
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API, type ClientsBed, openClientsBed } from './bed.ts';

let bed: ClientsBed;

beforeAll(async () => {
  bed = await openClientsBed();
});

afterAll(() => bed[Symbol.asyncDispose]());

const INSECURE: client.DiscoveryRequestOptions = { execute: [client.allowInsecureRequests], algorithm: 'oauth2' };

function discovered(name: keyof ClientsBed['clients'], authentication?: client.ClientAuth, issuer = bed.issuer) {
  const { client_id, client_secret } = bed.clients[name];
  return client.discovery(new URL(issuer), client_id, client_secret, authentication, INSECURE);
}

/** By code with PKCE. */
async function signedIn(
  config: client.Configuration,
  redirect_uri: string,
  more: Record<string, string> = {},
): Promise<client.TokenEndpointResponse> {
  const [verifier, state] = [client.randomPKCECodeVerifier(), client.randomState()];
  const asked = client.buildAuthorizationUrl(config, {
    redirect_uri,
    scope: 'read',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    ...more,
  });
  const back = await bed.visitor.decide(asked);
  return client.authorizationCodeGrant(config, back, { pkceCodeVerifier: verifier, expectedState: state }, more);
}

describe('openid-client', () => {
  it('discovers a tenant, and the default tenant at the root', async () => {
    const config = await discovered('web');
    expect(config.serverMetadata().issuer).toBe(bed.issuer);
    expect((await discovered('web', undefined, bed.url)).serverMetadata().issuer).toBe(bed.url);
  });

  it.each([
    ['client_secret_post', () => client.ClientSecretPost(bed.clients.web.client_secret)],
    ['client_secret_basic', () => client.ClientSecretBasic(bed.clients.web.client_secret)],
  ])('gets a token by client credentials with %s', async (_name, authentication) => {
    const config = await discovered('web', authentication());
    const tokens = await client.clientCredentialsGrant(config, { scope: 'read' });
    expect([tokens.token_type, tokens.scope]).toEqual(['bearer', 'read']);
  });

  it.each(['web', 'native'] as const)('signs in by code, refreshes and revokes as %s', async (name) => {
    const { client_id, client_secret, redirect_uri } = bed.clients[name];
    const config = await discovered(
      name,
      client_secret === '' ? client.None() : client.ClientSecretBasic(client_secret),
    );
    const tokens = await signedIn(config, redirect_uri);
    const renewed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
    expect(renewed.scope).toBe('read');
    const gate = await discovered('gate');
    const told = await client.tokenIntrospection(gate, renewed.access_token);
    expect(told).toMatchObject({ active: true, sub: bed.user.id, client_id, scope: 'read', iss: bed.issuer });
    await client.tokenRevocation(config, renewed.refresh_token ?? '');
    expect(await client.tokenIntrospection(gate, renewed.access_token)).toEqual({ active: false });
  });

  it('asks for tokens for one resource server (RFC 8707)', async () => {
    const config = await discovered('native', client.None());
    const { redirect_uri } = bed.clients.native;
    const resource = { resource: API };
    const tokens = await signedIn(config, redirect_uri, resource);
    expect(await bed.told(tokens.access_token)).toMatchObject({ active: true, aud: API, sub: bed.user.id });
    const renewed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '', resource);
    expect(await bed.told(renewed.access_token)).toMatchObject({ active: true, aud: API, sub: bed.user.id });
    const unknown = signedIn(config, redirect_uri, { resource: 'https://other.example' });
    await expect(unknown).rejects.toMatchObject({ error: 'invalid_target' });
  });

  it('signs a device in, which asks until its user has approved', async () => {
    const config = await discovered('tv', client.None());
    const begun = await client.initiateDeviceAuthorization(config, { scope: 'read' });
    const tokens = client.pollDeviceAuthorizationGrant(config, begun);
    await bed.visitor.connect(begun.verification_uri_complete ?? '', begun.user_code);
    expect(await bed.told((await tokens).access_token)).toMatchObject({ sub: bed.user.id, scope: 'read' });
  });

  it('is told the error of the standard', async () => {
    const config = await discovered('web');
    await expect(client.refreshTokenGrant(config, 'x')).rejects.toMatchObject({ error: 'invalid_grant', status: 400 });
    const { client_id } = bed.clients.web;
    const wrong = await client.discovery(new URL(bed.issuer), client_id, 'wrong', undefined, INSECURE);
    await expect(client.clientCredentialsGrant(wrong)).rejects.toMatchObject({ error: 'invalid_client' });
  });
});
