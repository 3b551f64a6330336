/** simple-oauth2, which knows no metadata and form-encodes what it sends by Basic. */
import { AuthorizationCode, ClientCredentials, ResourceOwnerPassword } from 'simple-oauth2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClientsBed, openClientsBed } from './bed.ts';

let bed: ClientsBed;

beforeAll(async () => {
  bed = await openClientsBed();
});

afterAll(() => bed[Symbol.asyncDispose]());

const pathOf = (endpoint: string) => `${new URL(bed.issuer).pathname}/oauth2/${endpoint}`;

const optionsOf = (name: 'web' | 'trusted', authorizationMethod: 'header' | 'body') => {
  const { client_id: id, client_secret: secret } = bed.clients[name];
  const auth = { tokenHost: bed.url, tokenPath: pathOf('token'), revokePath: pathOf('revoke') };
  return { client: { id, secret }, auth, options: { authorizationMethod } };
};

describe.each(['header', 'body'] as const)('simple-oauth2, with its secret in the %s', (method) => {
  it('gets a token by client credentials', async () => {
    const { token } = await new ClientCredentials(optionsOf('web', method)).getToken({ scope: 'read' });
    expect(token).toMatchObject({ token_type: 'Bearer', scope: 'read' });
  });

  it('signs in by password, refreshes and revokes', async () => {
    const { username, password } = bed.user;
    const grant = new ResourceOwnerPassword(optionsOf('trusted', method));
    const first = await grant.getToken({ username, password, scope: 'read' });
    const second = await first.refresh();
    expect(second.expired()).toBe(false);
    expect(await bed.told(String(second.token.access_token))).toMatchObject({ active: true, sub: bed.user.id });
    await second.revoke('access_token');
    expect(await bed.told(String(second.token.access_token))).toEqual({ active: false });
  });

  it('signs in by code, without PKCE, and refreshes', async () => {
    const { redirect_uri } = bed.clients.web;
    const { auth, ...options } = optionsOf('web', method);
    const grant = new AuthorizationCode({ ...options, auth: { ...auth, authorizePath: pathOf('authorize') } });
    const back = await bed.visitor.decide(grant.authorizeURL({ redirect_uri, state: 'x y' }));
    expect(back.searchParams.get('state')).toBe('x y');
    const first = await grant.getToken({ code: back.searchParams.get('code') ?? '', redirect_uri });
    expect(first.token).toMatchObject({ token_type: 'Bearer', scope: 'read write' });
    const { token } = await first.refresh();
    expect(await bed.told(String(token.access_token))).toMatchObject({ active: true, scope: 'read write' });
  });
});
