/** The messages about devices. */
import type {
  Device,
  DeviceRef as DeviceRefMessage,
  DeviceToken,
  OnboardDeviceRequest,
  OnboardDeviceResponse,
  RegisterDeviceRequest,
  RegisterDeviceResponse,
  UpdateDeviceRequest,
} from '../../../gen/ts/symbolon/v1/device_service.ts';
import { NEVER } from '../../core/lifetimes.ts';
import type { DeviceRef } from '../../core/operations/access.ts';
import type { GivenDeviceToken } from '../../core/operations/device-tokens.ts';
import type { DeviceUpdate, NewDevice, WithOwners } from '../../core/operations/devices.ts';
import type { Locks } from '../../core/operations/locks.ts';
import type { Onboarded, Onboarding } from '../../core/operations/onboard-device.ts';
import type { Registered } from '../../core/operations/registration.ts';
import type { Subject } from '../../core/tables/subjects.ts';
import { MEMBER_PREFIX, parseAttributesChange, toAttributesText, toStruct } from './attributes.ts';
import { missing, parseText } from './fields.ts';
import { parsePaths } from './masks.ts';
import { optional, toTimestamp } from './time.ts';
import { toTokensMessage } from './tokens.ts';
import { parseTokenWish } from './users.ts';

/** Of the messages that name a device. */
type NamedDevice = Pick<DeviceRefMessage, 'device'>;

export function parseDeviceRef(message: NamedDevice | undefined, field = 'device'): DeviceRef {
  const device = message?.device;
  switch (device?.$case) {
    case undefined:
      throw missing(field);
    case 'deviceId':
      return { by: 'device_id', deviceId: device.value };
    case 'vendorId':
      return { by: 'vendor_id', vendorId: device.value };
  }
}

export function parseNewDevice(message: RegisterDeviceRequest): NewDevice {
  const { vendorId, password, displayName, attributes, ownerIds, withToken } = message;
  return {
    vendorId,
    password,
    displayName,
    ...(attributes === undefined ? {} : { attributes: toAttributesText(attributes) }),
    ownerIds,
    ...(withToken === undefined ? {} : { withTokens: parseTokenWish(withToken) }),
  };
}

export function parseOnboarding(message: OnboardDeviceRequest): Onboarding {
  const { password, ownerAccessToken, displayName, attributes, withToken } = message;
  return {
    ref: parseDeviceRef(message),
    password,
    ownerAccessToken: parseText(ownerAccessToken),
    displayName,
    ...(attributes === undefined ? {} : { attributes: toAttributesText(attributes) }),
    ...(withToken === undefined ? {} : { withTokens: parseTokenWish(withToken) }),
  };
}

export function toOnboardedMessage({ subject, tokens, isNew }: Onboarded): OnboardDeviceResponse {
  return { device: toDeviceMessage(subject), tokens: toTokensMessage(tokens), created: isNew };
}

export function parseDeviceUpdate(message: UpdateDeviceRequest): DeviceUpdate {
  const { vendorId, displayName, attributes, updateMask } = message;
  const paths = parsePaths(updateMask, ['vendor_id', 'display_name', 'attributes'], MEMBER_PREFIX);
  return {
    ...(paths.has('vendor_id') ? { vendorId } : {}),
    ...(paths.has('display_name') ? { displayName } : {}),
    ...parseAttributesChange(updateMask, attributes),
  };
}

export function toDeviceMessage(device: Subject, { lockedUntil }: Locks = {}): Device {
  return {
    deviceId: device.subjectId,
    vendorId: device.vendorId ?? '',
    displayName: device.displayName,
    attributes: toStruct(device.attributes),
    ownerIds: [...device.ownerIds],
    disabled: device.disabled,
    createTime: toTimestamp(device.createTime),
    lockedUntil: optional(lockedUntil),
  };
}

export function toOwnersMessage({ subject, revision }: WithOwners): { device: Device; revision: number } {
  return { device: toDeviceMessage(subject), revision };
}

export function toRegisteredDeviceMessage({ subject, tokens }: Registered): RegisterDeviceResponse {
  return { device: toDeviceMessage(subject), tokens: tokens && toTokensMessage(tokens) };
}

export function toDeviceTokenMessage(given: GivenDeviceToken): DeviceToken {
  const { device, accessToken, familyId, byClientId, createTime } = given;
  return {
    accessToken,
    deviceId: device.subjectId,
    familyId,
    clientId: byClientId,
    createTime: toTimestamp(createTime),
    expireTime: toTimestamp(NEVER),
  };
}
