/** What the names of tenants, clients, users and devices are held to when they are set. Each answers the form that is kept. */
import { SymbolonError } from '../errors.ts';
import { refuseEmail, toEmail } from './emails.ts';
import {
  isCertifiedVendorId,
  LOGIN_NAME_RULE,
  refuseDisplayName,
  toLoginName,
  toVendorId,
  VENDOR_ID_RULE,
} from './names.ts';
import { refusePhone, toPhone } from './phones.ts';

function invalid(field: string, value: string, reason: string): SymbolonError {
  return new SymbolonError('invalid_argument', `${field} ${reason}`, { about: { field, value } });
}

export function requireDisplayName(name: string): string {
  const reason = refuseDisplayName(name);
  if (reason !== undefined) {
    throw invalid('display_name', name, reason);
  }
  return name;
}

export function requireLoginName(typed: string): string {
  const name = toLoginName(typed);
  if (name === undefined) {
    throw invalid('login_name', typed, `must be ${LOGIN_NAME_RULE}`);
  }
  return name;
}

export function requireEmail(typed: string): string {
  const email = toEmail(typed);
  if (email === undefined) {
    throw invalid('email', typed, refuseEmail(typed) ?? '');
  }
  return email.address;
}

/** Answers E.164. `country` is ISO 3166 alpha-2, for numbers without a country code. */
export function requirePhone(typed: string, country?: string): string {
  const phone = toPhone(typed, country);
  if (phone === undefined) {
    throw invalid('phone', typed, refusePhone(typed, country) ?? '');
  }
  return phone;
}

export function requireVendorId(typed: string): string {
  const id = toVendorId(typed);
  if (id === undefined) {
    throw invalid('vendor_id', typed, `must be ${VENDOR_ID_RULE}`);
  }
  if (isCertifiedVendorId(id)) {
    // Who took it would keep the device with the certificate from registering.
    throw invalid('vendor_id', typed, 'must not be one of those that devices get which register by a certificate');
  }
  return id;
}
