/** The messages about logins of devices without a browser (RFC 8628). */
import type { BeginDeviceAuthorizationResponse } from '../../../gen/ts/symbolon/v1/token_service.ts';
import { SymbolonError } from '../../core/errors.ts';
import type { Instant } from '../../core/model.ts';
import type { Call } from '../../core/operations/authenticate.ts';
import { type BegunDeviceAuthorization, verificationOf } from '../../core/operations/device-authorization.ts';
import type { Services } from '../../core/services/services.ts';
import { toDuration } from './time.ts';

/** Before anything is written: a code is worth nothing without the address of its page. */
export function requireIssuer({ issuerOf }: Pick<Services, 'issuerOf'>, { caller }: Call): string {
  const issuer = issuerOf(caller.tenantId);
  if (issuer === undefined) {
    throw new SymbolonError(
      'precondition_failed',
      'The server does not know how browsers reach it. Start it with --public-url',
    );
  }
  return issuer;
}

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
