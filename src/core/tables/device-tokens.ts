import type { Instant } from '../model.ts';
import { bytes, integer, table, text } from '../table.ts';
import { familyId } from './families.ts';

/**
 * The token of a device that never expires and belongs to no client: one at most. Its owner may read it again, so its randoms are kept,
 * sealed under the key file of the servers.
 */
export interface DeviceToken {
  readonly subjectId: string;
  readonly tenantId: string;
  readonly familyId: string;
  readonly sealed: Uint8Array;
  /** The client that asked for it; it has no right by that. */
  readonly clientId: string;
  readonly createTime: Instant;
}

export const DEVICE_TOKEN = table<DeviceToken>(
  'device_token',
  {
    subjectId: text(),
    tenantId: text(),
    familyId: familyId(),
    sealed: bytes(),
    clientId: text(),
    createTime: integer(),
  },
  { key: ['subjectId'], diesWith: ['subjectId'] },
);
