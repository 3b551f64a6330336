import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GrantType } from '../../../gen/ts/symbolon/v1/client_service.ts';
import { failureOf } from '../client.ts';
import { type DirectoryBed, openDirectoryBed } from './bed.ts';

let bed: DirectoryBed;

beforeAll(async () => {
  bed = await openDirectoryBed();
});

afterAll(() => bed.close());

const WEB = 'https://app.example.com/callback';
const APP = 'com.example.app:/callback';

describe('a client’s part in authorization', () => {
  it('is what was registered, without repetitions', async () => {
    const registered = {
      firstParty: true,
      grantTypes: [GrantType.PASSWORD, GrantType.AUTHORIZATION_CODE, GrantType.IMPLICIT],
      redirectUris: [WEB, APP],
      logoUri: 'https://cdn.example.com/logo.png',
      accentColor: '#0a7cff',
    };
    const twice = { redirectUris: [WEB, APP, WEB], grantTypes: [...registered.grantTypes, GrantType.PASSWORD] };
    const request = { clientId: 'acme.first', confidential: true, ...registered, ...twice };
    expect((await bed.call('createClient', request)).client).toMatchObject(registered);
    expect((await bed.call('getClient', { clientId: 'acme.first' })).client).toMatchObject(registered);
    const { clients } = await bed.call('listClients', {});
    expect(clients.find(({ clientId }) => clientId === 'acme.first')).toMatchObject(registered);
  });

  it('fits the client where no grants are named', async () => {
    const { client } = await bed.call('createClient', { clientId: 'acme.native', redirectUris: [APP] });
    expect(client?.grantTypes).toEqual([GrantType.AUTHORIZATION_CODE, GrantType.REFRESH_TOKEN]);
    const { client: bare } = await bed.call('createClient', { clientId: 'acme.bare' });
    expect(bare?.grantTypes).toEqual([]);
  });

  it('changes by what the mask names alone, and is judged as a whole', async () => {
    const clientId = 'acme.changing-part';
    await bed.call('createClient', { clientId, confidential: true, redirectUris: [WEB] });
    const change = { clientId, redirectUris: [], accentColor: '#ffffff', logoUri: 'https://cdn.example.com/' };
    const { client } = await bed.call('updateClient', { ...change, updateMask: ['accent_color', 'logo_uri'] });
    expect(client).toMatchObject({ redirectUris: [WEB], accentColor: '#ffffff', logoUri: 'https://cdn.example.com/' });
    const withoutPlace = bed.call('updateClient', { ...change, updateMask: ['redirect_uris'] });
    expect(await failureOf(withoutPlace)).toMatchObject({
      status: 'INVALID_ARGUMENT',
      message: 'redirect_uris must name one at least, for grant_types has authorization_code',
    });
    const both = { ...change, updateMask: ['redirect_uris', 'grant_types'] };
    expect((await bed.call('updateClient', both)).client).toMatchObject({ redirectUris: [], grantTypes: [] });
    const first = { clientId, firstParty: true, grantTypes: [GrantType.PASSWORD] };
    await bed.call('updateClient', { ...first, updateMask: ['first_party', 'grant_types'] });
    const third = bed.call('updateClient', { clientId, firstParty: false, updateMask: ['first_party'] });
    expect(await failureOf(third)).toMatchObject({ status: 'INVALID_ARGUMENT' });
  });

  it.each([
    [{ redirectUris: ['http://app.example.com/'] }, 'each of redirect_uris must begin with https'],
    [{ grantTypes: [GrantType.PASSWORD] }, 'grant_types must not have password unless first_party is set'],
    [{ grantTypes: [GrantType.CLIENT_CREDENTIALS] }, 'grant_types must not have client_credentials for a public'],
    [{ grantTypes: [GrantType.IMPLICIT] }, 'redirect_uris must name one at least, for grant_types has implicit'],
    [{ grantTypes: [GrantType.UNSPECIFIED] }, 'each of grant_types must be a GrantType'],
    [{ logoUri: 'http://cdn.example.com/' }, 'logo_uri must be an https URI'],
    [{ accentColor: 'red' }, 'accent_color must be # and six hexadecimal digits'],
  ])('is refused as %j', async (fields, message) => {
    expect(await failureOf(bed.call('createClient', { clientId: 'acme.refused', ...fields }))).toMatchObject({
      status: 'INVALID_ARGUMENT',
      message: expect.stringContaining(message),
    });
  });

  it('is seen at once by those who know the client', async () => {
    const clientId = 'acme.known';
    await bed.call('createClient', { clientId, confidential: true });
    const { clientVersion: before } = (await bed.store.readClient(clientId)) ?? {};
    await bed.call('updateClient', { clientId, redirectUris: [WEB], updateMask: ['redirect_uris'] });
    const { clientVersion: after, client } = (await bed.store.readClient(clientId)) ?? {};
    expect(client?.redirectUris).toEqual([WEB]);
    expect(after).toBe((before ?? 0) + 1);
  });
});
