/** simple-oauth2, which knows no metadata and form-encodes what it sends by Basic. */
import { AuthorizationCode, ClientCredentials, ResourceOwnerPassword } from 'simple-oauth2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isActive, PASSWORD } from '../bed.ts';
import { agreed, BACK, type ClientsBed, openClientsBed } from './flows.ts';

let bed: ClientsBed;

beforeAll(async () => {
  bed = await openClientsBed();
});

afterAll(() => bed.close());

const optionsOf = (id: string, authorizationMethod: 'header' | 'body') => ({
  client: { id, secret: bed.secretOf(id) },
  auth: { tokenHost: bed.url, tokenPath: '/t/acme/oauth2/token', revokePath: '/t/acme/oauth2/revoke' },
  options: { authorizationMethod },
});

describe.each(['header', 'body'] as const)('simple-oauth2, with its secret in the %s', (method) => {
  it('gets a token by client credentials', async () => {
    const { token } = await new ClientCredentials(optionsOf('web', method)).getToken({ scope: 'read' });
    expect(token).toMatchObject({ token_type: 'Bearer', scope: 'read' });
  });

  it('signs in by password, refreshes and revokes', async () => {
    const grant = new ResourceOwnerPassword(optionsOf('app', method));
    const first = await grant.getToken({ username: 'ann', password: PASSWORD, scope: 'read' });
    const second = await first.refresh();
    expect(second.expired()).toBe(false);
    expect(await isActive(bed, String(second.token.access_token))).toBe(true);
    await second.revoke('access_token');
    expect(await isActive(bed, String(second.token.access_token))).toBe(false);
  });

  it('signs in by code', async () => {
    const grant = new AuthorizationCode(optionsOf('web', method));
    const asked = new URL(`${bed.issuer}/oauth2/authorize`);
    asked.search = new URLSearchParams({ client_id: 'web', response_type: 'code', redirect_uri: BACK }).toString();
    const code = (await agreed(bed, asked)).searchParams.get('code') ?? '';
    const { token } = await grant.getToken({ code, redirect_uri: BACK });
    expect(token).toMatchObject({ token_type: 'Bearer', scope: 'read write' });
  });
});
