/** The messages about devices. */
import type {
  Device,
  DeviceRef as DeviceRefMessage,
  RegisterDeviceRequest,
  RegisterDeviceResponse,
  UpdateDeviceRequest,
} from '../../../gen/ts/symbolon/v1/directory_service.ts';
import type { Subject } from '../../core/model.ts';
import type { DeviceRef } from '../../core/operations/directory/access.ts';
import type { DeviceUpdate, NewDevice } from '../../core/operations/directory/devices.ts';
import type { Registered } from '../../core/operations/directory/registration.ts';
import { attributesTextOf, structOf } from './attributes.ts';
import { missing } from './fields.ts';
import { pathsOf } from './masks.ts';
import { timestampOf } from './time.ts';
import { tokensMessageOf } from './tokens.ts';
import { tokenWishOf } from './users.ts';

export function deviceRefOf(message: DeviceRefMessage | undefined): DeviceRef {
  const device = message?.device;
  switch (device?.$case) {
    case undefined:
      throw missing('device');
    case 'deviceId':
      return { by: 'device_id', deviceId: device.value };
    case 'vendorId':
      return { by: 'vendor_id', vendorId: device.value };
  }
}

export function newDeviceOf(message: RegisterDeviceRequest): NewDevice {
  const { vendorId, password, displayName, attributes, ownerIds, withToken } = message;
  return {
    vendorId,
    password,
    displayName,
    ...(attributes === undefined ? {} : { attributes: attributesTextOf(attributes) }),
    ownerIds,
    ...(withToken === undefined ? {} : { withTokens: tokenWishOf(withToken) }),
  };
}

export function deviceUpdateOf({ displayName, attributes = {}, updateMask }: UpdateDeviceRequest): DeviceUpdate {
  const paths = pathsOf(updateMask, ['display_name', 'attributes']);
  return {
    ...(paths.has('display_name') ? { displayName } : {}),
    ...(paths.has('attributes') ? { attributes: attributesTextOf(attributes) } : {}),
  };
}

export function deviceMessageOf(device: Subject): Device {
  return {
    deviceId: device.subjectId,
    vendorId: device.vendorId ?? '',
    displayName: device.displayName,
    attributes: structOf(device.attributes),
    ownerIds: [...device.ownerIds],
    disabled: device.disabled,
    createTime: timestampOf(device.createTime),
  };
}

export function registeredDeviceMessageOf({ subject, tokens }: Registered): RegisterDeviceResponse {
  return { device: deviceMessageOf(subject), tokens: tokens && tokensMessageOf(tokens) };
}
