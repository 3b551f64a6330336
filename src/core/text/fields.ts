/** What the names of tenants, clients, users and devices are held to. */
import { SymbolonError } from '../errors.ts';
import { EMAIL_FORM, isLookAlike } from './emails.ts';
import { LOGIN_NAME_FORM, VENDOR_ID_FORM } from './names.ts';
import { parsePhone } from './phones.ts';

const MAX_DISPLAY_NAME = 256;

function invalid(field: string, value: string, message: string): SymbolonError {
  return new SymbolonError('invalid_argument', message, { about: { field, value } });
}

export function requireDisplayName(name: string): string {
  if (name.length > MAX_DISPLAY_NAME || /\p{Cc}/u.test(name)) {
    throw invalid('display_name', name, `display_name must be at most ${MAX_DISPLAY_NAME} characters without controls`);
  }
  return name;
}

export function requireLoginName(name: string): string {
  if (!LOGIN_NAME_FORM.test(name)) {
    throw invalid('login_name', name, 'login_name must be 3 to 64 of a-z A-Z 0-9 - _ and dots');
  }
  return name;
}

export function requireEmail(email: string): string {
  if (!EMAIL_FORM.test(email)) {
    throw invalid('email', email, 'email must be an e-mail address, such as ann@example.com');
  }
  if (isLookAlike(email)) {
    throw invalid('email', email, 'email must not mix alphabets or have characters that look like others');
  }
  return email.normalize('NFC');
}

/** Answers E.164. `country` is ISO 3166 alpha-2, for numbers without a country code. */
export function requirePhone(number: string, country?: string): string {
  const phone = parsePhone(number, country?.toUpperCase());
  if (phone === undefined) {
    throw invalid('phone', number, 'phone must be a phone number with its country code, such as +819012341234');
  }
  return phone;
}

export function requireVendorId(vendorId: string): string {
  if (!VENDOR_ID_FORM.test(vendorId)) {
    throw invalid('vendor_id', vendorId, 'vendor_id must be 1 to 200 of a-z A-Z 0-9 - _ and dots');
  }
  return vendorId;
}
