import type { DeviceServiceService } from '../../../gen/ts/symbolon/v1/device_service.ts';
import { dropDeviceToken, getDeviceToken, putDeviceToken } from '../../core/operations/device-tokens.ts';
import {
  addDeviceOwner,
  enableDevice,
  endDevice,
  getDevice,
  registerDevice,
  removeDeviceOwner,
  updateDevice,
} from '../../core/operations/devices.ts';
import { attachEndNode, detachEndNode, listEndNodes } from '../../core/operations/end-nodes.ts';
import { locksOf, unlockDevice } from '../../core/operations/locks.ts';
import { onboardDevice } from '../../core/operations/onboard-device.ts';
import { changeDevicePassword } from '../../core/operations/passwords.ts';
import { listSubjects } from '../../core/operations/users.ts';
import {
  parseDeviceRef,
  parseDeviceUpdate,
  parseNewDevice,
  parseOnboarding,
  toDeviceMessage,
  toDeviceTokenMessage,
  toOnboardedMessage,
  toOwnersMessage,
  toRegisteredDeviceMessage,
} from '../messages/devices.ts';
import { parseId, parseText } from '../messages/fields.ts';
import { change, ending, type Methods, read } from './method.ts';

export const DEVICE_METHODS: Methods<keyof typeof DeviceServiceService> = {
  registerDevice: change(async (services, call, request) =>
    toRegisteredDeviceMessage(await registerDevice(services, call, parseNewDevice(request))),
  ),
  onboardDevice: change(async (services, call, request) =>
    toOnboardedMessage(await onboardDevice(services, call, parseOnboarding(request))),
  ),
  getDevice: read(async (services, call, { device }) => {
    const subject = await getDevice(services, call, parseDeviceRef(device));
    const [locks] = await locksOf(services, call, [subject]);
    return { device: toDeviceMessage(subject, locks) };
  }),
  listDevices: read(async (services, call, request) => {
    const { items, nextPageToken } = await listSubjects(services, call, 'device', request);
    const locks = await locksOf(services, call, items);
    return { devices: items.map((device, i) => toDeviceMessage(device, locks[i])), nextPageToken };
  }),
  updateDevice: change(async (services, call, request) => ({
    device: toDeviceMessage(
      await updateDevice(services, call, parseDeviceRef(request.device), parseDeviceUpdate(request)),
    ),
  })),
  addDeviceOwner: ending(async (services, call, { device, userId }) =>
    toOwnersMessage(await addDeviceOwner(services, call, parseDeviceRef(device), parseId(userId, 'user_id'))),
  ),
  removeDeviceOwner: ending(async (services, call, { device, userId }) =>
    toOwnersMessage(await removeDeviceOwner(services, call, parseDeviceRef(device), parseId(userId, 'user_id'))),
  ),
  changeDevicePassword: ending((services, call, { device, oldPassword, newPassword }) =>
    changeDevicePassword(services, call, parseDeviceRef(device), parseText(oldPassword), newPassword),
  ),
  disableDevice: ending((services, call, { device }) => endDevice(services, call, parseDeviceRef(device), 'disabled')),
  enableDevice: change(async (services, call, { device }) => {
    await enableDevice(services, call, parseDeviceRef(device));
    return {};
  }),
  unlockDevice: change((services, call, { device }) => unlockDevice(services, call, parseDeviceRef(device))),
  deleteDevice: ending((services, call, { device }) => endDevice(services, call, parseDeviceRef(device), 'deleted')),
  attachEndNode: ending(async (services, call, { gateway, endNode }) => {
    const { revision } = await attachEndNode(
      services,
      call,
      parseDeviceRef(gateway, 'gateway'),
      parseDeviceRef(endNode, 'end_node'),
    );
    return { revision };
  }),
  detachEndNode: ending((services, call, { gateway, endNode }) =>
    detachEndNode(services, call, parseDeviceRef(gateway, 'gateway'), parseDeviceRef(endNode, 'end_node')),
  ),
  listEndNodes: read(async (services, call, request) => {
    const gateway = parseDeviceRef(request.gateway, 'gateway');
    const { items, nextPageToken } = await listEndNodes(services, call, gateway, request);
    return { devices: items.map((device) => toDeviceMessage(device)), nextPageToken };
  }),
  giveDeviceToken: ending(async (services, call, { device, ownerAccessToken }) => {
    const owner = parseText(ownerAccessToken);
    const { revision, ...given } = await putDeviceToken(services, call, parseDeviceRef(device), owner);
    return { token: toDeviceTokenMessage(given), revision };
  }),
  getDeviceToken: read(async (services, call, { device, ownerAccessToken }) => {
    const owner = parseText(ownerAccessToken);
    return { token: toDeviceTokenMessage(await getDeviceToken(services, call, parseDeviceRef(device), owner)) };
  }),
  revokeDeviceToken: ending(async (services, call, { device, ownerAccessToken }) => {
    const owner = parseText(ownerAccessToken);
    const { revision } = await dropDeviceToken(services, call, parseDeviceRef(device), owner);
    return { revision };
  }),
};
