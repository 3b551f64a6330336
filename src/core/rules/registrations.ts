/** Registering a device by its certificate: what the device begins, its user confirms, and the device completes. */
import type { Digest, Instant } from '../model.ts';
import type { SingleUse } from '../tables/single-use.ts';

/** `superseded`: the same device has begun anew. */
export type RegistrationState = 'begun' | 'confirmed' | 'registered' | 'superseded';

export interface RegistrationPayload {
  readonly state: RegistrationState;
  /** Its public id, and no secret. */
  readonly registrationId: string;
  readonly deviceType: string;
  /** The vendor's id of the device: one of each type. */
  readonly vendorId: string;
  /** SHA-256 of the public key in the certificate that it was begun with, in hexadecimal. */
  readonly certificate: string;
  /** SHA-256 of what the device alone knows, in hexadecimal. */
  readonly nonce: string;
  /** The digest of its PIN, in hexadecimal. */
  readonly pin: string;
  /** Until when it may be confirmed and completed; its row outlives this. */
  readonly openUntil: Instant;
  /** Once it is confirmed. */
  readonly userId: string | null;
  readonly deviceName: string | null;
  /** The device of the user that it is for, in place of a new one. */
  readonly boundDeviceId: string | null;
  /** Once it is registered. */
  readonly deviceId: string | null;
}

export function registrationPayload({ payload }: SingleUse): RegistrationPayload {
  return payload as unknown as RegistrationPayload;
}

/** The key of the registration that a PIN or a device leads to; undefined where the row is neither. */
export function ledTo(row: SingleUse | undefined): { readonly digest: Digest } | undefined {
  const { registration } = row?.payload ?? {};
  return typeof registration === 'string' ? { digest: digestOfHex(registration) } : undefined;
}

export function hexOf(digest: Digest): string {
  return Buffer.from(digest).toString('hex');
}

export function digestOfHex(hex: string): Digest {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

/** The registration in the row, where it is one of the tenant. */
export function registrationIn(row: SingleUse | undefined, tenantId: string): RegistrationPayload | undefined {
  return row?.purpose === 'registration' && row.tenantId === tenantId && 'state' in row.payload
    ? registrationPayload(row)
    : undefined;
}
