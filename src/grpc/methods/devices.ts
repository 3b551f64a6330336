import {
  addDeviceOwner,
  enableDevice,
  endDevice,
  getDevice,
  registerDevice,
  removeDeviceOwner,
  updateDevice,
} from '../../core/operations/directory/devices.ts';
import { listSubjects } from '../../core/operations/directory/users.ts';
import {
  deviceMessageOf,
  deviceRefOf,
  deviceUpdateOf,
  newDeviceOf,
  registeredDeviceMessageOf,
} from '../messages/devices.ts';
import { idOf } from '../messages/fields.ts';
import { change, type Methods, read } from './method.ts';

export const DEVICE_METHODS: Methods<
  | 'registerDevice'
  | 'getDevice'
  | 'listDevices'
  | 'updateDevice'
  | 'addDeviceOwner'
  | 'removeDeviceOwner'
  | 'disableDevice'
  | 'enableDevice'
  | 'deleteDevice'
> = {
  registerDevice: change(async (services, call, request) =>
    registeredDeviceMessageOf(await registerDevice(services, call, newDeviceOf(request))),
  ),
  getDevice: read(async (services, call, { device }) => ({
    device: deviceMessageOf(await getDevice(services, call, deviceRefOf(device))),
  })),
  listDevices: read(async (services, call, request) => {
    const { items, nextPageToken } = await listSubjects(services, call, 'device', request);
    return { devices: items.map(deviceMessageOf), nextPageToken };
  }),
  updateDevice: change(async (services, call, request) => ({
    device: deviceMessageOf(await updateDevice(services, call, deviceRefOf(request.device), deviceUpdateOf(request))),
  })),
  addDeviceOwner: change(async (services, call, { device, userId }) => ({
    device: deviceMessageOf(await addDeviceOwner(services, call, deviceRefOf(device), idOf(userId, 'user_id'))),
  })),
  removeDeviceOwner: change(async (services, call, { device, userId }) => ({
    device: deviceMessageOf(await removeDeviceOwner(services, call, deviceRefOf(device), idOf(userId, 'user_id'))),
  })),
  disableDevice: change((services, call, { device }) => endDevice(services, call, deviceRefOf(device), 'disabled')),
  enableDevice: change(async (services, call, { device }) => {
    await enableDevice(services, call, deviceRefOf(device));
    return {};
  }),
  deleteDevice: change((services, call, { device }) => endDevice(services, call, deviceRefOf(device), 'deleted')),
};
