/** Phone numbers. */
import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** Turns a phone number of a country (ISO 3166 alpha-2), or an international one, into E.164; undefined when it is none. */
export function parsePhone(number: string, country?: string): string | undefined {
  const parsed =
    country === undefined
      ? parsePhoneNumberFromString(number)
      : isSupportedCountry(country)
        ? parsePhoneNumberFromString(number, country)
        : undefined;
  return parsed?.isPossible() ? parsed.number : undefined;
}
