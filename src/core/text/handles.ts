/** The one form in which each name is looked up, so that no alias and no other spelling escapes a lock. */
import { toEmail } from './emails.ts';

/** A name as it is looked up: `key` is folded so that equal names are equal texts. */
export interface LoginHandle {
  readonly kind: 'login_name' | 'email' | 'phone' | 'vendor_id' | 'subject_id';
  readonly key: string;
}

export function loginNameHandle(loginName: string): LoginHandle {
  return { kind: 'login_name', key: loginName.toLowerCase() };
}

/** Of an address as it is kept. */
export function emailHandle(email: string): LoginHandle {
  return { kind: 'email', key: toEmail(email)?.key ?? email.normalize('NFC').toLowerCase() };
}

/** `e164` with its leading `+`. */
export function phoneHandle(e164: string): LoginHandle {
  return { kind: 'phone', key: e164 };
}

/** Vendor ids are the vendor's own and keep their case. */
export function vendorIdHandle(vendorId: string): LoginHandle {
  return { kind: 'vendor_id', key: vendorId };
}

/** What a user or device is called. */
export interface Names {
  readonly loginName: string | null;
  readonly email: string | null;
  readonly emailVerified: boolean;
  readonly phone: string | null;
  readonly phoneVerified: boolean;
  readonly vendorId: string | null;
}

/** The look-up names that a subject takes: its login name, its vendor id, and the addresses that are verified. */
export function handlesOf(subject: Names): LoginHandle[] {
  const handles: LoginHandle[] = [];
  if (subject.loginName !== null) {
    handles.push(loginNameHandle(subject.loginName));
  }
  if (subject.email !== null && subject.emailVerified) {
    handles.push(emailHandle(subject.email));
  }
  if (subject.phone !== null && subject.phoneVerified) {
    handles.push(phoneHandle(subject.phone));
  }
  if (subject.vendorId !== null) {
    handles.push(vendorIdHandle(subject.vendorId));
  }
  return handles;
}

/** Those that it takes when its addresses count as verified, which the tenant's policy may say. */
export function possibleHandlesOf(subject: Names): LoginHandle[] {
  return handlesOf({ ...subject, emailVerified: true, phoneVerified: true });
}

/** By which codes to one address are counted, no matter who asks for them; under the tenant's lock, as they are. */
export function addressKey(channel: 'email' | 'sms', address: string): string {
  return `codes:${channel}:${channel === 'email' ? emailHandle(address).key : address}`;
}

export function addressKeysOf({ email = null, phone = null }: Partial<Pick<Names, 'email' | 'phone'>>): string[] {
  return [
    ...(email === null ? [] : [addressKey('email', email)]),
    ...(phone === null ? [] : [addressKey('sms', phone)]),
  ];
}

/** The look-up name that an address becomes when it is verified. */
export function addressHandle(
  purpose: 'verify_email' | 'verify_phone' | 'reset_password',
  address: string,
): LoginHandle {
  return purpose === 'verify_phone' ? phoneHandle(address) : emailHandle(address);
}
