/** Every page, and how one gets there. */
import { ACCOUNT_PLACES } from './places/account.ts';
import { BRAND_PLACES } from './places/brands.ts';
import { CONSENT, DEVICE_PLACES } from './places/consent.ts';
import { ERRORS } from './places/errors.ts';
import { OWN_ACCOUNT_PLACES } from './places/own-account.ts';
import type { Place } from './places/place.ts';
import { SIGN_IN, SIGN_OUT_PLACES, SIGN_UP_PLACES } from './places/sign-in.ts';

export const PLACES: readonly Place[] = [
  ...SIGN_IN,
  ...SIGN_UP_PLACES,
  ...CONSENT,
  ...BRAND_PLACES,
  ...DEVICE_PLACES,
  ...SIGN_OUT_PLACES,
  ...ACCOUNT_PLACES,
  ...OWN_ACCOUNT_PLACES,
  ...ERRORS,
];
