/** Comparing redirect URIs: as texts, character by character (RFC 9700 section 2.1), but for the ports of loopback addresses. */

const LOOPBACK = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost))(?::(\d{1,5}))?((?:[/?].*)?)$/s;
const MAX_PORT = 65_535;

/**
 * An app on a person's machine gets whatever port is free (RFC 8252 section 7.3, RFC 9700 section 4.1.3). `localhost` is another host than
 * `127.0.0.1`: it is taken where it is registered.
 */
export function matchesRedirectUri(registered: string, given: string): boolean {
  if (registered === given) {
    return true;
  }
  const ours = LOOPBACK.exec(registered);
  const theirs = LOOPBACK.exec(given);
  return ours !== null && theirs !== null && ours[1] === theirs[1] && ours[3] === theirs[3] && isPort(theirs[2]);
}

function isPort(digits: string | undefined): boolean {
  return digits === undefined || (Number(digits) > 0 && Number(digits) <= MAX_PORT);
}

/** Whether only the one whom the URI's host belongs to gets what is sent there; any program can take a loopback port or a scheme. */
export function identifiesClient(redirectUri: string): boolean {
  return redirectUri.startsWith('https://');
}
