import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AuthorizationError,
  type AuthorizationRequest,
  checkAuthorization,
} from '../../../src/core/operations/check-authorization.ts';
import { consentIdOf } from '../../../src/core/rules/consents.ts';
import type { ClientRegistration } from '../../../src/core/tables/clients.ts';
import { matchesRedirectUri } from '../../../src/core/text/redirect-uris.ts';
import { make, openMemoryTestBed, type TestBed } from '../../support.ts';
import { cutOff, makeWorld, type World } from '../fixtures.ts';

const WEB = 'https://app.example/back';
const NATIVE = 'http://127.0.0.1/back';
/** RFC 7636 appendix B. */
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
const PKCE = { codeChallenge: CHALLENGE, codeChallengeMethod: 'S256' } as const;

let bed: TestBed;
let world: World;
let other: World;

beforeAll(async () => {
  bed = await openMemoryTestBed();
  world = await makeWorld(bed);
  other = await makeWorld(bed);
  const code = { grants: ['authorization_code'], redirectUris: [WEB] } as const;
  await client('web', code);
  await client('native', { ...code, redirectUris: [NATIVE] }, false);
  await client('two', { ...code, redirectUris: [WEB, NATIVE] });
  await client('none', { grants: ['device_code'], redirectUris: [] });
  await client('machine', { grants: ['client_credentials'], redirectUris: [WEB] });
  await client('implicit', { grants: ['implicit'], redirectUris: [WEB] });
  await client('gone', code);
  await make(bed.store, cutOff(world, 'client', 'gone', 'disabled'));
});
afterAll(() => bed.close());

async function client(clientId: string, registration: Partial<ClientRegistration>, confidential = true): Promise<void> {
  const own = { clientId, tenantId: world.tenantId, displayName: clientId, confidential, roles: [] };
  await make(bed.store, { kind: 'create_client', client: { ...own, scopes: ['read', 'write'], ...registration } });
}

function check(request: Partial<AuthorizationRequest>, { tenantId }: World = world) {
  return checkAuthorization(world.services, tenantId, { clientId: 'web', responseType: 'code', ...request });
}

async function refused(request: Partial<AuthorizationRequest>, of: World = world) {
  const error = await check(request, of).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AuthorizationError);
  const { error: code, redirectUri } = error as AuthorizationError;
  return { code, redirectUri };
}

describe('a request for authorization', () => {
  it('answers what it asks for', async () => {
    const asked = { redirectUri: WEB, scopes: ['write', 'write'], ...PKCE };
    expect(await check(asked)).toMatchObject({
      client: { clientId: 'web' },
      redirectUri: WEB,
      redirectWasGiven: true,
      scopes: ['write'],
      audience: null,
      codeChallenge: CHALLENGE,
      responseType: 'code',
    });
  });

  it('without scopes asks for all that the client registered, and goes to its one redirect URI', async () => {
    const checked = { redirectUri: WEB, redirectWasGiven: false, scopes: ['read', 'write'], codeChallenge: null };
    expect(await check({})).toMatchObject(checked);
    expect(await check({ scopes: [] })).toMatchObject(checked);
  });

  it('takes tokens at once where the client is allowed to, and no challenge then', async () => {
    expect(await check({ clientId: 'implicit', responseType: 'token' })).toMatchObject({
      responseType: 'token',
      codeChallenge: null,
    });
  });

  it.each<[string, Partial<AuthorizationRequest>]>([
    ['no client', { clientId: '' }],
    ['a client id without an end', { clientId: 'x'.repeat(1_000) }],
    ['a client that nobody has', { clientId: 'nobody' }],
    ['a client that is disabled', { clientId: 'gone' }],
    ['a redirect URI that is not registered', { redirectUri: `${WEB}/` }],
    ['one with more behind it', { redirectUri: `${WEB}?a=b` }],
    ['one of another case', { redirectUri: 'https://APP.example/back' }],
    ['an empty one', { redirectUri: '' }],
    ['none of two', { clientId: 'two' }],
    ['none of none', { clientId: 'none' }],
    ['a port of a host that is not a loopback', { redirectUri: 'https://app.example:444/back' }],
  ])('is redirected nowhere: %s', async (_, request) => {
    expect((await refused(request)).redirectUri).toBeUndefined();
  });

  it('is redirected nowhere for a client of another tenant, and of a tenant that is disabled', async () => {
    expect((await refused({}, other)).redirectUri).toBeUndefined();
    expect((await refused({ clientId: other.tenantId })).redirectUri).toBeUndefined();
    const disabled = await makeWorld(bed);
    await make(bed.store, cutOff(disabled, 'tenant', disabled.tenantId, 'disabled'));
    expect(await refused({ clientId: disabled.tenantId }, disabled)).toEqual({ code: 'unauthorized_client' });
  });

  it.each<[string, Partial<AuthorizationRequest>, string]>([
    ['no response type', { responseType: '' }, 'invalid_request'],
    ['another response type', { responseType: 'id_token' }, 'unsupported_response_type'],
    ['two of them', { responseType: 'code token' }, 'unsupported_response_type'],
    ['tokens at once', { responseType: 'token' }, 'unauthorized_client'],
    ['a code that the client may not have', { clientId: 'machine' }, 'unauthorized_client'],
    ['a scope that the client has not got', { scopes: ['read', 'admin'] }, 'invalid_scope'],
    ['a scope of no form', { scopes: ['"'] }, 'invalid_scope'],
    ['too many scopes', { scopes: Array.from({ length: 65 }, () => 'read') }, 'invalid_scope'],
    ['a plain challenge', { codeChallenge: CHALLENGE, codeChallengeMethod: 'plain' }, 'invalid_request'],
    ['a challenge of the default method, which is plain', { codeChallenge: CHALLENGE }, 'invalid_request'],
    ['a method without a challenge', { codeChallengeMethod: 'S256' }, 'invalid_request'],
    ['a challenge that is too short', { ...PKCE, codeChallenge: 'a'.repeat(42) }, 'invalid_request'],
    ['a challenge that is too long', { ...PKCE, codeChallenge: 'a'.repeat(129) }, 'invalid_request'],
    ['a challenge of other characters', { ...PKCE, codeChallenge: `${'a'.repeat(42)}+` }, 'invalid_request'],
    ['an unknown resource server', { resource: 'https://nobody.example' }, 'invalid_target'],
  ])('is refused at its redirect URI: %s', async (_, request, code) => {
    expect(await refused(request)).toEqual({ code, redirectUri: WEB });
  });

  it('of a public client has a challenge (RFC 9700 section 2.1.1)', async () => {
    const redirectUri = 'http://127.0.0.1:49152/back';
    expect(await refused({ clientId: 'native', redirectUri })).toEqual({ code: 'invalid_request', redirectUri });
    expect(await check({ clientId: 'native', redirectUri, ...PKCE })).toMatchObject({ redirectUri });
  });
});

