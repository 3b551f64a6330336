import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClientRole, GrantType } from '../../../gen/ts/symbolon/v1/client_service.ts';
import { basic, CREDENTIALS, failureOf, introspect, issue } from '../client.ts';
import { type DirectoryBed, openDirectoryBed } from './bed.ts';

let bed: DirectoryBed;

beforeAll(async () => {
  bed = await openDirectoryBed();
});

afterAll(() => bed.close());

async function makeBackend(clientId: string, roles: ClientRole[] = []) {
  const request = { clientId, confidential: true, roles, scopes: ['read'] };
  return bed.call('createClient', request);
}

/** Whether a secret proves the client. */
async function proves(clientId: string, secret: string): Promise<boolean> {
  return issue(bed, CREDENTIALS.client(clientId, secret), basic(clientId, secret)).then(
    () => true,
    () => false,
  );
}

describe('clients', () => {
  it('are made with a secret that is told once, and an id where none is given', async () => {
    const made = await bed.call('createClient', { confidential: true, roles: [ClientRole.INTROSPECT] });
    const { client, clientSecret, secretId } = made;
    expect(client).toEqual({
      clientId: expect.stringMatching(/^cl_/),
      tenantId: 'acme',
      displayName: client?.clientId,
      confidential: true,
      roles: [ClientRole.INTROSPECT],
      scopes: [],
      disabled: false,
      createTime: { seconds: bed.clock.now / 1_000, nanos: 0 },
      secrets: [],
      firstParty: false,
      grantTypes: [GrantType.CLIENT_CREDENTIALS, GrantType.REFRESH_TOKEN],
      redirectUris: [],
      logoUri: '',
      accentColor: '',
    });
    expect(await proves(client?.clientId ?? '', clientSecret)).toBe(true);
    const read = await bed.call('getClient', { clientId: client?.clientId ?? '' });
    expect(read.client).toEqual({ ...client, secrets: [{ secretId, expireTime: undefined }] });
    expect(JSON.stringify(read)).not.toContain(clientSecret);
    const { client: page } = await bed.call('createClient', { clientId: 'acme.page', displayName: 'A page' });
    expect(page).toMatchObject({ clientId: 'acme.page', displayName: 'A page', confidential: false });
    expect(await failureOf(bed.call('createClient', { clientId: 'acme.page' }))).toMatchObject({
      status: 'ALREADY_EXISTS',
    });
  });

  it('that are public have neither secret nor role', async () => {
    const { clientSecret, secretId } = await bed.call('createClient', { clientId: 'acme.spa' });
    expect([clientSecret, secretId]).toEqual(['', '']);
    const withRole = bed.call('createClient', { clientId: 'acme.spa2', roles: [ClientRole.ADMIN] });
    expect(await failureOf(withRole)).toMatchObject({ status: 'INVALID_ARGUMENT' });
    expect(await failureOf(bed.call('addClientSecret', { clientId: 'acme.spa' }))).toMatchObject({
      status: 'INVALID_ARGUMENT',
      message: 'A public client can’t have a secret',
    });
  });

  it('are made in another tenant by operators alone, and so is the operator’s role given', async () => {
    const { client } = await bed.call('createClient', { tenantId: 'other', clientId: 'planted' }, bed.as.operator);
    expect(client).toMatchObject({ tenantId: 'other' });
    expect(await failureOf(bed.call('createClient', { tenantId: 'other', clientId: 'x' }))).toMatchObject({
      status: 'NOT_FOUND',
      message: 'There is no tenant other',
    });
    expect(await failureOf(bed.call('createClient', { tenantId: 'nowhere', clientId: 'x' }))).toMatchObject({
      status: 'NOT_FOUND',
      message: 'There is no tenant nowhere',
    });
    const role = { confidential: true, roles: [ClientRole.OPERATOR] };
    expect(await failureOf(bed.call('createClient', role))).toMatchObject({ status: 'PERMISSION_DENIED' });
    expect((await bed.call('createClient', role, bed.as.operator)).client).toMatchObject({
      roles: [ClientRole.OPERATOR],
    });
    const rise = { clientId: 'plain', roles: [ClientRole.OPERATOR], updateMask: ['roles'] };
    expect(await failureOf(bed.call('updateClient', rise))).toMatchObject({ status: 'PERMISSION_DENIED' });
  });

  it('that are operators are changed by operators alone', async () => {
    const clientId = 'operator';
    const attempts = [
      bed.call('updateClient', { clientId, displayName: 'x', updateMask: ['display_name'] }),
      bed.call('addClientSecret', { clientId }),
      bed.call('revokeAll', { target: { $case: 'clientId', value: clientId } }),
      bed.call('expireClientSecret', { clientId, secretId: 'cs_operator' }),
      bed.call('disableClient', { clientId }),
      bed.call('enableClient', { clientId }),
      bed.call('deleteClient', { clientId }),
    ];
    for (const attempt of attempts) {
      expect(await failureOf(attempt)).toMatchObject({ status: 'PERMISSION_DENIED' });
    }
  });

  it('change by what the mask names alone', async () => {
    await makeBackend('acme.changing', [ClientRole.INTROSPECT]);
    const request = { clientId: 'acme.changing', displayName: 'New', scopes: ['write'], roles: [] };
    const { client } = await bed.call('updateClient', { ...request, updateMask: ['scopes'] });
    expect(client).toMatchObject({ displayName: 'acme.changing', scopes: ['write'], roles: [ClientRole.INTROSPECT] });
    const { client: bare } = await bed.call('updateClient', { ...request, updateMask: ['roles', 'display_name'] });
    expect(bare).toMatchObject({ displayName: 'New', scopes: ['write'], roles: [] });
  });

  it('refuse roles that are none', async () => {
    for (const role of [ClientRole.UNSPECIFIED, 17]) {
      const roles = [role] as ClientRole[];
      expect(await failureOf(bed.call('createClient', { confidential: true, roles }))).toMatchObject({
        status: 'INVALID_ARGUMENT',
        message: 'each of roles must be a ClientRole',
      });
    }
  });

  it('are listed by id without their secrets', async () => {
    const { clients } = await bed.call('listClients', {});
    const ids = clients.map(({ clientId }) => clientId);
    expect(ids).toEqual([...ids].sort());
    expect(ids).toEqual(expect.arrayContaining(['acme', 'admin', 'operator', 'plain', 'service']));
    expect(ids).not.toContain('other-admin');
    expect(clients.every(({ secrets }) => secrets.length === 0)).toBe(true);
  });

  it('hold secrets beside each other until these expire', async () => {
    const { clientSecret: first } = await makeBackend('acme.rotating');
    const added = await bed.call('addClientSecret', {
      clientId: 'acme.rotating',
      othersExpireIn: { seconds: 60, nanos: 0 },
    });
    expect([await proves('acme.rotating', first), await proves('acme.rotating', added.clientSecret)]).toEqual([
      true,
      true,
    ]);
    const { client } = await bed.call('getClient', { clientId: 'acme.rotating' });
    const ends = { seconds: bed.clock.now / 1_000 + 60, nanos: 0 };
    expect(client?.secrets.find(({ secretId }) => secretId !== added.secretId)?.expireTime).toEqual(ends);
    bed.clock.advance(60_000);
    expect([await proves('acme.rotating', first), await proves('acme.rotating', added.clientSecret)]).toEqual([
      false,
      true,
    ]);
    const after = await bed.call('getClient', { clientId: 'acme.rotating' });
    expect(after.client?.secrets.map(({ secretId }) => secretId)).toEqual([added.secretId]);
    await bed.call('expireClientSecret', { clientId: 'acme.rotating', secretId: added.secretId });
    expect(await proves('acme.rotating', added.clientSecret)).toBe(false);
    const later = { seconds: Math.ceil(bed.clock.now / 1_000) + 3_600, nanos: 0 };
    // What has ended stays so.
    await bed.call('expireClientSecret', { clientId: 'acme.rotating', secretId: added.secretId, expireTime: later });
    expect(await proves('acme.rotating', added.clientSecret)).toBe(false);
    const unknown = bed.call('expireClientSecret', { clientId: 'acme.rotating', secretId: 'cs_nothing' });
    expect(await failureOf(unknown)).toMatchObject({ status: 'NOT_FOUND' });
  });

  it('can be given a secret that ends by itself', async () => {
    await makeBackend('acme.brief');
    const expireTime = { seconds: bed.clock.now / 1_000 + 5, nanos: 0 };
    const { clientSecret } = await bed.call('addClientSecret', { clientId: 'acme.brief', expireTime });
    expect(await proves('acme.brief', clientSecret)).toBe(true);
    bed.clock.advance(5_000);
    expect(await proves('acme.brief', clientSecret)).toBe(false);
    const past = bed.call('addClientSecret', { clientId: 'acme.brief', expireTime: { seconds: 1, nanos: 0 } });
    expect(await failureOf(past)).toMatchObject({ status: 'INVALID_ARGUMENT' });
  });

  it('lose other secrets and every token by a reset', async () => {
    const { clientSecret } = await makeBackend('acme.leaked');
    const credential = CREDENTIALS.client('acme.leaked', clientSecret);
    const { accessToken } = await issue(bed, credential, basic('acme.leaked', clientSecret));
    const both = { clientId: 'acme.leaked', reset: true, othersExpireIn: { seconds: 1, nanos: 0 } };
    expect(await failureOf(bed.call('addClientSecret', both))).toMatchObject({
      status: 'INVALID_ARGUMENT',
      message: 'others_expire_in and reset must not both be set',
    });
    const added = await bed.call('addClientSecret', { clientId: 'acme.leaked', reset: true });
    expect(await introspect(bed, accessToken, added.revision)).toMatchObject({ active: false });
    expect([await proves('acme.leaked', clientSecret), await proves('acme.leaked', added.clientSecret)]).toEqual([
      false,
      true,
    ]);
  });

  it('hold ten secrets at most', async () => {
    await makeBackend('acme.greedy');
    for (let i = 1; i < 10; i++) {
      await bed.call('addClientSecret', { clientId: 'acme.greedy' });
    }
    expect(await failureOf(bed.call('addClientSecret', { clientId: 'acme.greedy' }))).toMatchObject({
      status: 'INVALID_ARGUMENT',
    });
    // One that has ended counts no more.
    const { client } = await bed.call('getClient', { clientId: 'acme.greedy' });
    await bed.call('expireClientSecret', { clientId: 'acme.greedy', secretId: client?.secrets[0]?.secretId ?? '' });
    await bed.call('addClientSecret', { clientId: 'acme.greedy' });
  });

  it('are disabled, enabled and deleted, with what was issued to them', async () => {
    const { clientSecret } = await makeBackend('acme.ending');
    const { accessToken } = await issue(bed, CREDENTIALS.user(), basic('acme.ending', clientSecret));
    const { revision } = await bed.call('disableClient', { clientId: 'acme.ending' });
    expect(await introspect(bed, accessToken, revision)).toMatchObject({ active: false });
    expect(await proves('acme.ending', clientSecret)).toBe(false);
    await bed.call('enableClient', { clientId: 'acme.ending' });
    expect(await proves('acme.ending', clientSecret)).toBe(true);
    expect(await introspect(bed, accessToken)).toMatchObject({ active: false });
    await bed.call('deleteClient', { clientId: 'acme.ending' });
    expect(await proves('acme.ending', clientSecret)).toBe(false);
    expect(await failureOf(bed.call('getClient', { clientId: 'acme.ending' }))).toMatchObject({ status: 'NOT_FOUND' });
  });
});
