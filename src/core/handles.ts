/** The one form in which each name is looked up, so that no alias and no other case escapes a lock. */

/** A name as it is looked up: `key` is folded so that equal names are equal texts. */
export interface LoginHandle {
  readonly kind: 'login_name' | 'email' | 'phone' | 'vendor_id' | 'subject_id';
  readonly key: string;
}

export function loginNameHandle(loginName: string): LoginHandle {
  return { kind: 'login_name', key: loginName.toLowerCase() };
}

export function emailHandle(email: string): LoginHandle {
  return { kind: 'email', key: email.normalize('NFC').toLowerCase() };
}

/** `e164` with its leading `+`. */
export function phoneHandle(e164: string): LoginHandle {
  return { kind: 'phone', key: e164 };
}

/** Vendor ids are the vendor's own and keep their case. */
export function vendorIdHandle(vendorId: string): LoginHandle {
  return { kind: 'vendor_id', key: vendorId };
}