describe('a redirect URI', () => {
  it.each([
    ['http://127.0.0.1/back', 'http://127.0.0.1:49152/back', true],
    ['http://127.0.0.1:8080/back', 'http://127.0.0.1:49152/back', true],
    ['http://127.0.0.1:8080/back', 'http://127.0.0.1/back', true],
    ['http://[::1]/back', 'http://[::1]:49152/back', true],
    ['http://localhost:8080/back', 'http://localhost:49152/back', true],
    ['http://127.0.0.1', 'http://127.0.0.1:1', true],
    ['com.example.app:/back', 'com.example.app:/back', true],
    ['http://127.0.0.1/back', 'http://localhost/back', false],
    ['http://127.0.0.1/back', 'http://[::1]/back', false],
    ['http://127.0.0.1/back', 'http://127.0.0.1:49152/other', false],
    ['http://127.0.0.1/back', 'http://127.0.0.1:0/back', false],
    ['http://127.0.0.1/back', 'http://127.0.0.1:65536/back', false],
    ['http://127.0.0.1/back', 'http://127.0.0.1:80@evil.example/back', false],
    ['http://127.0.0.1/back', 'http://127.0.0.1:80:90/back', false],
    ['http://127.0.0.1/back', 'http://127.0.0.1.evil.example/back', false],
    ['http://127.0.0.1/back', 'http://user@127.0.0.1/back', false],
    ['http://127.0.0.1/back', 'https://127.0.0.1:49152/back', false],
    ['https://127.0.0.1/back', 'https://127.0.0.1:49152/back', false],
    ['http://app.example/back', 'http://app.example:49152/back', false],
  ])('registered as %s takes %s: %s', (registered, given, matches) => {
    expect(matchesRedirectUri(registered, given)).toBe(matches);
  });
});

it('the id of a consent follows from its three ids, and of no other three', () => {
  const ids = [
    consentIdOf('a', 'b', 'c'),
    consentIdOf('a', 'b', 'd'),
    consentIdOf('a', 'c', 'b'),
    consentIdOf('b', 'b', 'c'),
    consentIdOf('ab', '', 'c'),
    consentIdOf('', 'ab', 'c'),
  ];
  expect(new Set(ids).size).toBe(ids.length);
  expect(consentIdOf('a', 'b', 'c')).toBe(ids[0]);
  expect(ids[0]).toMatch(/^co_[0-9A-Za-z]{24}$/);
});
