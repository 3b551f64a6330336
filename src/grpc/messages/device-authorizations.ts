/** The messages about logins of devices without a browser (RFC 8628). */
import type { BeginDeviceAuthorizationResponse } from '../../../gen/ts/symbolon/v1/token_service.ts';
import type { Instant } from '../../core/model.ts';
import { type BegunDeviceAuthorization, verificationOf } from '../../core/operations/device-authorization.ts';
import { toDuration } from './time.ts';

export function toDeviceAuthorizationMessage(
  { deviceCode, userCode, expireTime, intervalMs }: BegunDeviceAuthorization,
  issuer: string,
  now: Instant,
): BeginDeviceAuthorizationResponse {
  return {
    deviceCode,
    userCode,
    ...verificationOf(issuer, userCode),
    timeToLive: toDuration(expireTime - now),
    interval: toDuration(intervalMs),
  };
}
