import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CREDENTIALS, failureOf, introspect, issue, PASSWORD } from '../client.ts';
import { type DirectoryBed, device, openDirectoryBed } from './bed.ts';

let bed: DirectoryBed;

beforeAll(async () => {
  bed = await openDirectoryBed();
});

afterAll(() => bed.close());

describe('devices', () => {
  it('register themselves with tokens in one step', async () => {
    const { device: made, tokens } = await bed.call(
      'registerDevice',
      {
        vendorId: 'Kettle-1',
        password: 'p',
        displayName: 'Kettle',
        attributes: { watts: 2_000 },
        withToken: { scopes: ['write'] },
      },
      bed.as.public,
    );
    expect(made).toEqual({
      deviceId: expect.stringMatching(/^th\.[0-9a-f-]{36}$/),
      vendorId: 'Kettle-1',
      displayName: 'Kettle',
      attributes: { watts: 2_000 },
      ownerIds: [],
      disabled: false,
      createTime: { seconds: bed.clock.now / 1_000, nanos: 0 },
    });
    expect(tokens).toMatchObject({ subjectId: made?.deviceId, scopes: ['write'] });
    expect(await issue(bed, CREDENTIALS.device('Kettle-1', 'p'))).toMatchObject({ subjectId: made?.deviceId });
    for (const ref of [device.id(made?.deviceId ?? ''), device.vendorId('Kettle-1')]) {
      expect(await bed.call('getDevice', { device: ref })).toEqual({ device: made });
    }
    // Vendor ids keep their case.
    const folded = bed.call('getDevice', { device: device.vendorId('kettle-1') });
    expect(await failureOf(folded)).toMatchObject({ status: 'NOT_FOUND', message: 'There is no such device' });
    const again = bed.call('registerDevice', { vendorId: 'Kettle-1', password: 'p' });
    expect(await failureOf(again)).toMatchObject({ status: 'ALREADY_EXISTS' });
  });

  it('belong to users, as admins say', async () => {
    const request = { vendorId: 'owned', password: 'p', ownerIds: ['user-ann'] };
    expect(await failureOf(bed.call('registerDevice', request, bed.as.public))).toMatchObject({
      status: 'PERMISSION_DENIED',
    });
    expect((await bed.call('registerDevice', request)).device).toMatchObject({ ownerIds: ['user-ann'] });
    const { user } = await bed.call('registerUser', { loginName: 'ben', password: PASSWORD });
    const ref = { device: device.vendorId('owned'), userId: user?.userId ?? '' };
    expect((await bed.call('addDeviceOwner', ref)).device?.ownerIds).toEqual(['user-ann', user?.userId]);
    expect(await failureOf(bed.call('addDeviceOwner', ref))).toMatchObject({ status: 'ALREADY_EXISTS' });
    expect((await bed.call('removeDeviceOwner', ref)).device?.ownerIds).toEqual(['user-ann']);
    expect(await failureOf(bed.call('removeDeviceOwner', ref))).toMatchObject({ status: 'NOT_FOUND' });
    for (const userId of ['nobody', 'th.lamp']) {
      expect(await failureOf(bed.call('addDeviceOwner', { ...ref, userId }))).toMatchObject({ status: 'NOT_FOUND' });
    }
  });

  it('change by what the mask names alone', async () => {
    const registered = { vendorId: 'masked', password: 'p', displayName: 'Old', attributes: { a: 1 } };
    const { device: made } = await bed.call('registerDevice', registered);
    const ref = device.vendorId('masked');
    const set = { device: ref, displayName: 'New', attributes: { b: 2 } };
    const named = await bed.call('updateDevice', { ...set, updateMask: ['display_name'] });
    expect(named.device).toEqual({ ...made, displayName: 'New' });
    const filled = await bed.call('updateDevice', { ...set, updateMask: ['attributes'] });
    expect(filled.device).toEqual({ ...made, displayName: 'New', attributes: { b: 2 } });
    const emptied = await bed.call('updateDevice', { device: ref, updateMask: ['attributes'] });
    expect(emptied.device).toMatchObject({ attributes: {} });
  });

  it('move to another vendor id, together with what else is named, and keep their tokens', async () => {
    const { device: made } = await bed.call('registerDevice', { vendorId: 'moving', password: 'p' });
    const { accessToken } = await issue(bed, CREDENTIALS.device('moving', 'p'));
    const set = { device: device.vendorId('moving'), vendorId: 'moved', displayName: 'New' };
    const moved = await bed.call('updateDevice', { ...set, updateMask: ['vendor_id', 'display_name'] });
    expect(moved.device).toEqual({ ...made, vendorId: 'moved', displayName: 'New' });
    expect(await introspect(bed, accessToken, 0)).toMatchObject({ active: true });
    expect(await issue(bed, CREDENTIALS.device('moved', 'p'))).toMatchObject({ subjectId: made?.deviceId });

    const update = (vendorId: string) =>
      failureOf(bed.call('updateDevice', { device: device.vendorId('moved'), vendorId, updateMask: ['vendor_id'] }));
    await bed.call('registerDevice', { vendorId: 'in-the-way', password: 'p' });
    expect(await update('in-the-way')).toMatchObject({ status: 'ALREADY_EXISTS' });
    for (const vendorId of ['', 'a b', 'v'.repeat(201)]) {
      expect(await update(vendorId)).toMatchObject({ status: 'INVALID_ARGUMENT' });
    }
  });

  it('are disabled, enabled and deleted', async () => {
    await bed.call('registerDevice', { vendorId: 'ending', password: 'p' });
    const ref = { device: device.vendorId('ending') };
    const login = () => issue(bed, CREDENTIALS.device('ending', 'p'));
    const { accessToken } = await login();
    const { revision } = await bed.call('disableDevice', ref);
    expect(await introspect(bed, accessToken, revision)).toMatchObject({ active: false });
    expect(await failureOf(login())).toMatchObject({ status: 'FAILED_PRECONDITION' });
    await bed.call('enableDevice', ref);
    const again = await login();
    const deleted = await bed.call('deleteDevice', ref);
    expect(await introspect(bed, again.accessToken, deleted.revision)).toMatchObject({ active: false });
    expect(await failureOf(bed.call('getDevice', ref))).toMatchObject({ status: 'NOT_FOUND' });
    expect((await bed.call('registerDevice', { vendorId: 'ending', password: 'p' })).device).toBeDefined();
  });

  it('and users are not each other', async () => {
    const asUser = { user: { user: { $case: 'userId' as const, value: 'th.lamp' } } };
    expect(await failureOf(bed.call('getUser', asUser))).toMatchObject({ status: 'NOT_FOUND' });
    const asDevice = { device: device.id('user-ann') };
    expect(await failureOf(bed.call('getDevice', asDevice))).toMatchObject({ status: 'NOT_FOUND' });
    const { devices } = await bed.call('listDevices', {});
    expect(devices.map(({ deviceId }) => deviceId)).toContain('th.lamp');
    expect(devices.every(({ deviceId }) => deviceId.startsWith('th.'))).toBe(true);
  });
});
