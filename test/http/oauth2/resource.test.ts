/** Tokens for one resource server alone (RFC 8707). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { make, openMemoryTestBed } from '../../support.ts';
import { basic, INTROSPECT, inBody, type OAuthBed, openOAuthBed, PASSWORD, post, TOKEN } from './bed.ts';

const API = 'https://api.example/v1';

let bed: OAuthBed;

beforeAll(async () => {
  bed = await openOAuthBed({ open: openMemoryTestBed });
  await bed.makeClient('own-gate', { roles: ['introspect'] });
  const server = {
    tenantId: 'acme',
    resourceServerId: API,
    displayName: 'API',
    scopes: ['read'],
    clientIds: ['own-gate'],
  };
  await make(bed.store, { kind: 'create_resource_server', ...server });
});

afterAll(() => bed.close());

const granted = (more: Record<string, string>) =>
  post(bed, TOKEN, { grant_type: 'client_credentials', ...more }, basic(bed, 'app'));

const told = async (token: string, clientId: string) =>
  (await post(bed, INTROSPECT, { token }, basic(bed, clientId))).json;

describe('a token that is for a resource server', () => {
  it('says so to its own clients and to admins, and is inactive to others', async () => {
    const { access_token: token } = (await granted({ resource: API, scope: 'read' })).json;
    for (const clientId of ['own-gate', 'boss']) {
      expect(await told(token, clientId)).toMatchObject({ active: true, aud: API, scope: 'read' });
    }
    expect(await told(token, 'gate')).toEqual({ active: false });
  });

  it('has the scopes that the server knows, where none are named', async () => {
    expect((await granted({ resource: API })).json.scope).toBe('read');
    expect((await granted({ resource: API, scope: 'write' })).json.error).toBe('invalid_scope');
  });

  it('is refreshed for the same one, and for no other', async () => {
    const form = { grant_type: 'password', username: 'ann', password: PASSWORD, resource: API, ...inBody(bed, 'app') };
    const { refresh_token } = (await post(bed, TOKEN, form)).json;
    const again = { grant_type: 'refresh_token', refresh_token, ...inBody(bed, 'app') };
    expect((await post(bed, TOKEN, { ...again, resource: 'https://other.example' })).json.error).toBe('invalid_target');
    const { json } = await post(bed, TOKEN, { ...again, resource: API });
    expect(await told(json.access_token, 'own-gate')).toMatchObject({ active: true, aud: API });
  });
});

it('a token without a resource has no aud', async () => {
  const { access_token } = (await granted({})).json;
  expect(await told(access_token, 'gate')).not.toHaveProperty('aud');
});
