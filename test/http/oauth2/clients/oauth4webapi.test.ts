/** oauth4webapi, which checks every answer by the letter of the RFCs. */
import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approved, type ClientsBed, openClientsBed } from './flows.ts';

let bed: ClientsBed;
let server: oauth.AuthorizationServer;

const INSECURE = { [oauth.allowInsecureRequests]: true };

beforeAll(async () => {
  bed = await openClientsBed();
  const issuer = new URL(bed.issuer);
  const response = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...INSECURE });
  server = await oauth.processDiscoveryResponse(issuer, response);
});

afterAll(() => bed.close());

const WEB = { client_id: 'web' };
const proof = () => oauth.ClientSecretBasic(bed.secretOf('web'));

async function granted(): Promise<oauth.TokenEndpointResponse> {
  const response = await oauth.clientCredentialsGrantRequest(server, WEB, proof(), { scope: 'read write' }, INSECURE);
  return oauth.processClientCredentialsResponse(server, WEB, response);
}

describe('oauth4webapi', () => {
  it('takes the metadata and the answer to client credentials', async () => {
    expect(await granted()).toMatchObject({ token_type: 'bearer', scope: 'read write' });
  });

  it('takes the answers of introspection', async () => {
    const { access_token } = await granted();
    const gate = { client_id: 'gate' };
    const asked = async (token: string) => {
      const proven = oauth.ClientSecretPost(bed.secretOf('gate'));
      const response = await oauth.introspectionRequest(server, gate, proven, token, INSECURE);
      return oauth.processIntrospectionResponse(server, gate, response);
    };
    expect(await asked(access_token)).toMatchObject({ active: true, client_id: 'web', token_type: 'Bearer' });
    const revoked = await oauth.revocationRequest(server, WEB, proof(), access_token, INSECURE);
    await oauth.processRevocationResponse(revoked);
    expect(await asked(access_token)).toEqual({ active: false });
  });

  it('signs a device in', async () => {
    const tv = { client_id: 'native' };
    const begun = await oauth.deviceAuthorizationRequest(server, tv, oauth.None(), { scope: 'read' }, INSECURE);
    const { device_code, user_code } = await oauth.processDeviceAuthorizationResponse(server, tv, begun);
    const poll = async () => {
      const response = await oauth.deviceCodeGrantRequest(server, tv, oauth.None(), device_code, INSECURE);
      return oauth.processDeviceCodeResponse(server, tv, response);
    };
    await expect(poll()).rejects.toMatchObject({ error: 'authorization_pending' });
    await expect(poll()).rejects.toMatchObject({ error: 'slow_down' });
    await approved(bed, user_code);
    bed.clock.advance(20_000);
    expect(await poll()).toMatchObject({ token_type: 'bearer', scope: 'read' });
  });

  it('reads the error and the challenge of a wrong secret', async () => {
    const wrong = oauth.ClientSecretBasic('wrong');
    const response = await oauth.clientCredentialsGrantRequest(server, WEB, wrong, {}, INSECURE);
    await expect(oauth.processClientCredentialsResponse(server, WEB, response)).rejects.toMatchObject({
      status: 401,
      cause: [{ scheme: 'basic', parameters: { realm: 'symbolon' } }],
    });
    const posted = oauth.ClientSecretPost('wrong');
    const other = await oauth.clientCredentialsGrantRequest(server, WEB, posted, {}, INSECURE);
    await expect(oauth.processClientCredentialsResponse(server, WEB, other)).rejects.toMatchObject({
      error: 'invalid_client',
    });
  });
});
