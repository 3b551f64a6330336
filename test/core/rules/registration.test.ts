import { describe, expect, it } from 'vitest';
import { refuseRegistration, standardGrants } from '../../../src/core/rules/registration.ts';
import { client } from '../commands/rows.ts';

const WEB = 'https://app.example.com/callback';

function refusalOf(fields: Parameters<typeof client>[0]): string | undefined {
  return refuseRegistration(client({ grants: ['authorization_code'], redirectUris: [WEB], ...fields }))?.message;
}

describe('people may be sent to', () => {
  it.each([
    WEB,
    'https://app.example.com',
    'https://app.example.com:8443/callback?tenant=a%20b',
    'https://xn--bcher-kva.example/',
    'HTTPS://app.example.com/',
    'http://127.0.0.1/callback',
    'http://127.0.0.1:49152/callback',
    'http://[::1]:49152/',
    'http://localhost:3000/oauth',
    'cloud.artik.example.oauth://oauth2callback',
    'my-uri://',
    'my-uri://callback/path?x=1',
    'android-app://redirect',
    'com.example.app:/oauth2redirect',
  ])('%s', (uri) => {
    expect(refusalOf({ redirectUris: [uri] })).toBeUndefined();
  });
});

describe('nobody is sent to', () => {
  const ABSOLUTE = 'must be an absolute URI';
  it.each([
    ['', ABSOLUTE],
    ['/callback', ABSOLUTE],
    ['//app.example.com/callback', ABSOLUTE],
    ['app.example.com/callback', ABSOLUTE],
    [' https://app.example.com/', ABSOLUTE],
    ['https://app.example.com/a b', ABSOLUTE],
    ['https://app.example.com/\r\nset-cookie:x', ABSOLUTE],
    ['https://app.example.com\\@evil.example/', ABSOLUTE],
    ['https://bücher.example/', ABSOLUTE],
    ['https://app.example.com/%zz', ABSOLUTE],
    ['https://app.example.com/"><script>', ABSOLUTE],
    [`https://app.example.com/${'a'.repeat(1_977)}`, ABSOLUTE],
    ['https://app.example.com/#', 'must not have a fragment'],
    ['my-uri://callback#there', 'must not have a fragment'],
    ['https://*.example.com/', 'must not have a *'],
    ['https://app.example.com/*', 'must not have a *'],
    ['https://user@app.example.com/', 'must not have a user'],
    ['https://user:password@app.example.com/', 'must not have a user'],
    ['https://app.example.com@evil.example/', 'must not have a user'],
    ['http://127.0.0.1@evil.example/', 'must not have a user'],
    ['my-uri://user@callback', 'must not have a user'],
    ['https:', 'must name a host'],
    ['https:app.example.com', 'must name a host'],
    ['https:///app.example.com', 'must name a host'],
    ['https://app.example.com:99999/', 'must name a host'],
    ['http://app.example.com/', 'http is for 127.0.0.1'],
    ['http://127.0.0.1.evil.example/', 'http is for 127.0.0.1'],
    ['http://localhost.evil.example/', 'http is for 127.0.0.1'],
    ['http://127.0.0.2/', 'http is for 127.0.0.1'],
    ['http://127.1/', 'http is for 127.0.0.1'],
    ['http://0.0.0.0/', 'http is for 127.0.0.1'],
    ['http:127.0.0.1/', 'http is for 127.0.0.1'],
    ['http://localhost:99999/', 'http is for 127.0.0.1'],
    ...['javascript:alert(1)', 'JavaScript://x/%0aalert(1)', 'data:text/html,x', 'file:///etc/passwd'].map((uri) => [
      uri,
      'must not have the scheme',
    ]),
    ...['blob:https://app.example.com/1', 'vbscript:x', 'about:blank', 'view-source:https://x/'].map((uri) => [
      uri,
      'must not have the scheme',
    ]),
    ...['mailto:a%40b.example', 'tel:1', 'intent://x/', 'filesystem:https://x/', 'ws://x/'].map((uri) => [
      uri,
      'must not have the scheme',
    ]),
  ])('%s', (uri = '', reason = '') => {
    expect(refusalOf({ redirectUris: [WEB, uri] })).toContain(`each of redirect_uris`);
    expect(refusalOf({ redirectUris: [WEB, uri] })).toContain(reason);
  });

  it('more than 20 places', () => {
    const uris = Array.from({ length: 21 }, (_, i) => `${WEB}/${i}`);
    expect(refusalOf({ redirectUris: uris })).toBe('redirect_uris must have at most 20 entries');
    expect(refusalOf({ redirectUris: uris.slice(1) })).toBeUndefined();
  });
});

describe('grants', () => {
  it.each<[string, Parameters<typeof client>[0], string | undefined]>([
    ['with people’s passwords are for the platform’s own', { grants: ['password'] }, 'first_party'],
    ['of the platform’s own may be with passwords', { grants: ['password'], firstParty: true }, undefined],
    ['of its own need a secret', { grants: ['client_credentials'], confidential: false }, 'public client'],
    ['of its own are for who has one', { grants: ['client_credentials'] }, undefined],
    ['with codes need a place to go', { grants: ['authorization_code'], redirectUris: [] }, 'redirect_uris'],
    ['from the page need a place to go', { grants: ['implicit'], redirectUris: [] }, 'redirect_uris'],
    ['with codes of devices need none', { grants: ['device_code'], redirectUris: [], confidential: false }, undefined],
    ['may be none', { grants: [], redirectUris: [] }, undefined],
  ])('%s', (_, fields, reason) => {
    const message = refusalOf(fields);
    expect(message === undefined ? undefined : message.includes(reason ?? '\0')).toBe(
      reason === undefined ? undefined : true,
    );
  });

  it.each([
    [true, [], ['client_credentials', 'refresh_token']],
    [true, [WEB], ['authorization_code', 'client_credentials', 'refresh_token']],
    [false, [], []],
    [false, [WEB], ['authorization_code', 'refresh_token']],
  ])('are, of a client with secrets (%s) and redirect URIs %j, %j', (confidential, redirectUris, grants) => {
    expect(standardGrants({ confidential, redirectUris })).toEqual(grants);
  });
});

it.each([
  ['https://cdn.example.com/logo.png', true],
  ['', true],
  ['http://cdn.example.com/logo.png', false],
  ['http://localhost/logo.png', false],
  ['https:cdn.example.com', false],
  ['https://user@cdn.example.com/', false],
  ['data:image/png;base64,AA==', false],
  ['https://cdn.example.com/"onerror=', false],
])('the logo %s: %s', (logoUri, isGood) => {
  expect(refusalOf({ logoUri }) === undefined).toBe(isGood);
});

it.each([
  ['#0a7cff', true],
  ['#0A7CFF', true],
  ['', true],
  ['0a7cff', false],
  ['#0a7', false],
  ['#0a7cff;', false],
  ['red', false],
])('the colour %s: %s', (accentColor, isGood) => {
  expect(refusalOf({ accentColor }) === undefined).toBe(isGood);
});
