/** oauth4webapi, which checks every answer by the letter of the RFCs. */
import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClientsBed, openClientsBed } from './bed.ts';

let bed: ClientsBed;
let server: oauth.AuthorizationServer;

const INSECURE = { [oauth.allowInsecureRequests]: true };

beforeAll(async () => {
  bed = await openClientsBed();
  const issuer = new URL(bed.issuer);
  const response = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...INSECURE });
  server = await oauth.processDiscoveryResponse(issuer, response);
});

afterAll(() => bed[Symbol.asyncDispose]());

const web = () => ({ client_id: bed.clients.web.client_id });
const tv = () => ({ client_id: bed.clients.tv.client_id });
const proof = () => oauth.ClientSecretBasic(bed.clients.web.client_secret);

async function granted(): Promise<oauth.TokenEndpointResponse> {
  const asked = await oauth.clientCredentialsGrantRequest(server, web(), proof(), { scope: 'read write' }, INSECURE);
  return oauth.processClientCredentialsResponse(server, web(), asked);
}

async function begun(): Promise<oauth.DeviceAuthorizationResponse> {
  const asked = await oauth.deviceAuthorizationRequest(server, tv(), oauth.None(), { scope: 'read' }, INSECURE);
  return oauth.processDeviceAuthorizationResponse(server, tv(), asked);
}

async function polled(deviceCode: string): Promise<oauth.TokenEndpointResponse> {
  const answer = await oauth.deviceCodeGrantRequest(server, tv(), oauth.None(), deviceCode, INSECURE);
  return oauth.processDeviceCodeResponse(server, tv(), answer);
}

describe('oauth4webapi', () => {
  it('takes the metadata and the answer to client credentials', async () => {
    expect(await granted()).toMatchObject({ token_type: 'bearer', scope: 'read write' });
  });

  it('signs in by code, takes the issuer and the state of the answer, and refreshes', async () => {
    const [verifier, state] = [oauth.generateRandomCodeVerifier(), oauth.generateRandomState()];
    const asked = new URL(server.authorization_endpoint ?? '');
    const { redirect_uri } = bed.clients.web;
    const challenge = await oauth.calculatePKCECodeChallenge(verifier);
    const pkce = { code_challenge: challenge, code_challenge_method: 'S256' };
    asked.search = `${new URLSearchParams({ ...web(), redirect_uri, response_type: 'code', scope: 'read', state, ...pkce })}`;
    const back = await bed.visitor.decide(asked);
    const code = oauth.validateAuthResponse(server, web(), back, state);
    const redeem = () =>
      oauth.authorizationCodeGrantRequest(server, web(), proof(), code, redirect_uri, verifier, INSECURE);
    const tokens = await oauth.processAuthorizationCodeResponse(server, web(), await redeem());
    expect(await bed.told(tokens.access_token)).toMatchObject({ active: true, sub: bed.user.id, scope: 'read' });
    const again = await oauth.refreshTokenGrantRequest(server, web(), proof(), tokens.refresh_token ?? '', INSECURE);
    const renewed = await oauth.processRefreshTokenResponse(server, web(), again);
    expect(await bed.told(renewed.access_token)).toMatchObject({ active: true, sub: bed.user.id, scope: 'read' });
    // A code that comes back ends what it gave (RFC 6749 section 4.1.2).
    await expect(oauth.processAuthorizationCodeResponse(server, web(), await redeem())).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    expect(await bed.told(renewed.access_token)).toEqual({ active: false });
  });

  it('is told that the user denied', async () => {
    const [state, challenge] = ['s', await oauth.calculatePKCECodeChallenge(oauth.generateRandomCodeVerifier())];
    const asked = new URL(server.authorization_endpoint ?? '');
    const pkce = { code_challenge: challenge, code_challenge_method: 'S256' };
    asked.search = `${new URLSearchParams({ ...web(), response_type: 'code', scope: 'write', state, ...pkce })}`;
    const back = await bed.visitor.decide(asked, 'deny');
    expect(() => oauth.validateAuthResponse(server, web(), back, state)).toThrow(
      expect.objectContaining({ error: 'access_denied' }),
    );
  });

  it('takes the answers of introspection', async () => {
    const { access_token } = await granted();
    const { client_id, client_secret } = bed.clients.gate;
    const asked = async (token: string) => {
      const gate = { client_id };
      const proven = oauth.ClientSecretPost(client_secret);
      const response = await oauth.introspectionRequest(server, gate, proven, token, INSECURE);
      return oauth.processIntrospectionResponse(server, gate, response);
    };
    expect(await asked(access_token)).toMatchObject({ active: true, ...web(), token_type: 'Bearer' });
    const revoked = await oauth.revocationRequest(server, web(), proof(), access_token, INSECURE);
    await oauth.processRevocationResponse(revoked);
    expect(await asked(access_token)).toEqual({ active: false });
  });

  it('signs a device in', async () => {
    const { device_code, user_code, verification_uri } = await begun();
    await bed.visitor.connect(verification_uri, user_code);
    const tokens = await polled(device_code);
    expect(await bed.told(tokens.access_token)).toMatchObject({ ...tv(), sub: bed.user.id, scope: 'read' });
  });

  it('reads why a device has to wait, and that its user denied', async () => {
    const { device_code } = await begun();
    await expect(polled(device_code)).rejects.toMatchObject({ error: 'authorization_pending' });
    await expect(polled(device_code)).rejects.toMatchObject({ error: 'slow_down' });
    const other = await begun();
    await bed.visitor.connect(other.verification_uri, other.user_code, 'deny');
    await expect(polled(other.device_code)).rejects.toMatchObject({ error: 'access_denied' });
  });

  it('reads the error and the challenge of a wrong secret', async () => {
    const wrong = oauth.ClientSecretBasic('wrong');
    const response = await oauth.clientCredentialsGrantRequest(server, web(), wrong, {}, INSECURE);
    await expect(oauth.processClientCredentialsResponse(server, web(), response)).rejects.toMatchObject({
      status: 401,
      cause: [{ scheme: 'basic', parameters: { realm: 'symbolon' } }],
    });
    const posted = oauth.ClientSecretPost('wrong');
    const other = await oauth.clientCredentialsGrantRequest(server, web(), posted, {}, INSECURE);
    await expect(oauth.processClientCredentialsResponse(server, web(), other)).rejects.toMatchObject({
      error: 'invalid_client',
    });
  });
});
