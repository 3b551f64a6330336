/** The values of `grant_type` that are not words of RFC 6749. */

/** RFC 8628 section 3.4. */
export const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code';
/** Ours: what follows `mfa_required`. */
export const SECOND_FACTOR = 'urn:symbolon:grant-type:second-factor';
