import type { Instant } from '../model.ts';
import { integer, type List, table, text } from '../table.ts';

/** That a user owns a device: what is in the device's own row, to be found by the owner. */
export interface DeviceOwner {
  readonly subjectId: string;
  readonly ownerId: string;
  readonly tenantId: string;
  /** When the device was registered, which orders an owner's devices. */
  readonly createTime: Instant;
}

export const DEVICE_OWNER = table<DeviceOwner>(
  'device_owner',
  { subjectId: text(), ownerId: text(), tenantId: text(), createTime: integer() },
  { key: ['subjectId', 'ownerId'], diesWith: ['subjectId'] },
);

/** By the time of their registration. */
export const DEVICES_OF_OWNER: List<DeviceOwner> = {
  table: DEVICE_OWNER,
  by: ['tenantId', 'ownerId'],
  order: ['createTime', 'subjectId'],
};
