/** An address of a user: proven or not, and what waits to take its place. */
import type { CodePurpose } from '../tables/codes.ts';
import type { Channel } from '../tables/messages.ts';
import type { Subject, SubjectProfile } from '../tables/subjects.ts';
import type { Tenant } from '../tables/tenants.ts';
import { addressHandle, emailHandle } from '../text/handles.ts';

type AddressFields = Pick<
  Subject,
  'email' | 'emailVerified' | 'pendingEmail' | 'phone' | 'phoneVerified' | 'pendingPhone'
>;

interface Address {
  readonly value: string | null;
  readonly verified: boolean;
  readonly pending: string | null;
}

/** What is set: undefined leaves it, null clears it. */
interface Change {
  readonly value?: string | null | undefined;
  /** What an admin says of it. */
  readonly verified?: boolean | undefined;
}

/** A subject's addresses after a change. */
export function changedAddresses(
  { policy }: Tenant,
  before: AddressFields,
  set: Partial<Pick<SubjectProfile, 'email' | 'emailVerified' | 'phone' | 'phoneVerified'>>,
): AddressFields {
  const { email, phone } = before;
  const mail = change(
    { value: email, verified: before.emailVerified, pending: before.pendingEmail },
    { value: set.email, verified: set.emailVerified },
    policy.emailVerificationRequired,
    (address) => isSameEmail(address, email),
  );
  const sms = change(
    { value: phone, verified: before.phoneVerified, pending: before.pendingPhone },
    { value: set.phone, verified: set.phoneVerified },
    policy.phoneVerificationRequired,
    (address) => address === phone,
  );
  return {
    ...{ email: mail.value, emailVerified: mail.verified, pendingEmail: mail.pending },
    ...{ phone: sms.value, phoneVerified: sms.verified, pendingPhone: sms.pending },
  };
}

/** `required`: whether the tenant asks for proof. Where it does not, what is set counts as proven. */
function change(
  before: Address,
  { value, verified }: Change,
  required: boolean,
  isCurrent: (value: string) => boolean,
): Address {
  if (value === undefined) {
    return { ...before, verified: before.value !== null && (verified ?? before.verified) };
  }
  if (value === null) {
    return { value, verified: false, pending: null };
  }
  if (isCurrent(value)) {
    return { value, verified: verified ?? (before.verified || !required), pending: null };
  }
  // Who only holds a token must not take away what the user logs in with and is written to.
  if (before.verified && required && verified !== true) {
    return { ...before, pending: value };
  }
  return { value, verified: verified ?? !required, pending: null };
}

export function isSameEmail(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && emailHandle(one).key === emailHandle(other).key;
}

/** The address that a code of this purpose proves; null where none is to be proven. */
export function unproven(subject: AddressFields, purpose: CodePurpose): string | null {
  switch (purpose) {
    case 'verify_email':
      return subject.pendingEmail ?? (subject.emailVerified ? null : subject.email);
    case 'verify_phone':
      return subject.pendingPhone ?? (subject.phoneVerified ? null : subject.phone);
    case 'reset_password':
      return null;
  }
}

/** The address of a channel that its user has proven. */
export function proven(subject: AddressFields, channel: Channel): string | null {
  const [address, isVerified] =
    channel === 'email' ? [subject.email, subject.emailVerified] : [subject.phone, subject.phoneVerified];
  return isVerified ? address : null;
}

/** Once `unproven` is proven: it takes the place of the one before it. */
export function provenNow(purpose: CodePurpose, address: string): Partial<AddressFields> {
  return addressHandle(purpose, address).kind === 'email'
    ? { email: address, emailVerified: true, pendingEmail: null }
    : { phone: address, phoneVerified: true, pendingPhone: null };
}
