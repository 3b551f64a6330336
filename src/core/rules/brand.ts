/** What pages show of a tenant or a client beside its name. */
import type { Refusal } from '../errors.ts';
import { authorityOf, isUriText, isWebUri, MAX_URI } from '../text/web-uris.ts';
import { invalid } from './refusals.ts';

export interface Brand {
  readonly logoUri: string;
  readonly accentColor: string;
}

const COLOR_FORM = /^#[0-9a-f]{6}$/i;

/** Why pages can't show it; undefined when they can. Empty fields show nothing. */
export function refuseBrand({ logoUri, accentColor }: Brand): Refusal | undefined {
  return refuseLogo(logoUri) ?? refuseColor(accentColor);
}

function refuseLogo(logo: string): Refusal | undefined {
  const isGood = logo === '' || (isUriText(logo) && !authorityOf(logo).includes('@') && isWebUri(logo, 'https:'));
  return isGood ? undefined : invalid(`logo_uri must be an https URI of at most ${MAX_URI} characters`, 'logo_uri');
}

function refuseColor(color: string): Refusal | undefined {
  return color === '' || COLOR_FORM.test(color)
    ? undefined
    : invalid('accent_color must be # and six hexadecimal digits, such as #0a7cff', 'accent_color');
}
