/** What belongs to another tenant is as unknown as what does not exist: the same status with the same words. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CREDENTIALS, failureOf, introspect, issue } from '../client.ts';
import { type DirectoryBed, device, type MethodName, openDirectoryBed, type Partially, user } from './bed.ts';

let bed: DirectoryBed;

beforeAll(async () => {
  bed = await openDirectoryBed();
});

afterAll(() => bed.close());

type ByName<Name extends MethodName> = readonly [Name, known: string, (name: string) => Partially<Name>];

function each<Name extends MethodName>(name: Name, known: string, request: (id: string) => Partially<Name>) {
  return [name, known, request] as ByName<Name> as unknown as ByName<MethodName>;
}

const NAMED = { displayName: 'Stolen', updateMask: ['display_name'] };

const CASES = [
  each('getTenant', 'acme', (tenantId) => ({ tenantId })),
  each('updateTenant', 'acme', (tenantId) => ({ tenantId, ...NAMED })),
  each('createClient', 'acme', (tenantId) => ({ tenantId, clientId: 'stolen' })),
  each('getClient', 'plain', (clientId) => ({ clientId })),
  each('updateClient', 'plain', (clientId) => ({ clientId, ...NAMED })),
  each('addClientSecret', 'plain', (clientId) => ({ clientId })),
  each('expireClientSecret', 'plain', (clientId) => ({ clientId, secretId: 'cs_plain' })),
  each('disableClient', 'plain', (clientId) => ({ clientId })),
  each('enableClient', 'plain', (clientId) => ({ clientId })),
  each('deleteClient', 'plain', (clientId) => ({ clientId })),
  each('getUser', 'user-ann', (id) => ({ user: user.id(id) })),
  each('getUser', 'ann', (name) => ({ user: user.loginName(name) })),
  each('updateUser', 'user-ann', (id) => ({ user: user.id(id), ...NAMED })),
  each('changeUserPassword', 'user-ann', (id) => ({ user: user.id(id), newPassword: 'stolen' })),
  each('changeUserPassword', 'ann', (name) => ({
    user: user.loginName(name),
    oldPassword: 'correct horse',
    newPassword: 'stolen',
  })),
  each('completePasswordReset', 'user-ann', (id) => ({ user: user.id(id), code: '12345678', newPassword: 'stolen' })),
  each('disableUser', 'user-ann', (id) => ({ user: user.id(id) })),
  each('enableUser', 'user-ann', (id) => ({ user: user.id(id) })),
  each('unlockUser', 'user-ann', (id) => ({ user: user.id(id) })),
  each('deleteUser', 'user-ann', (id) => ({ user: user.id(id) })),
  each('startEmailVerification', 'user-ann', (id) => ({ user: user.id(id) })),
  each('enrollTotp', 'user-ann', (id) => ({ user: user.id(id) })),
  each('removeTotp', 'user-ann', (id) => ({ user: user.id(id) })),
  each('getDevice', 'th.lamp', (id) => ({ device: device.id(id) })),
  each('getDevice', 'lamp', (id) => ({ device: device.vendorId(id) })),
  each('updateDevice', 'th.lamp', (id) => ({ device: device.id(id), ...NAMED })),
  each('addDeviceOwner', 'th.lamp', (id) => ({ device: device.id(id), userId: 'nobody' })),
  each('changeDevicePassword', 'th.lamp', (id) => ({ device: device.id(id), newPassword: 'stolen' })),
  each('attachEndNode', 'th.lamp', (id) => ({ gateway: device.id(id), endNode: device.id(id) })),
  each('detachEndNode', 'th.lamp', (id) => ({ gateway: device.id(id), endNode: device.id(id) })),
  each('listEndNodes', 'th.lamp', (id) => ({ gateway: device.id(id) })),
  each('disableDevice', 'th.lamp', (id) => ({ device: device.id(id) })),
  each('enableDevice', 'th.lamp', (id) => ({ device: device.id(id) })),
  each('unlockDevice', 'th.lamp', (id) => ({ device: device.id(id) })),
  each('deleteDevice', 'th.lamp', (id) => ({ device: device.id(id) })),
];

describe('another tenant’s', () => {
  it.each(CASES)('%s of %s is unknown', async (name, known, request) => {
    const failure = (id: string) => failureOf(bed.call(name, request(id), bed.as.otherAdmin));
    const [other, none] = [await failure(known), await failure('nothing')];
    expect(['NOT_FOUND', 'FAILED_PRECONDITION']).toContain(other.status);
    const { requestId: _, ...told } = other;
    const { requestId: __, ...unknown } = none;
    expect({ ...told, message: told.message.replace(known, 'nothing') }).toEqual(unknown);
  });

  it('owners own no device', async () => {
    await bed.call('registerDevice', { vendorId: 'theirs', password: 'p' }, bed.as.otherAdmin);
    const add = { device: device.vendorId('theirs'), userId: 'user-ann' };
    const register = { vendorId: 'more', password: 'p', ownerIds: ['user-ann'] };
    expect(await failureOf(bed.call('addDeviceOwner', add, bed.as.otherAdmin))).toMatchObject({ status: 'NOT_FOUND' });
    expect(await failureOf(bed.call('registerDevice', register, bed.as.otherAdmin))).toMatchObject({
      status: 'NOT_FOUND',
    });
  });

  it('lists hold nothing of this one', async () => {
    const lists = [
      JSON.stringify(await bed.call('listClients', {}, bed.as.otherAdmin)),
      JSON.stringify(await bed.call('listUsers', {}, bed.as.otherAdmin)),
      JSON.stringify(await bed.call('listDevices', {}, bed.as.otherAdmin)),
      JSON.stringify(await bed.call('listAuditRecords', {}, bed.as.otherAdmin)),
    ].join();
    for (const secret of ['acme', 'plain', 'user-ann', 'th.lamp']) {
      expect(lists).not.toContain(secret);
    }
  });

  it('tenant is as it was after all of this', async () => {
    expect((await bed.call('getUser', { user: user.id('user-ann') })).user).toMatchObject({ displayName: '' });
    const { accessToken } = await issue(bed, CREDENTIALS.user());
    expect(await introspect(bed, accessToken)).toMatchObject({ active: true, revision: 0 });
  });
});
