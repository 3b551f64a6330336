/** How a client takes part in authorization, by the flags of `client create` and `client update`. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Workspace } from './workspace.ts';

const WEB = 'https://app.example.com/callback';
const APP = 'com.example.app:/callback';
const ACME = ['--tenant', 'acme'];

let workspace: Workspace;

beforeAll(async () => {
  workspace = new Workspace();
  await workspace.text(['init']);
  await workspace.text(['tenant', 'create', 'acme']);
});
afterAll(() => workspace[Symbol.dispose]());

it('a client is made with its part in authorization, which update changes', async () => {
  const places = ['--redirect-uri', WEB, '--redirect-uri', APP];
  const looks = ['--logo', 'https://cdn.example.com/logo.png', '--accent-color', '#0a7cff'];
  const grants = ['--grant', 'authorization_code', '--grant', 'password', '--first-party'];
  const registered = {
    first_party: true,
    grant_types: ['authorization_code', 'password'],
    redirect_uris: [WEB, APP],
    logo_uri: 'https://cdn.example.com/logo.png',
    accent_color: '#0a7cff',
  };
  const create = ['client', 'create', ...ACME, '--id', 'acme.web', ...places, ...looks, ...grants];
  expect(await workspace.json(create)).toMatchObject(registered);
  const update = (...flags: string[]) => workspace.json(['client', 'update', 'acme.web', ...ACME, ...flags]);
  expect(await update('--display-name', 'Web')).toMatchObject(registered);
  const less = await update('--redirect-uri', WEB, '--grant', 'implicit', '--no-first-party', '--logo', '');
  expect(less).toMatchObject({ redirect_uris: [WEB], grant_types: ['implicit'], first_party: false, logo_uri: null });
  const nothing = await update('--clear-redirect-uris', '--clear-grants');
  expect(nothing).toMatchObject({ redirect_uris: [], grant_types: [], accent_color: '#0a7cff' });
  expect(await workspace.json(['client', 'get', 'acme.web', ...ACME])).toMatchObject(nothing);
});

it.each([
  [['--redirect-uri', 'http://app.example.com/'], 'each of redirect_uris must begin with https'],
  [['--grant', 'password'], 'grant_types must not have password unless first_party is set'],
  [['--grant', 'magic'], 'It must be one of authorization_code, client_credentials'],
  [['--logo', 'http://cdn.example.com/'], 'logo_uri must be an https URI'],
])('%j is refused', async (flags, message) => {
  expect(await workspace.refusal(['client', 'create', ...ACME, ...flags])).toContain(message);
});

it('a list is not given and taken away at once', async () => {
  const both = ['client', 'update', 'acme', ...ACME, '--grant', 'implicit', '--clear-grants'];
  expect(await workspace.refusal(both)).toContain('--grant is given with --clear-grants. Leave one of them out');
});
