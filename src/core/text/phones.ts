/** Phone numbers, as E.164 (with its leading `+`): that is how they are kept, compared, shown and called. */
import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { toAsciiDigits, toNarrow, withoutSeparators } from './typed.ts';

/** UTF-16 units of what is typed. */
const MAX_TYPED = 64;
/** ITU-T E.164 has 15 digits at most, and says of no country that it has none. */
const E164 = /^\+[1-9][0-9]{6,14}$/;

/**
 * Undefined for what is no phone number; `refusePhone` says why. `country` (ISO 3166 alpha-2) is looked at for numbers without a country
 * code alone. Such numbers must be possible there. Of others the form is enough: numbers are given out that no list has yet.
 */
export function toPhone(typed: string, country?: string): string | undefined {
  const digits = digitsOf(typed);
  if (digits === undefined) {
    return undefined;
  }
  if (digits.startsWith('+')) {
    const parsed = parsePhoneNumberFromString(digits);
    // It knows which zeros are dialled within a country alone: +44 (0)20 is +44 20. What is left of one may begin with another, and a
    // number is looked up by the form that stays as it is.
    const number = wellFormed(parsed?.isPossible() ? parsed.number : digits);
    return number === undefined || number === digits ? number : toPhone(number);
  }
  const region = toNarrow(country ?? '')
    .trim()
    .toUpperCase();
  const parsed = isSupportedCountry(region) ? parsePhoneNumberFromString(digits, region) : undefined;
  return parsed?.isPossible() ? toPhone(parsed.number) : undefined;
}

function wellFormed(number: string): string | undefined {
  return E164.test(number) ? number : undefined;
}

/** Why a text can't be a phone number, to follow the name of its field; undefined when it can. */
export function refusePhone(typed: string, country?: string): string | undefined {
  if (toPhone(typed, country) !== undefined) {
    return undefined;
  }
  return digitsOf(typed) === undefined && /[0-9]/.test(toAsciiDigits(toNarrow(typed)))
    ? 'must be digits alone, such as +819012341234: no letters, and no extension'
    : 'must be a phone number with its country code, such as +819012341234';
}

/** What is dialled. An extension is not part of it, and letters mean other digits to other phones. */
function digitsOf(typed: string): string | undefined {
  if (typed.length > MAX_TYPED) {
    return undefined;
  }
  const digits = withoutSeparators(toAsciiDigits(toNarrow(typed))).replace(/[().[\]/]/g, '');
  return /^\+?[0-9]+$/.test(digits) ? digits : undefined;
}
