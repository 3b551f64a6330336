/** What is written as a URI that a browser may be given. */

export const MAX_URI = 2_000;

/** RFC 3986 section 2: what a URI is written in. Whatever else a browser would mend, and each in its own way. */
const URI_FORM = /^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/;

export function isUriText(text: string): boolean {
  return text.length <= MAX_URI && URI_FORM.test(text);
}

/** What is between `//` and the path. */
export function authorityOf(uri: string): string {
  return /^[^:]*:\/\/([^/?#]*)/.exec(uri)?.[1] ?? '';
}

/** With two slashes and a host, which URL would mend where they are missing. */
export function isWebUri(uri: string, protocol: 'https:' | 'http:'): boolean {
  return authorityOf(uri) !== '' && URL.canParse(uri) && new URL(uri).protocol === protocol;
}
