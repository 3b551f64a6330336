/** Names that are not addresses. */
import { toNarrow } from './typed.ts';

export const LOGIN_NAME_RULE = '3 to 64 of a-z A-Z 0-9 - _ and dots';
/** That of a device which was registered by a certificate follows from what its maker calls it, and anybody can make it up (decision 0211). */
export const CERTIFIED_PREFIX = 'cert.';
const CERTIFIED = /^cert\.[A-Za-z0-9_-]{43}$/;
export const VENDOR_ID_RULE = '1 to 200 of a-z A-Z 0-9 - _ and dots';

const LOGIN_NAME = /^[a-zA-Z0-9\-_.]{3,64}$/;
const VENDOR_ID = /^[a-zA-Z0-9\-_.]{1,200}$/;
/** Code points: as many as people count, nearly. */
const MAX_DISPLAY_NAME = 256;

/** As it is kept and shown: RFC 8265 section 3.3.2 maps the width, and the case is left to the handle. Undefined for what is none. */
export function toLoginName(typed: string): string | undefined {
  const name = toNarrow(typed).trim();
  return LOGIN_NAME.test(name) ? name : undefined;
}

/** The vendor's own id of a device, as it is kept, shown and compared. Undefined for what is none. */
export function toVendorId(typed: string): string | undefined {
  const id = toNarrow(typed).trim();
  return VENDOR_ID.test(id) ? id : undefined;
}

/** Whether it is that of a device which was registered by a certificate. */
export function isCertifiedVendorId(vendorId: string): boolean {
  return CERTIFIED.test(vendorId);
}

/** Why a text can't be a display name, to follow the name of its field; undefined when it can. It is kept and shown as it was typed. */
export function refuseDisplayName(name: string): string | undefined {
  if (name.length > 2 * MAX_DISPLAY_NAME || [...name].length > MAX_DISPLAY_NAME) {
    return `must be at most ${MAX_DISPLAY_NAME} characters`;
  }
  if (/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u.test(name)) {
    return 'must not have control characters, such as line breaks';
  }
  return isContained(name) ? undefined : 'must not turn the direction of the text around it';
}

/**
 * Whether what follows the name is read as it would be without it (Unicode UAX 9): overrides are none, and each embedding and isolate
 * ends within.
 */
function isContained(name: string): boolean {
  const open: string[] = [];
  for (const character of name) {
    if (/[\u202d\u202e]/.test(character)) {
      return false;
    }
    if (/[\u202a\u202b]/.test(character)) {
      open.push('\u202c');
    } else if (/[\u2066-\u2068]/.test(character)) {
      open.push('\u2069');
    } else if (/[\u202c\u2069]/.test(character) && open.pop() !== character) {
      return false;
    }
  }
  return open.length === 0;
}
