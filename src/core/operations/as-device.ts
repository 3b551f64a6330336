/** What is done in the name of a device that has just logged in. */
import { SymbolonError } from '../errors.ts';
import { findSubject } from '../services/lookups.ts';
import type { Services } from '../services/services.ts';
import type { Subject } from '../tables/subjects.ts';
import { authenticateTokenHolder, type Call, type Caller } from './authenticate.ts';
import { addDeviceOwner } from './devices.ts';
import { revoke } from './revoke.ts';

/** A login of a device: the token is known to nobody yet. */
export interface DeviceLogin {
  readonly deviceId: string;
  readonly accessToken: string;
}

/** `presenter`: who must stand beside it. */
export async function callAsDevice(
  services: Services,
  call: Call,
  accessToken: string,
  presenter?: Caller,
): Promise<Call> {
  const caller = await authenticateTokenHolder(services, call.caller.tenantId, accessToken);
  if (caller === undefined) {
    throw new SymbolonError('precondition_failed', 'The device was disabled meanwhile');
  }
  return { ...call, caller: presenter === undefined ? caller : { ...caller, presenter } };
}

/** The device names its owner itself, once; where that fails its login ends. Answers the device as it is then. */
export async function nameOwner(
  services: Services,
  call: Call,
  { deviceId, accessToken }: DeviceLogin,
  ownerId: string,
  presenter?: Caller,
): Promise<Subject | undefined> {
  const ref = { by: 'device_id', deviceId } as const;
  try {
    const acting = await callAsDevice(services, call, accessToken, presenter);
    return (await addDeviceOwner(services, acting, ref, ownerId)).subject;
  } catch (error) {
    if (error instanceof SymbolonError && error.code === 'already_exists') {
      return findSubject(services.store, call.caller.tenantId, { kind: 'subject_id', key: deviceId });
    }
    await revoke(services, call, { by: 'token', token: accessToken });
    throw error;
  }
}
