/** Devices that were registered by a certificate. */
import { createHash } from 'node:crypto';
import type { RegistrationPayload } from '../rules/registrations.ts';
import { findSubject } from '../services/lookups.ts';
import type { Services } from '../services/services.ts';
import type { Subject } from '../tables/subjects.ts';
import { CERTIFIED_PREFIX, isCertifiedVendorId } from '../text/names.ts';
import { toVendorIdHandle } from '../text/usernames.ts';

export interface CertifiedDevice {
  readonly tenantId: string;
  /** SHA-256 of the public key in its certificate, in hexadecimal: a renewed certificate has the same. */
  readonly certificate: string;
  readonly address: string | undefined;
}

/** Whose certificate may register the device anew. */
export const CERTIFICATE_ATTRIBUTE = '_certificate';

/** One text of type and id, which any two are no other two's. */
export function vendorIdOf({ deviceType, vendorId }: Pick<RegistrationPayload, 'deviceType' | 'vendorId'>): string {
  return `${CERTIFIED_PREFIX}${createHash('sha256')
    .update(JSON.stringify([deviceType, vendorId]))
    .digest('base64url')}`;
}

export function findRegistered(
  { store }: Services,
  tenantId: string,
  device: Pick<RegistrationPayload, 'deviceType' | 'vendorId'>,
): Promise<Subject | undefined> {
  return findSubject(store, tenantId, toVendorIdHandle(vendorIdOf(device)));
}

/** Whether it was, and its owner has not ended that. */
export function isCertified({ vendorId }: Pick<Subject, 'vendorId'>): boolean {
  return vendorId !== null && isCertifiedVendorId(vendorId);
}

export function certificateOf({ attributes }: Subject): unknown {
  return (JSON.parse(attributes) as Record<string, unknown>)[CERTIFICATE_ATTRIBUTE];
}
