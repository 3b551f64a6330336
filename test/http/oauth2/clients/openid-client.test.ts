/** openid-client, as its documentation uses it. */
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agreed, BACK, type ClientsBed, openClientsBed } from './flows.ts';

let bed: ClientsBed;

beforeAll(async () => {
  bed = await openClientsBed();
});

afterAll(() => bed.close());

const INSECURE: client.DiscoveryRequestOptions = { execute: [client.allowInsecureRequests], algorithm: 'oauth2' };

function discovered(clientId: string, authentication?: client.ClientAuth, issuer = bed.issuer) {
  return client.discovery(new URL(issuer), clientId, bed.secretOf(clientId), authentication, INSECURE);
}

/** By code with PKCE. */
async function signedIn(config: client.Configuration): Promise<client.TokenEndpointResponse> {
  const [verifier, state] = [client.randomPKCECodeVerifier(), client.randomState()];
  const asked = new URL(`${bed.issuer}/oauth2/authorize`);
  const parameters = {
    client_id: config.clientMetadata().client_id,
    response_type: 'code',
    redirect_uri: BACK,
    scope: 'read',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
  };
  asked.search = new URLSearchParams(parameters).toString();
  const back = await agreed(bed, asked);
  return client.authorizationCodeGrant(config, back, { pkceCodeVerifier: verifier, expectedState: state });
}

describe('openid-client', () => {
  it('discovers a tenant, and the default tenant at the root', async () => {
    const config = await discovered('web');
    expect(config.serverMetadata().issuer).toBe(bed.issuer);
    expect((await discovered('web', undefined, bed.url)).serverMetadata().issuer).toBe(bed.url);
  });

  it.each([
    ['client_secret_post', () => client.ClientSecretPost(bed.secretOf('web'))],
    ['client_secret_basic', () => client.ClientSecretBasic(bed.secretOf('web'))],
  ])('gets a token by client credentials with %s', async (_name, authentication) => {
    const config = await discovered('web', authentication());
    const tokens = await client.clientCredentialsGrant(config, { scope: 'read' });
    expect([tokens.token_type, tokens.scope]).toEqual(['bearer', 'read']);
  });

  it.each(['web', 'native'])('signs in by code, refreshes and revokes as %s', async (clientId) => {
    const authentication = clientId === 'native' ? client.None() : client.ClientSecretBasic(bed.secretOf('web'));
    const config = await discovered(clientId, authentication);
    const tokens = await signedIn(config);
    const renewed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
    expect(renewed.scope).toBe('read');
    const gate = await discovered('gate');
    const told = await client.tokenIntrospection(gate, renewed.access_token);
    expect(told).toMatchObject({ active: true, sub: 'user-1', client_id: clientId, scope: 'read', iss: bed.issuer });
    await client.tokenRevocation(config, renewed.refresh_token ?? '');
    expect(await client.tokenIntrospection(gate, renewed.access_token)).toEqual({ active: false });
  });

  it('is told the error of the standard', async () => {
    const config = await discovered('web');
    await expect(client.refreshTokenGrant(config, 'x')).rejects.toMatchObject({ error: 'invalid_grant', status: 400 });
    const wrong = await client.discovery(new URL(bed.issuer), 'web', 'wrong', undefined, INSECURE);
    await expect(client.clientCredentialsGrant(wrong)).rejects.toMatchObject({ error: 'invalid_client' });
  });
});
